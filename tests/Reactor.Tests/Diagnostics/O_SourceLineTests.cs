using System.Runtime.CompilerServices;
using Reactor.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement E30, the lines: each frame of a parked task is shown with the very line of its await,
/// in Release as well. A method notes its own line beside the await.
/// </summary>
public sealed class O_SourceLineTests : LoopFixture
{
    private readonly List<int> _lines = [];
    private Promise<int> _gate = null!;

    [SetUp]
    public void Clear()
    {
        _lines.Clear();
        _gate = Loop.CreateFuture<int>();
    }

    [Test]
    public void E30_each_frame_has_the_line_of_its_await()
    {
        CallGraph graph = Park(Outer());

        Assert.That(graph.Stack.Select(frame => frame.Method), Is.EqualTo(
            new[] { "O_SourceLineTests.Inner", "O_SourceLineTests.Outer" }));
        Assert.That(graph.Stack.Select(frame => frame.Line), Is.EqualTo(
            new int?[] { _lines[1], _lines[0] }));
        Assert.That(
            graph.Stack.Select(frame => Path.GetFileName(frame.File)),
            Is.All.EqualTo("O_SourceLineTests.cs"));
        Assert.That(
            graph.Stack[0].ToString(),
            Is.EqualTo($"O_SourceLineTests.Inner O_SourceLineTests.cs:{_lines[1]}"));
    }

    [Test]
    public void E30_of_many_awaits_the_one_that_waits_is_shown([Range(0, 11)] int which)
    {
        Assert.That(Park(Many(which)).Stack[0].Line, Is.EqualTo(_lines.Single()));
    }

    [Test]
    public void E30_an_await_that_cannot_be_reached_does_not_shift_the_lines() =>
        Assert.That(Park(WithDeadCode()).Stack[0].Line, Is.EqualTo(_lines.Single()));

    [Test]
    public void E30_awaits_in_catch_and_finally_have_their_lines([Values] bool isFinally) =>
        Assert.That(
            Park(Cleanup(isFinally)).Stack[0].Line, Is.EqualTo(_lines.Single()));

    [Test]
    public void E30_generic_methods_and_lambdas_have_lines()
    {
        Assert.That(Park(Generic("a")).Stack[0].Line, Is.EqualTo(_lines[0]));
        Func<Coroutine> lambda = async () =>
        {
            Note(); await _gate;
        };
        CallFrame frame = Park(lambda()).Stack[0];
        Assert.That(frame.Line, Is.EqualTo(_lines[1]));
        Assert.That(frame.Method, Does.EndWith("(lambda)"));
    }

    [Test]
    public void E30_a_generator_is_shown_at_its_yield([Values(0, 1, 2)] int which)
    {
        LoopTask<object?> task = Loop.CreateTask(Generate(which));
        RunTurns(1);

        CallFrame frame = task.CaptureCallGraph().Stack.Single();

        Assert.That(frame.Method, Is.EqualTo("O_SourceLineTests.Generate"));
        Assert.That(frame.Line, Is.EqualTo(_lines.Single()));
    }

    [Test]
    public void E30_a_generator_and_the_coroutine_it_called_are_both_on_the_stack()
    {
        LoopTask<object?> task = Loop.CreateTask(GenerateCall());
        RunTurns(1);

        Assert.That(
            task.CaptureCallGraph().Stack.Select(frame => frame.Line),
            Is.EqualTo(new int?[] { _lines[1], _lines[0] }));
    }

    [Test]
    public void E30_a_task_that_has_not_begun_is_shown_where_its_method_begins()
    {
        int before = Line();
        async Coroutine NotBegun()
        {
            await _gate;
        }
        int after = Line();
        LoopTask task = Loop.CreateTask(NotBegun());

        CallFrame frame = task.CaptureCallGraph().Stack.Single();

        Assert.That(frame.Method, Is.EqualTo("O_SourceLineTests.NotBegun"));
        Assert.That(frame.Line, Is.GreaterThan(before).And.LessThan(after));
    }

    [Test]
    public void E30_a_generic_method_that_runs_shows_its_line()
    {
        CallGraph? graph = null;
        async Coroutine Self<T>(T value)
        {
            await EventLoop.Yield();
            Note(); graph = LoopTask.Current!.CaptureCallGraph();
            Assert.That(value, Is.Not.Null);
        }

        Loop.RunUntilComplete(Self("a"));

        Assert.That(graph!.Stack[0].Line, Is.EqualTo(_lines.Single()));
    }

    [Test]
    public void E30_the_running_task_shows_the_line_that_runs()
    {
        CallGraph? graph = null;
        async Coroutine Self()
        {
            await EventLoop.Yield();
            Note(); graph = LoopTask.Current!.CaptureCallGraph();
        }

        Run(Self);

        Assert.That(graph!.Stack[0].Line, Is.EqualTo(_lines.Single()));
    }

    [Test]
    public void E30_without_symbols_the_place_of_creation_is_shown_in_debug_mode()
    {
        // An enumerator of the base class library is a generator whose symbols are not there.
        IEnumerator<object?> foreign = new List<object?> { _gate }.GetEnumerator();
        LoopTask<object?> plain = Loop.CreateTask(foreign);
        Loop.Debug = true;
        IEnumerator<object?> again = new List<object?> { _gate }.GetEnumerator();
        LoopTask<object?> made = Loop.CreateTask(again); int line = Line();
        RunTurns(1);

        Assert.That(plain.CaptureCallGraph().Stack.Single().Line, Is.Null);
        Assert.That(
            made.CaptureCallGraph().Stack.Single().ToString(),
            Does.EndWith($" O_SourceLineTests.cs:{line}"));
    }

    [Test]
    public void E30_a_deep_stack_is_cut_and_says_so()
    {
        async Coroutine Deep(int left)
        {
            if (left > 0)
            {
                await Deep(left - 1);
            }

            await _gate;
        }

        LoopTask task = Loop.CreateTask(Deep(200_000));
        RunTurns(1);

        IReadOnlyList<CallFrame> whole = task.CaptureCallGraph().Stack;
        Assert.That(whole, Has.Count.EqualTo(101));
        Assert.That(whole[^1].Method, Is.EqualTo("(199901 more)"));
        Assert.That(task.CaptureCallGraph(framesMax: 1).Stack, Has.Count.EqualTo(2));
        Assert.That(LoopInspector.Tasks(Loop).Rows.Single().Stack, Has.Count.EqualTo(101));
    }

    [TearDown]
    public void Finish()
    {
        _gate.TrySetResult(0);
        RunTurns(12);
    }

    private static int Line([CallerLineNumber] int line = 0) => line;

    private void Note([CallerLineNumber] int line = 0) => _lines.Add(line);

    private CallGraph Park(Coroutine call)
    {
        LoopTask task = Loop.CreateTask(call);
        RunTurns(1);
        return task.CaptureCallGraph();
    }

    private async Coroutine Outer()
    {
        await Done();
        Note(); await Inner();
        await Done();
    }

    private async Coroutine Inner()
    {
        await Done();

        Note(); await _gate;

        await Done();
    }

    // More awaits than the compiler has short instructions for their numbers.
    private async Coroutine Many(int which)
    {
        await Done();
        if (which == 0) { Note(); await _gate; }
        if (which == 1) { Note(); await _gate; }
        if (which == 2) { Note(); await _gate; }
        if (which == 3) { Note(); await _gate; }
        if (which == 4) { Note(); await _gate; }
        if (which == 5) { Note(); await _gate; }
        if (which == 6) { Note(); await _gate; }
        if (which == 7) { Note(); await _gate; }
        if (which == 8) { Note(); await _gate; }
        if (which == 9) { Note(); await _gate; }
        if (which == 10) { Note(); await _gate; }
        if (which == 11) { Note(); await _gate; }
    }

    private async Coroutine WithDeadCode()
    {
        const bool IsOn = false;
        if (IsOn)
        {
#pragma warning disable CS0162 // unreachable on purpose
            await Done();
#pragma warning restore CS0162
        }

        await Done();
        Note(); await _gate;
        await Done();
    }

    private async Coroutine Cleanup(bool isFinally)
    {
        try
        {
            await Done();
            throw new FormatException();
        }
        catch (FormatException) when (!isFinally)
        {
            Note(); await _gate;
        }
        catch (FormatException)
        {
            await Done();
        }
        finally
        {
            if (isFinally)
            {
                Note(); await _gate;
            }
        }
    }

    private async Coroutine Generic<T>(T value)
    {
        await Done();
        Note(); await _gate;
        Assert.That(value, Is.Not.Null);
    }

    private static async Coroutine Done() => await Task.CompletedTask;

    private IEnumerator<object?> Generate(int which)
    {
        if (which == 0)
        {
            Note(); yield return _gate;
        }

        try
        {
            if (which == 1)
            {
                Note(); yield return _gate;
            }
        }
        finally
        {
            Tell("left");
        }

        if (which == 2)
        {
            Note(); yield return _gate;
        }
    }

    private IEnumerator<object?> GenerateCall()
    {
        Note(); yield return Inner();
    }
}
