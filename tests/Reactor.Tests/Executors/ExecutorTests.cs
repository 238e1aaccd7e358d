using System.Collections.Concurrent;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Work on other threads (statements C08, C09, C11, C13 and C15): its way there and back, and what
/// becomes of it when nobody waits any more.
/// </summary>
public sealed class ExecutorTests : LoopFixture
{
    [Test]
    public void C08_it_runs_on_another_thread_and_gives_back_the_value()
    {
        int loopThread = Environment.CurrentManagedThreadId;
        int ranOn = Run(async () =>
        {
            int thread = await Loop.RunInExecutor(() => Environment.CurrentManagedThreadId);
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(loopThread));
            return thread;
        });

        Assert.That(ranOn, Is.Not.EqualTo(loopThread));
    }

    [Test]
    public void C08_an_exception_comes_back_with_its_trace()
    {
        var error = Assert.Throws<FormatException>(() => Run(async () =>
        {
            await Loop.RunInExecutor(Fail);
        }));

        Assert.That(error!.StackTrace, Does.Contain(nameof(Fail)));

        static void Fail() => throw new FormatException();
    }

    [Test]
    public void C08_time_does_not_jump_while_the_work_is_away()
    {
        Run(async () =>
        {
            LoopTask sleeper = EventLoop.Spawn(Sleep());
            await Loop.RunInExecutor(() => Tell("worked"));
            await sleeper;
        });

        Assert.That(Story, Is.EqualTo("worked slept"));

        async Coroutine Sleep()
        {
            await EventLoop.Delay(S(1));
            Tell("slept");
        }
    }

    [Test]
    public void C09_cancelling_its_future_is_fine_and_the_late_result_is_dropped()
    {
        var executor = new HandExecutor();
        LoopTask<int> task = Loop.CreateTask(Await());
        RunTurns(1);
        task.Cancel();
        RunTurns(1);
        Assert.That(task.IsCancelled, Is.True);

        executor.RunOnAnotherThread();
        RunTurns(2);

        Assert.That(CloseAndTakeReports(), Is.Empty);

        async Coroutine<int> Await() => await Loop.RunInExecutor(() => 1, executor);
    }

    [Test]
    public void C09_work_that_ends_after_the_loop_closed_makes_no_call_to_it()
    {
        var executor = new HandExecutor();
        Future<int> value = Loop.RunInExecutor(() => 1, executor);
        Future<int> failure = Loop.RunInExecutor(int () => throw new FormatException(), executor);
        Loop.Close();

        executor.RunOnAnotherThread();

        Assert.That(value.IsDone, Is.False);
        Assert.That(failure.IsDone, Is.False);
        Assert.That(TakeReports(), Is.Empty);
    }

    [Test]
    public void C11_an_executor_that_is_shut_down_throws()
    {
        Loop.DefaultExecutor.Shutdown();

        Assert.That(() => Loop.RunInExecutor(() => 1), Throws.InvalidOperationException
            .With.Message.Contains("Executor shutdown has been called"));
    }

    [Test]
    public void C13_a_bad_default_executor_is_rejected_and_the_old_one_stays()
    {
        IExecutor before = Loop.DefaultExecutor;

        Assert.That(() => Loop.DefaultExecutor = null!, Throws.ArgumentNullException);

        Assert.That(Loop.DefaultExecutor, Is.SameAs(before));
    }

    [Test]
    public void C15_context_values_flow_in()
    {
        var value = new AsyncLocal<string>();
        string? seen = Run(async () =>
        {
            value.Value = "caller";
            return await Loop.RunInExecutor(() => value.Value);
        });

        Assert.That(seen, Is.EqualTo("caller"));
    }

    /// <summary>Keeps the work until the test has it run.</summary>
    private sealed class HandExecutor : IExecutor
    {
        private readonly ConcurrentQueue<Action> _work = new();

        public void Submit(Action work) => _work.Enqueue(work);

        public void Shutdown()
        {
        }

        public void RunOnAnotherThread()
        {
            var thread = new Thread(() =>
            {
                while (_work.TryDequeue(out Action? work))
                {
                    work();
                }
            });
            thread.Start();
            thread.Join();
        }
    }
}
