using System.Collections.Concurrent;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A pool of threads of our own: how many there are, in which order they work, what they refuse,
/// and that none is left at the end.
/// </summary>
public sealed class ThreadPoolExecutorTests : LoopFixture
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);
    private static readonly Action s_nothing = static () => { };

    [Test]
    public void C08_it_runs_the_work_of_the_loop_on_threads_with_its_name()
    {
        ThreadPoolExecutor executor = Make(2, prefix: "worker");
        string? name = Run(async () =>
            await Loop.RunInExecutor(() => Thread.CurrentThread.Name, executor));
        bool isBackground = Run(async () =>
            await Loop.RunInExecutor(() => Thread.CurrentThread.IsBackground, executor));

        Assert.That(name, Is.EqualTo("worker-1"));
        Assert.That(isBackground, Is.True, "it must not keep the process alive");
        End(executor);
    }

    [Test]
    public void C08_an_exception_of_a_job_reaches_its_future_and_the_thread_works_on()
    {
        ThreadPoolExecutor executor = Make(1);
        Run(async () =>
        {
            Future<int> failed = Loop.RunInExecutor(
                int () => throw new FormatException(), executor);
            Future<int> next = Loop.RunInExecutor(() => 1, executor);
            await EventLoop.Wait([failed, next]);

            Assert.That(failed.Exception, Is.TypeOf<FormatException>());
            Assert.That(next.Result, Is.EqualTo(1));
        });
        End(executor);
    }

    [Test]
    public void C08_as_the_default_executor_it_is_shut_by_the_loop()
    {
        ThreadPoolExecutor executor = Make(1);
        Loop.DefaultExecutor = executor;
        Thread thread = Run(async () => await EventLoop.ToThread(() => Thread.CurrentThread));

        Loop.Close();

        Assert.That(executor.Completion.Wait(s_bound), Is.True);
        Assert.That(thread.Join(s_bound), Is.True);
    }

    [Test]
    public void Work_begins_in_the_order_of_its_submission()
    {
        ThreadPoolExecutor executor = Make(1);
        var order = new ConcurrentQueue<int>();
        for (int i = 0; i < 1000; i++)
        {
            int number = i;
            executor.Submit(() => order.Enqueue(number));
        }

        End(executor);

        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void A_thread_is_started_only_for_a_submit_that_finds_none_idle()
    {
        ThreadPoolExecutor executor = Make(8);
        for (int i = 0; i < 50; i++)
        {
            RunThere(executor, () => { });
            SpinWait.SpinUntil(() => executor.IdleThreads == 1, s_bound);
        }

        Assert.That(RunThere(executor, () => Tell(Thread.CurrentThread.Name!)), Is.True);
        Assert.That(Story, Is.EqualTo("executor-1"));
        End(executor);
    }

    [Test]
    public void No_more_threads_than_allowed_work_at_once()
    {
        ThreadPoolExecutor executor = Make(3);
        using var open = new ManualResetEventSlim();
        using var started = new CountdownEvent(3);
        int running = 0;
        int most = 0;
        for (int i = 0; i < 12; i++)
        {
            executor.Submit(() =>
            {
                int now = Interlocked.Increment(ref running);
                lock (open)
                {
                    most = Math.Max(most, now);
                }

                if (!started.IsSet)
                {
                    started.Signal();
                }

                open.Wait();
                Interlocked.Decrement(ref running);
            });
        }

        Assert.That(started.Wait(s_bound), Is.True, "three work at the same time");
        open.Set();
        End(executor);

        Assert.That(most, Is.EqualTo(3));
    }

    [Test]
    public void At_the_limit_work_is_taken_and_one_more_is_refused_until_there_is_room()
    {
        ThreadPoolExecutor executor = new(new() { Threads = 2, MaxPending = 3 });
        using var open = new ManualResetEventSlim();
        for (int i = 0; i < 5; i++)
        {
            executor.Submit(open.Wait);
        }

        Assert.That(() => executor.Submit(s_nothing), Throws.TypeOf<ExecutorFullException>()
            .With.Message.Contains("MaxPending"));

        open.Set();
        Assert.That(SpinWait.SpinUntil(() => TrySubmit(executor), s_bound), Is.True);
        End(executor);
    }

    [Test]
    public void A_refusal_reaches_who_asked_and_holds_up_no_clock()
    {
        ThreadPoolExecutor executor = new(new() { Threads = 1, MaxPending = 1 });
        using var open = new ManualResetEventSlim();
        executor.Submit(open.Wait);
        executor.Submit(open.Wait);

        Run(async () =>
        {
            Assert.That(
                () => Loop.RunInExecutor(() => 1, executor),
                Throws.TypeOf<ExecutorFullException>());
            await EventLoop.Delay(S(60)); // no time would pass if the work counted as under way
        });

        Assert.That(Seconds, Is.EqualTo(60));
        open.Set();
        End(executor);
    }

    [Test]
    public void Shutdown_refuses_new_work_and_lets_the_queue_finish()
    {
        ThreadPoolExecutor executor = Make(1);
        using var open = new ManualResetEventSlim();
        int done = 0;
        executor.Submit(open.Wait);
        executor.Submit(() => done++);
        executor.Submit(() => done++);

        executor.Shutdown();

        Assert.That(() => executor.Submit(s_nothing), Throws.InvalidOperationException
            .With.Message.Contains("Executor shutdown has been called"));
        Assert.That(executor.Completion.IsCompleted, Is.False);
        open.Set();
        End(executor);
        Assert.That(done, Is.EqualTo(2));
    }

    [Test]
    public void Shutdown_that_cancels_pending_work_drops_it_and_cancels_its_futures()
    {
        ThreadPoolExecutor executor = Make(1);
        using var open = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        Run(async () =>
        {
            Future<int> running = Loop.RunInExecutor(
                () =>
                {
                    begun.Set();
                    open.Wait();
                    return 1;
                },
                executor);
            Future<Unit> queued = Loop.RunInExecutor(() => Tell("dropped work ran"), executor);
            begun.Wait(s_bound);

            executor.Shutdown(cancelPending: true);
            open.Set();
            await EventLoop.Wait<Future>([running, queued]);

            Assert.That(running.Result, Is.EqualTo(1));
            Assert.That(queued.IsCancelled, Is.True);
            await EventLoop.Delay(S(60)); // both are accounted for, or no time would pass
        });
        End(executor);

        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void No_thread_is_left_after_the_shutdown_whether_it_worked_or_was_idle()
    {
        ThreadPoolExecutor executor = Make(4);
        var threads = new ConcurrentBag<Thread>();
        using var all = new Barrier(4);
        for (int i = 0; i < 4; i++)
        {
            executor.Submit(() =>
            {
                threads.Add(Thread.CurrentThread);
                all.SignalAndWait(s_bound);
            });
        }

        End(executor);

        Assert.That(threads.Distinct().Count(), Is.EqualTo(4));
        Assert.That(threads.Select(thread => thread.Join(s_bound)), Is.All.True);
    }

    [Test]
    public void One_that_never_worked_has_ended_at_once_and_shutting_it_again_is_harmless()
    {
        ThreadPoolExecutor executor = Make(1);
        Assert.That(executor.Completion.IsCompleted, Is.False);

        executor.Shutdown();
        executor.Shutdown();
        executor.Shutdown(cancelPending: true);

        Assert.That(executor.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void What_work_writes_into_its_context_is_not_seen_by_the_next()
    {
        ThreadPoolExecutor executor = Make(1);
        var value = new AsyncLocal<string>();
        string? seen = "unset";
        executor.Submit(() => value.Value = "left behind");
        executor.Submit(() => seen = value.Value);

        End(executor);

        Assert.That(seen, Is.Null);
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void Numbers_below_one_are_argument_errors(int threads, int maxPending) => Assert.That(
        () => new ThreadPoolExecutor(new() { Threads = threads, MaxPending = maxPending }),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Many_threads_submit_while_it_is_shut_and_what_was_taken_runs()
    {
        for (int round = 0; round < 50; round++)
        {
            ThreadPoolExecutor executor = Make(3);
            int taken = 0;
            int ran = 0;
            Thread[] submitters = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
            {
                while (TrySubmit(executor, () => Interlocked.Increment(ref ran)))
                {
                    Interlocked.Increment(ref taken);
                }
            }))];
            Array.ForEach(submitters, thread => thread.Start());
            SpinWait.SpinUntil(() => Volatile.Read(ref ran) > 10, s_bound);

            End(executor);
            Array.ForEach(submitters, thread => thread.Join());

            Assert.That(ran, Is.EqualTo(taken), $"round {round}");
        }
    }

    private static ThreadPoolExecutor Make(int threads, string prefix = "executor") =>
        new(new() { Threads = threads, ThreadNamePrefix = prefix, MaxPending = 1_000_000 });

    private static void End(ThreadPoolExecutor executor)
    {
        executor.Shutdown();
        Assert.That(executor.Completion.Wait(s_bound), Is.True, "its threads have not ended");
    }

    private static bool RunThere(ThreadPoolExecutor executor, Action work)
    {
        using var done = new ManualResetEventSlim();
        executor.Submit(() =>
        {
            work();
            done.Set();
        });
        return done.Wait(s_bound);
    }

    private static bool TrySubmit(ThreadPoolExecutor executor, Action? work = null)
    {
        try
        {
            executor.Submit(work ?? s_nothing);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
