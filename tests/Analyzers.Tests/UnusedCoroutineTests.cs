namespace Analyzers.Tests;

/// <summary>REACTOR001: a coroutine that is called and not used never runs.</summary>
[TestFixture]
public sealed class UnusedCoroutineTests
{
    [TestCase("Foo();")]
    [TestCase("Number();")]
    [TestCase("it.Member();")]
    [TestCase("it?.Member();")]
    [TestCase("loop.ShutdownExecutorAsync();")]
    [TestCase("WaitExtensions.WaitAsync(Foo(), null);")]
    [TestCase("_ = Foo();")]
    [TestCase("_ = it?.Member();")]
    [TestCase("_ = true ? Foo() : Foo();")]
    [TestCase("Action run = () => Foo();")]
    [TestCase("Callback(() => Foo());")]
    [TestCase("loop.CallSoon(() => { Foo(); });")]
    [TestCase("loop.CallSoon(() => { _ = Foo(); });")]
    [TestCase("for (int i = 0; i < 2; Foo()) { }")]
    [TestCase("Func<Coroutine> function = Foo; function();")]
    [TestCase("Coroutine call = Foo();")]
    [TestCase("var call = Foo(); call = Foo();")]
    [TestCase("Coroutine call; call = Foo();")]
    [TestCase("(_, _) = (Foo(), 1);")]
    [TestCase("var (call, number) = (Foo(), 1); Take(number);")]
    [TestCase("var (_, number) = (Foo(), 1); Take(number);")]
    [TestCase("(Coroutine call, int number) = (Foo(), 1); Take(number);")]
    [TestCase("var ((_, text), number) = ((Number(), \"\"), 1); Take(number);")]
    [TestCase("(_, int number) = Pair(); Take(number);")]
    [TestCase("var (call, number) = Pair(); Take(number);")]
    [TestCase("_ = Foo() is { };")]
    [TestCase("bool test = Foo() is object;")]
    public void A_call_that_is_not_used_is_an_error(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Does.Contain("REACTOR001"));

    [TestCase("Take(Foo());")]
    [TestCase("Take(true ? Foo() : default);")]
    [TestCase("Take(it?.Member());")]
    [TestCase("Console.WriteLine(Number());")]
    [TestCase("Console.WriteLine(\"{0} {1}\", 1, Foo());")]
    [TestCase("TakeAll(1, Foo());")]
    [TestCase("TakeAll(new object[] { Foo() });")]
    [TestCase("object any = Foo();")]
    [TestCase("object any; any = (object)Foo();")]
    [TestCase("dynamic any = Foo();")]
    [TestCase("ValueType any = Foo();")]
    [TestCase("var all = new List<object> { Foo() };")]
    [TestCase("string text = $\"{Foo()}\";")]
    [TestCase("string text = $\"{Number(),5}\";")]
    [TestCase("new System.Text.StringBuilder().Append($\"{Foo()}\");")]
    [TestCase("string text = \"a\" + Foo();")]
    [TestCase("string text = Foo() + \"a\";")]
    [TestCase("string text = \"a\"; text += Foo();")]
    [TestCase("string text = Foo().ToString();")]
    [TestCase("bool same = Foo().Equals(Foo());")]
    public void An_object_or_a_text_runs_no_call(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Does.Contain("REACTOR001"));

    [TestCase("IEnumerator<object> Use()", "yield return Foo();")]
    [TestCase("IEnumerator<object> Use()", "yield return Returns.From(Number());")]
    [TestCase("IEnumerator<object> Use()", "yield return Returns.Value(Number());")]
    public void What_a_generator_yields_is_run(string method, string statement) =>
        Assert.That(Snippet.Check(method, statement), Is.Empty);

    [TestCase("object Use()", "return Foo();")]
    [TestCase("object Use(bool isOn)", "return isOn ? Foo() : null;")]
    [TestCase("object Use(Coroutine? given)", "return given ?? Foo();")]
    [TestCase("object Use(int n)", "return n switch { 1 => Foo(), _ => Number() };")]
    [TestCase("Func<object> Use()", "return () => Foo();")]
    [TestCase("Func<object> Use()", "return () => { return Number(); };")]
    [TestCase("void Use()", "Make(() => Foo()); static void Make(Func<object> make) { }")]
    [TestCase("System.Linq.Expressions.Expression<Func<Program, object>> Use()",
        "return it => it.Member();")]
    public void What_is_returned_as_an_object_is_handed_on(string method, string statement) =>
        Assert.That(Snippet.Check(method, statement), Is.Empty);

    [TestCase("var (a, b, c) = (Foo(), 1);")]
    [TestCase("(_, _, _) = (Foo(), 1);")]
    [TestCase("var ((_, _, _), n) = ((Foo(), 1), 1);")]
    [TestCase("var (a, b) = (Foo(), );")]
    [TestCase("var (a, ) = (Foo(), 1);")]
    [TestCase("var (_, _) = ;")]
    public void Unfinished_code_breaks_nothing(string statement) =>
        Assert.That(
            Snippet.InSyncMethod(statement),
            Has.Some.StartsWith("CS").And.None.EqualTo("AD0001"));

    [TestCase("Foo();")]
    [TestCase("_ = Number();")]
    [TestCase("loop.CallSoon(() => { Foo(); });")]
    public void So_it_is_in_a_coroutine_method(string statement) =>
        Assert.That(Snippet.InCoroutine(statement), Does.Contain("REACTOR001"));

    [TestCase("void Use()", "void Inner() => Foo(); Inner();")]
    [TestCase("async Task Use()", "await Task.Yield(); Foo();")]
    [TestCase("async void Use()", "await Task.Yield(); _ = Foo();")]
    [TestCase("IEnumerator<object> Use()", "Foo(); yield break;")]
    public void So_it_is_in_every_kind_of_method(string method, string statement) =>
        Assert.That(Snippet.Check(method, statement), Does.Contain("REACTOR001"));

    [TestCase("EventLoop.Spawn(Foo());")]
    [TestCase("EventLoop.Spawn(Foo);")]
    [TestCase("loop.CreateTask(Foo());")]
    [TestCase("loop.RunUntilComplete(Foo());")]
    [TestCase("EventLoop.Run(Foo);")]
    [TestCase("it._field = Foo();")]
    [TestCase("ref Coroutine slot = ref it._field; slot = Foo();")]
    [TestCase("Coroutine call = Foo(); EventLoop.Spawn(call);")]
    [TestCase("Coroutine call; call = Foo(); Take(call);")]
    [TestCase("var calls = new List<Coroutine> { Foo() };")]
    [TestCase("Coroutine call = Foo(); Take($\"{call}\"); EventLoop.Spawn(call);")]
    [TestCase("var (call, number) = (Foo(), 1); EventLoop.Spawn(call);")]
    [TestCase("Coroutine call; (call, _) = (Foo(), 1); EventLoop.Spawn(call);")]
    [TestCase("(it._field, _) = (Foo(), 1);")]
    [TestCase("if (Foo() is var call) { EventLoop.Spawn(call); }")]
    [TestCase("var pair = (call: Foo(), n: 1); var (_, n) = pair; Take(n); Take(pair.n);")]
    [TestCase("var pair = (call: Foo(), n: 1); var (call, n) = pair; EventLoop.Spawn(pair.call);")]
    [TestCase("var pair = (Foo(), 1); var ((_, n), m) = (pair, 2); Take(n + m);")]
    [TestCase("Coroutine call = it._field; var (_, n) = (call, 1); Take(n);")]
    [TestCase("var (_, due) = new Queue<(Coroutine, int)>().Peek(); Take(due);")]
    [TestCase("var (call, due) = new Queue<(Coroutine, int)>().Peek(); Take(due);")]
    [TestCase("var (_, n) = Same((it._field, 1)); Take(n);")]
    [TestCase("var (_, n) = it.Kept; Take(n);")]
    [TestCase("Take(EventLoop.Spawn(Foo()));")]
    [TestCase("Take(PlainNumber());")]
    [TestCase("Coroutine Inner() => Foo(); EventLoop.Run(Inner);")]
    [TestCase("EventLoop.Run(async () => { await Foo(); await Number(); });")]
    [TestCase("_ = PlainNumber();")]
    [TestCase("_ = EventLoop.Spawn(Foo());")]
    public void A_call_that_is_used_is_none(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Is.Empty);

    [TestCase("await Foo(); int number = await Number(); Take(number);")]
    [TestCase("_ = await Number();")]
    [TestCase("await Call(async () => await Foo());")]
    [TestCase("await EventLoop.WhenAll(Foo(), Foo());")]
    public void An_await_is_a_use(string statement) =>
        Assert.That(Snippet.InCoroutine(statement), Is.Empty);

    [Test]
    public void A_pragma_takes_it_back_where_that_is_meant() => Assert.That(
        Snippet.InSyncMethod(
            "\n#pragma warning disable REACTOR001\n"
            + "_ = Foo();\n"
            + "#pragma warning restore REACTOR001\n"),
        Is.Empty);
}
