using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// Messages of other threads and executor work arrive in a replay in the turn in which they were
/// recorded; one that is missing or new is named.
/// </summary>
public sealed class MessageReplayTests
{
    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void Executor_work_runs_again_and_its_results_keep_their_order(string driver)
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            List<LoopTask> jobs = [];
            for (int i = 0; i < 20; i++)
            {
                jobs.Add(loop.CreateTask(Job(loop, lines, i)));
            }

            await EventLoop.WhenAll(jobs);
        });
        var recorded = program.Record(LoopDrivers.Create(driver));
        program.Replay().AssertSame(recorded);
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void Posts_of_other_threads_arrive_in_their_recorded_turns(string driver)
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var done = new AsyncEvent();
            int left = 50;
            var thread = new Thread(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    loop.CallSoonThreadSafe(
                        number =>
                        {
                            lines.Add($"{loop.TurnCount} {number}");
                            if (--left == 0)
                            {
                                done.Set();
                            }
                        },
                        i);
                    Thread.SpinWait(2000);
                }
            });
            thread.Start();
            await done.WaitAsync();
            thread.Join();
        });
        var recorded = program.Record(LoopDrivers.Create(driver));
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_message_that_does_not_arrive_is_named()
    {
        bool posts = true;
        using var program = new RecordedProgram(
            async (loop, lines) =>
            {
                var done = new AsyncEvent();
                void Arrive() => done.Set();
                Thread? thread = null;
                if (posts)
                {
                    thread = new Thread(() => loop.CallSoonThreadSafe(Arrive));
                    thread.Start();
                }

                await done.WaitAsync();
                thread?.Join();
            })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(50),
        };
        program.Record(LoopDrivers.Sockets());
        posts = false;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Recorded, Does.Contain("Arrive"));
        Assert.That(difference.Requested, Does.Contain("no message"));
    }

    [Test]
    public void Another_lambda_of_the_same_method_is_another_message()
    {
        bool isReplay = false;
        using var program = new RecordedProgram(
            async (loop, lines) =>
            {
                var done = new AsyncEvent();
                Action first = () => done.Set();
                Action second = () => lines.Add("b");
                var thread = new Thread(() => loop.CallSoonThreadSafe(isReplay ? second : first));
                thread.Start();
                await done.WaitAsync();
                thread.Join();
            })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(50),
        };
        program.Record(LoopDrivers.Sockets());
        isReplay = true;
        Assert.That(program.ReplayDiffers().Requested, Does.Contain("only Handle"));
    }

    [Test]
    public void Lambdas_of_one_method_keep_their_recorded_order()
    {
        bool isReplay = false;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var done = new AsyncEvent();
            int left = 2;
            void End(string which)
            {
                lines.Add(which);
                if (--left == 0)
                {
                    done.Set();
                }
            }

            Action[] posts =
            [
                () => loop.CallSoonThreadSafe(() => End("first")),
                () => loop.CallSoonThreadSafe(() => End("second")),
            ];
            var thread = new Thread(() =>
            {
                posts[isReplay ? 1 : 0]();
                posts[isReplay ? 0 : 1]();
            });
            thread.Start();
            await done.WaitAsync();
            thread.Join();
        });
        RecordedProgram.Course recorded = program.Record(LoopDrivers.Sockets());
        isReplay = true;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_message_that_was_not_recorded_is_named()
    {
        bool posts = false;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            void Surprise() => lines.Add("never");
            await loop.RunInExecutor(() =>
            {
                if (posts)
                {
                    loop.CallSoonThreadSafe(Surprise);
                }
            });
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        });
        program.Record(LoopDrivers.Sockets());
        posts = true;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Requested, Does.Contain("Surprise"));
    }

    [Test]
    public void A_job_may_take_longer_than_the_time_limit_of_messages()
    {
        bool isReplay = false;
        using var never = new ManualResetEventSlim();
        using var program = new RecordedProgram(async (loop, lines) =>
            lines.Add($"{await loop.RunInExecutor(() =>
            {
                if (isReplay)
                {
                    never.Wait(TimeSpan.FromMilliseconds(300));
                }

                return 42;
            })}"))
        {
            MessageTimeout = TimeSpan.FromMilliseconds(20),
        };
        var recorded = program.Record(LoopDrivers.Sockets());
        isReplay = true;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_job_that_the_recorded_loop_did_not_await_is_no_difference()
    {
        bool isReplay = false;
        using var isClosed = new ManualResetEventSlim();
        using var isDone = new ManualResetEventSlim();
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            _ = loop.RunInExecutor(() =>
            {
                if (!isReplay)
                {
                    isClosed.Wait();
                }

                isDone.Set();
            });
            if (isReplay)
            {
                isDone.Wait();
            }

            for (int i = 0; i < 20; i++)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }
        })
        {
            MessageTimeout = TimeSpan.Zero,
        };
        program.Record(LoopDrivers.Sockets());
        isReplay = true;
        isClosed.Set();
        program.Replay();
    }

    [Test]
    public void A_timer_that_another_thread_changes_is_due_as_recorded()
    {
        bool isReplay = false;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var fired = new AsyncEvent();
            using ITimer timer = loop.TimeProvider.CreateTimer(
                _ => fired.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            TimeSpan begun = loop.Time;
            var thread = new Thread(() =>
            {
                SpinWait.SpinUntil(
                    () => isReplay || loop.Time - begun > TimeSpan.FromMilliseconds(5));
                timer.Change(TimeSpan.FromMilliseconds(3), Timeout.InfiniteTimeSpan);
            });
            thread.Start();
            await fired.WaitAsync();
            thread.Join();
            lines.Add($"{loop.TurnCount}");
        });
        var recorded = program.Record(LoopDrivers.Sockets());
        isReplay = true;
        program.Replay().AssertSame(recorded);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_handle_that_another_thread_cancels_in_one_run_only_is_the_same_message(
        bool cancelsWhenRecorded, bool cancelsWhenReplayed)
    {
        bool cancels = cancelsWhenRecorded;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var done = new AsyncEvent();
            var thread = new Thread(() =>
            {
                LoopHandle handle = loop.CallSoonThreadSafe(() => { });
                if (cancels)
                {
                    handle.Cancel();
                }

                loop.CallSoonThreadSafe(done.Set);
            });
            thread.Start();
            thread.Join(); // both are posted, and cancelled or not, before the next turn
            await done.WaitAsync();
            lines.Add("done");
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(500),
        };
        var recorded = program.Record(LoopDrivers.Sockets());
        cancels = cancelsWhenReplayed;
        program.Replay().AssertSame(recorded);
    }

    private static async Coroutine Job(EventLoop loop, List<string> lines, int number)
    {
        int result = await loop.RunInExecutor(() =>
        {
            Thread.SpinWait(Random.Shared.Next(20_000)); // another order in each run
            return number;
        });
        lines.Add($"{loop.TurnCount} {result}");
    }
}
