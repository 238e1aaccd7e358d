using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// The end of the default executor (statements C11 and C12): the loop waits for its work without
/// standing still, and not for ever.
/// </summary>
public sealed class ExecutorEndTests : LoopFixture
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    [Test]
    public void C11_after_the_shutdown_the_default_executor_throws()
    {
        Run(async () => await Loop.ShutdownExecutorAsync());

        Assert.That(() => Loop.RunInExecutor(() => 1), Throws.InvalidOperationException
            .With.Message.Contains("Executor shutdown has been called"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void C12_it_waits_for_the_work_while_the_loop_goes_on(bool isOwnPool)
    {
        if (isOwnPool)
        {
            Loop.DefaultExecutor = new ThreadPoolExecutor(new() { Threads = 1 });
        }

        using var open = new ManualResetEventSlim();
        Run(async () =>
        {
            Future<Unit> work = Loop.RunInExecutor(() =>
            {
                open.Wait(s_bound);
                Tell("worked");
            });
            LoopTask end = EventLoop.Spawn(Loop.ShutdownExecutorAsync(S(5)));
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(end.IsDone, Is.False);
            Tell("open");
            open.Set();
            await end;
            Assert.That(work.IsDone || Story == "open worked", Is.True);
            await work;
        });

        Assert.That(Story, Is.EqualTo("open worked"));
        Assert.That(Loop.DefaultExecutor.Completion.IsCompleted, Is.True);
        Assert.That(Seconds, Is.Zero, "the work takes real time, and no virtual one");
    }

    [Test]
    public void C12_one_that_did_nothing_costs_no_turn()
    {
        Run(async () =>
        {
            int turns = Turns;
            await Loop.ShutdownExecutorAsync(S(5));
            Assert.That(Turns, Is.EqualTo(turns));
        });
    }

    [Test]
    public void C12_at_the_time_out_it_reports_and_returns_and_before_it_does_not()
    {
        var executor = new StuckExecutor();
        Loop.DefaultExecutor = executor;
        LoopTask end = Loop.CreateTask(Loop.ShutdownExecutorAsync(S(5)));
        RunTurns(2);
        Assert.That(executor.Shutdowns, Is.EqualTo(1));

        Driver.Advance(S(5) - TimeSpan.FromTicks(1));
        RunTurns(3);
        Assert.That(end.IsDone, Is.False);

        Driver.Advance(TimeSpan.FromTicks(1));
        RunTurns(3);
        Assert.That(end.IsDone, Is.True);
        Assert.That(end.Exception, Is.Null);
        Assert.That(TakeReport().Message, Does.Contain("did not finish joining its threads"));
    }

    [Test]
    public void C12_without_a_time_out_it_waits_for_ever()
    {
        var executor = new StuckExecutor();
        Loop.DefaultExecutor = executor;
        LoopTask end = Loop.CreateTask(Loop.ShutdownExecutorAsync());
        RunTurns(2);

        Driver.Advance(TimeSpan.FromDays(100));
        RunTurns(3);
        Assert.That(end.IsDone, Is.False);

        executor.End();
        Loop.RunUntilComplete(end); // from the executor's thread: the loop is woken
    }

    [Test]
    public void C12_a_cancelled_wait_lets_time_go_on()
    {
        Loop.DefaultExecutor = new StuckExecutor();
        LoopTask end = Loop.CreateTask(Loop.ShutdownExecutorAsync());
        RunTurns(2);

        end.Cancel();
        Run(async () => await EventLoop.Delay(S(60)));

        Assert.That(end.IsCancelled, Is.True);
        Assert.That(Seconds, Is.EqualTo(60));
    }

    /// <summary>Says that its threads work until the test says otherwise.</summary>
    private sealed class StuckExecutor : IExecutor
    {
        private readonly TaskCompletionSource _completion = new();

        public int Shutdowns { get; private set; }

        public Task Completion => _completion.Task;

        public void Submit(Action work)
        {
        }

        public void Shutdown() => Shutdowns++;

        public void End() => _completion.SetResult();
    }
}
