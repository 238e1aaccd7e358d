using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements B12 to B17: closing a loop, and what a closed or forgotten one does.
/// </summary>
public sealed class B_CloseTests : LoopFixture
{
    private static readonly Action s_nothing = static () => { };

    [Test]
    public void B12_closing_twice_is_fine()
    {
        Loop.Close();
        Loop.Close();
        Loop.Dispose();

        Assert.That(Loop.IsClosed, Is.True);
        Assert.That(Driver.IsDisposed, Is.True);
    }

    [Test]
    public void B12_closing_a_running_loop_throws()
    {
        Loop.CallSoon(() => Assert.That(Loop.Close, Throws.InvalidOperationException));

        RunTurns(1);

        Assert.That(Loop.IsClosed, Is.False);
    }

    private static IEnumerable<TestCaseData> UsesOfALoop()
    {
        static TestCaseData Case(string name, Action<EventLoop> use) =>
            new TestCaseData(use).SetArgDisplayNames(name);

        yield return Case("RunForever", loop => loop.RunForever());
        yield return Case("RunOnce", loop => loop.RunOnce());
        yield return Case("RunBriefly", loop => loop.RunBriefly());
        yield return Case("BeginRun", loop => loop.BeginRun());
        yield return Case("RunUntilComplete of a future",
            loop => loop.RunUntilComplete(loop.CreateFuture<int>()));
        yield return Case("RunUntilComplete of a coroutine",
            loop => loop.RunUntilComplete(Nothing()));
        yield return Case("CallSoon", loop => loop.CallSoon(s_nothing));
        yield return Case("CallSoonThreadSafe", loop => loop.CallSoonThreadSafe(s_nothing));
        yield return Case("CallLater", loop => loop.CallLater(S(1), s_nothing));
        yield return Case("CallAt", loop => loop.CallAt(S(1), s_nothing));
        yield return Case("CreateTask", loop => loop.CreateTask(Nothing()));
        yield return Case("RunInExecutor", loop => loop.RunInExecutor(s_nothing));
        yield return Case("Submit", loop => loop.Submit(s_nothing));
        yield return Case("Submit of a coroutine", loop => loop.Submit(Nothing));
        yield return Case("AddSignalHandler",
            loop => loop.AddSignalHandler(PosixSignal.SIGHUP, s_nothing));
        yield return Case("NextSignal", loop => loop.NextSignalAsync(PosixSignal.SIGHUP));
    }

    [TestCaseSource(nameof(UsesOfALoop))]
    public void B13_after_close_every_use_throws(Action<EventLoop> use)
    {
        Loop.Close();

        Assert.That(() => use(Loop), Throws.TypeOf<ObjectDisposedException>()
            .With.Message.Contains("Event loop is closed"));
    }

    [Test]
    public void B14_close_empties_the_ready_queue_and_the_timers()
    {
        WeakReference[] held = BookSomething();
        Loop.Close();

        GC.Collect();

        Assert.That(held.Select(reference => reference.IsAlive), Is.All.False);
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void B14_close_shuts_the_default_executor_without_waiting()
    {
        var executor = new RecordingExecutor();
        Loop.DefaultExecutor = executor;
        Loop.RunInExecutor(() => Tell("must-not-run-here"));

        Loop.Close(); // the work was never done: had close waited for it, it would wait for ever

        Assert.That(executor.Shutdowns, Is.EqualTo(1));
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void B14_the_default_executor_made_by_the_loop_refuses_work_after_close()
    {
        IExecutor executor = Loop.DefaultExecutor;
        Loop.Close();

        Assert.That(() => executor.Submit(s_nothing), Throws.InvalidOperationException
            .With.Message.Contains("Executor shutdown has been called"));
    }

    [Test]
    public void B16_a_loop_collected_without_close_is_reported()
    {
        using var log = new ListLoggerFactory();
        Forget(log);

        Collect();

        Assert.That(log.Messages, Has.Some.Contains("Unclosed event loop forgotten"));
    }

    [Test]
    public void B16_a_loop_whose_constructor_threw_is_not_reported()
    {
        using var log = new ListLoggerFactory();
        var options = new EventLoopOptions { Driver = Driver, LoggerFactory = log };

        Assert.That(() => new EventLoop(options), Throws.InvalidOperationException);
        Collect();

        Assert.That(log.Messages, Is.Empty);
    }

    [Test]
    public void B17_create_task_on_a_closed_loop_leaves_no_warning_behind()
    {
        Loop.Close();

        Assert.That(() => Loop.CreateTask(Nothing()), Throws.TypeOf<ObjectDisposedException>());
        Collect();

        Assert.That(TakeReports(), Is.Empty);
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] BookSomething()
    {
        object soon = new();
        object later = new();
        Loop.CallSoon(static _ => { }, soon);
        Loop.CallLater(S(1), static _ => { }, later);
        return [new WeakReference(soon), new WeakReference(later)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(ILoggerFactory log) => _ = new EventLoop(
        new EventLoopOptions { LoggerFactory = log, Name = "forgotten" });

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        LogQueue.Flush(S(5));
    }

    private static async Coroutine Nothing() => await EventLoop.Yield();

    private sealed class RecordingExecutor : IExecutor
    {
        public int Shutdowns { get; private set; }

        public void Submit(Action work)
        {
        }

        public void Shutdown() => Shutdowns++;
    }
}
