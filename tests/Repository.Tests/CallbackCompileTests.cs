// What the compiler says to callbacks (statements C10 and M11). An async lambda given to CallSoon
// would compile to an `async void` method that nobody awaits: overloads that are obsolete as errors
// stand in its way, and must not stand in the way of anything else. Only a compiler can tell.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Repository.Tests.Rooms;

namespace Repository.Tests;

[TestFixture]
public sealed class CallbackCompileTests
{
    private const string Frame = """
        using System;
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using Reactor;

        static class Program
        {
            static void Plain() { }
            static void WithState(int state) { }
            static async Coroutine Main() => await EventLoop.Yield();
            static async Coroutine<int> Number() { await EventLoop.Yield(); return 1; }
            static async Coroutine OfState(int state) => await EventLoop.Yield();
            static async Task PlainAsync() => await Task.Yield();
            static async Task<int> PlainNumber() { await Task.Yield(); return 5; }

            static void Use(EventLoop loop, TimeSpan time, List<int> list)
            {
                STATEMENT
            }
        }
        """;

    private static readonly string[] s_calls =
        ["loop.CallSoon(", "loop.CallSoonThreadSafe(", "loop.CallLater(time, ",
         "loop.CallAt(time, "];

    // Its references are bound once, for all tests: that costs more than to compile a statement.
    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Callbacks",
        syntaxTrees: null,
        SourceCompilation.Outside.Append(
            MetadataReference.CreateFromFile(typeof(Reactor.EventLoop).Assembly.Location)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static IEnumerable<string> Refused()
    {
        foreach (string call in s_calls)
        {
            yield return $"{call}async () => await EventLoop.Yield());";
            yield return $"{call}async () => {{ await EventLoop.Yield(); }});";
            yield return $"{call}async () => {{ await EventLoop.Yield(); return 5; }});";
            yield return $"{call}async delegate {{ await EventLoop.Yield(); }});";
            yield return $"{call}async () => await EventLoop.Yield(), LoopContext.Capture());";
            yield return $"{call}async state => await OfState(state), 5);";
            yield return $"{call}Main);";
            yield return $"{call}Number);";
            yield return $"{call}() => Main());";
            yield return $"{call}() => Number());";
            yield return $"{call}OfState, 5);";
            yield return $"{call}state => OfState(state), 5);";
            yield return $"{call}PlainAsync);";
            yield return $"{call}() => PlainAsync());";
        }

        const string Signal = "loop.AddSignalHandler(PosixSignal.SIGHUP, ";
        yield return $"{Signal}async () => await EventLoop.Yield());";
        yield return $"{Signal}Main);";
        yield return $"{Signal}() => Main());";
        yield return $"{Signal}OfState, 5);";
        yield return $"{Signal}async state => await OfState(state), 5);";
    }

    private static IEnumerable<string> Taken()
    {
        foreach (string call in s_calls)
        {
            yield return $"{call}Plain);";
            yield return $"{call}() => Plain());";
            yield return $"{call}WithState, 5);";
            yield return $"{call}list.Add, 5);";
            yield return $"{call}() => list.Remove(5));";
            yield return $"{call}state => list.Remove(state), 5);";
            yield return $"{call}() => throw new FormatException());";
            yield return $"{call}() => {{ throw new FormatException(); }});";
            yield return $"{call}state => throw new FormatException(), 5);";
            yield return $"{call}delegate {{ }});";
            yield return $"{call}() => loop.CreateTask(Main()));";
            yield return $"{call}() => EventLoop.Spawn(Number()));";
            yield return $"{call}() => {{ _ = PlainAsync(); }});";
        }

        yield return "loop.AddSignalHandler(PosixSignal.SIGHUP, Plain);";
        yield return "loop.AddSignalHandler(PosixSignal.SIGHUP, () => list.Remove(5));";
        yield return "loop.AddSignalHandler(PosixSignal.SIGHUP, WithState, 5);";
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
        yield return "Task task = loop.Submit(Main);";
        yield return "Task task = loop.Submit(async () => await EventLoop.Yield());";
        yield return "Task task = loop.Submit(Plain);";
        yield return "Task task = loop.Submit(() => list.Add(5));";
    }

    [TestCaseSource(nameof(Refused))]
    public void C10_M11_a_coroutine_is_refused_as_a_callback_and_the_way_is_shown(string statement)
    {
        Diagnostic[] errors = ErrorsOf(statement);

        Assert.That(errors.Select(error => error.Id), Is.EqualTo(new[] { "CS0619" }));
        Assert.That(errors[0].ToString(), Does.Contain("CreateTask"));
    }

    [TestCaseSource(nameof(Taken))]
    public void C10_M11_nothing_else_is_refused(string statement) =>
        Assert.That(ErrorsOf(statement), Is.Empty);

    private static Diagnostic[] ErrorsOf(string statement) => s_empty
        .AddSyntaxTrees(CSharpSyntaxTree.ParseText(Frame.Replace("STATEMENT", statement)))
        .GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .ToArray();
}
