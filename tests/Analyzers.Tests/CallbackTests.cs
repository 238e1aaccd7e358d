namespace Analyzers.Tests;

/// <summary>
/// Statements C10 and M11: a callback is not a coroutine, and not an async function that nothing
/// would await. The compiler rejects the methods, the analyzers the lambdas, and nothing else.
/// </summary>
[TestFixture]
public sealed class CallbackTests
{
    private const string Method =
        "static void Use(EventLoop loop, TimeSpan time, List<int> list)";

    private const string Signal = "loop.AddSignalHandler(PosixSignal.SIGHUP, ";

    // Of a dropped task in some lambdas; an error in these tests only.
    private const string CompilerWarning = "CS4014";

    private static readonly string[] s_calls =
        ["loop.CallSoon(", "loop.CallSoonThreadSafe(", "loop.CallLater(time, ",
         "loop.CallAt(time, ", Signal];

    private static IEnumerable<TestCaseData> Rejected()
    {
        foreach (string call in s_calls)
        {
            yield return new($"{call}async () => await EventLoop.Yield());", "REACTOR003");
            yield return new($"{call}async () => {{ await EventLoop.Yield(); }});", "REACTOR003");
            yield return new(
                $"{call}async () => {{ await EventLoop.Yield(); return 5; }});", "CS8030");
            yield return new(
                $"{call}async delegate {{ await EventLoop.Yield(); }});", "REACTOR003");
            yield return new($"{call}async () => throw new FormatException());", "REACTOR003");
            yield return new($"{call}async state => await OfState(state), 5);", "REACTOR003");
            yield return new($"{call}Foo);", "CS0407");
            yield return new($"{call}Number);", "CS0407");
            yield return new($"{call}() => Foo());", "REACTOR001");
            yield return new($"{call}() => Number());", "REACTOR001");
            yield return new($"{call}OfState, 5);", "CS1503");
            yield return new($"{call}state => OfState(state), 5);", "REACTOR001");
            yield return new($"{call}PlainAsync);", "CS0407");
            yield return new($"{call}() => PlainAsync());", "REACTOR003");
            yield return new($"{call}() => PlainNumber());", "REACTOR003");
            yield return new($"{call}() => new ValueTask(PlainAsync()));", "REACTOR003");
            yield return new($"{call}state => Task.Delay(state), 5);", "REACTOR003");
            if (call != Signal)
            {
                yield return new(
                    $"{call}async () => await EventLoop.Yield(), LoopContext.Capture());",
                    "REACTOR003");
            }
        }
    }

    private static IEnumerable<string> Accepted()
    {
        foreach (string call in s_calls)
        {
            yield return $"{call}Plain);";
            yield return $"{call}() => Plain());";
            yield return $"{call}OfNumber, 5);";
            yield return $"{call}list.Add, 5);";
            yield return $"{call}() => list.Remove(5));";
            yield return $"{call}state => list.Remove(state), 5);";
            yield return $"{call}() => throw new FormatException());";
            yield return $"{call}() => {{ throw new FormatException(); }});";
            yield return $"{call}state => throw new FormatException(), 5);";
            yield return $"{call}delegate {{ }});";
            yield return $"{call}() => loop.CreateTask(Foo()));";
            yield return $"{call}() => EventLoop.Spawn(Number()));";
            yield return $"{call}() => {{ _ = PlainAsync(); }});";
        }

        yield return "loop.RunInExecutor(Plain);";
        yield return "loop.RunInExecutor(() => 5);";
        yield return "loop.RunInExecutor(() => throw new FormatException());";
        yield return "loop.RunInExecutor(() => list.Remove(5), null);";
        yield return "Future<Unit> done = loop.RunInExecutor(PlainAsync);";
        yield return "Future<int> five = loop.RunInExecutor(async () => await PlainNumber());";
        yield return "Task<int> task = loop.Submit(PlainNumber);";
        yield return "Task<int> task = loop.Submit(Number);";
        yield return "Task<int> task = loop.Submit(() => Number());";
        yield return "Task<int> task = loop.Submit(async () => await Number());";
        yield return "Task<int> task = loop.Submit(() => 5);";
        yield return "Task<bool> task = loop.Submit(() => list.Remove(5));";
        yield return "Task task = loop.Submit(Foo);";
        yield return "Task task = loop.Submit(async () => await EventLoop.Yield());";
        yield return "Task task = loop.Submit(Plain);";
        yield return "Task task = loop.Submit(() => list.Add(5));";
    }

    [TestCaseSource(nameof(Rejected))]
    public void C10_M11_an_async_callback_is_an_error(string statement, string id) =>
        Assert.That(
            Snippet.Check(Method, statement).Except([CompilerWarning]),
            Is.EqualTo(new[] { id }));

    [TestCaseSource(nameof(Accepted))]
    public void C10_M11_nothing_else_is_rejected(string statement) =>
        Assert.That(Snippet.Check(Method, statement), Is.Empty);

    [Test]
    public void The_message_shows_the_remedy() =>
        Assert.That(
            Snippet.Messages(Method, "loop.CallSoon(() => new ValueTask());").Single(),
            Does.Contain("CallSoon").And.Contain("CreateTask").And.Contain("Submit"));
}
