using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// Waits for .NET tasks and sequences, which end on other threads: whether one has ended when the
/// loop looks is chance, and a replay has the recorded answer.
/// </summary>
public sealed class ForeignReplayTests
{
    [Test]
    public void A_foreign_wait_that_the_driver_reports_inside_a_poll_is_reported_again()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            loop.ExceptionHandler = (_, error) => lines.Add($"{loop.Time} {error.Message}");
            var source = new TaskCompletionSource();
            LoopTask waiter = loop.CreateTask(WaitAsync(source.Task));
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            lines.Add("delayed");
            source.SetResult();
            await waiter;
        });
        var recorded = program.Record(new InMemoryDriver());
        Assert.That(recorded.Lines, Has.Count.EqualTo(2));
        Assert.That(recorded.Lines[0], Does.Contain("The virtual clock jumps"));
        program.Replay().AssertSame(recorded);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_step_of_a_sequence_may_be_complete_at_once_in_one_run_only(
        bool isReadyWhenRecorded, bool isReadyWhenReplayed)
    {
        var polls = new PollWatch();
        var steps = new Steps { IsReady = isReadyWhenRecorded, BeforeEnd = polls.UntilIdle };
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            await foreach (int number in steps.OnLoop())
            {
                lines.Add($"{loop.TurnCount} {number}");
            }
        });
        var recorded = program.Record(polls.Watch(LoopDrivers.Sockets()));
        Assert.That(
            recorded.Lines.Select(line => line.Split(' ')[0]).Distinct().Count(),
            Is.EqualTo(isReadyWhenRecorded ? 1 : 3), "turns of the three items");
        steps = new Steps { IsReady = isReadyWhenReplayed };
        program.Replay().AssertSame(recorded);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_step_may_end_before_its_cancellation_in_one_run_only(
        bool endsWhenRecorded, bool endsWhenReplayed)
    {
        var polls = new PollWatch();
        bool ends = endsWhenRecorded;
        Func<Action> beforeEnd = ends ? AtOnce : polls.UntilIdle;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var source = new Held();
            LoopTask reader = loop.CreateTask(ReadAsync(source, lines));
            await EventLoop.Yield();
            Action wait = beforeEnd();
            var thread = new Thread(() =>
            {
                wait();
                source.Step.SetResult(false);
            });
            thread.Start();
            if (ends)
            {
                thread.Join();
            }

            reader.Cancel();
            await source.Disposed.Task.OnLoop();
            await EventLoop.Wait([reader]);
            lines.Add($"{loop.TurnCount} {source.IsTokenCancelled}");
        });
        var recorded = program.Record(polls.Watch(LoopDrivers.Sockets()));
        Assert.That(recorded.Lines, Is.EqualTo(new[]
        {
            "over", $"{recorded.Turns - 1} {!endsWhenRecorded}",
        }));
        ends = endsWhenReplayed;
        beforeEnd = AtOnce;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_step_that_had_ended_and_does_not_end_any_more_is_named()
    {
        using var never = new ManualResetEventSlim();
        var steps = new Steps { IsReady = true };
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            await foreach (int number in steps.OnLoop())
            {
                lines.Add($"{number}");
            }
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(50),
        };
        program.Record(LoopDrivers.Sockets());
        steps = new Steps { BeforeEnd = () => never.Wait };
        LoopReplayException difference = program.ReplayDiffers();
        never.Set();
        Assert.That(difference.Requested, Does.Contain("a foreign task that had not ended"));
        Assert.That(difference.Recorded, Does.Contain("a foreign task that had ended"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_plain_await_of_a_task_that_had_ended_waits_for_it(bool endsAtOnceInTheReplay)
    {
        bool endsAtOnce = true;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            for (int i = 0; i < 3; i++)
            {
                int number = i;
                lines.Add($"{loop.TurnCount} {await OnThread(() => number, endsAtOnce)}");
                await EventLoop.Yield();
            }
        });
        var recorded = program.Record(LoopDrivers.Sockets());
        endsAtOnce = endsAtOnceInTheReplay;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_plain_await_of_a_task_that_had_not_ended_waits_as_recorded_or_is_named()
    {
        var polls = new PollWatch();
        bool endsAtOnce = false;
        Func<Action> beforeEnd = polls.UntilIdle;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            Action wait = beforeEnd();
            Task<int> task = OnThread(
                () =>
                {
                    wait();
                    return 42;
                },
                endsAtOnce);
            lines.Add($"{loop.TurnCount} {await task}");
        });
        var recorded = program.Record(polls.Watch(LoopDrivers.Sockets()));
        beforeEnd = AtOnce;
        endsAtOnce = true;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Recorded, Does.Contain("waits for a foreign object"));
        Assert.That(recorded.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_plain_await_of_a_task_that_had_ended_and_does_not_end_any_more_is_named()
    {
        Task task = Task.CompletedTask;
        using var program = new RecordedProgram(async (_, _) => await task)
        {
            MessageTimeout = TimeSpan.FromMilliseconds(50),
        };
        program.Record(LoopDrivers.Sockets());
        task = new TaskCompletionSource().Task;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Requested, Does.Contain("waits for a foreign object"));
    }

    private static Task<int> OnThread(Func<int> work, bool endsAtOnce)
    {
        var source = new TaskCompletionSource<int>();
        var thread = new Thread(() =>
        {
            Thread.SpinWait(endsAtOnce ? 0 : 100_000);
            source.SetResult(work());
        });
        thread.Start();
        if (endsAtOnce)
        {
            thread.Join();
        }

        return source.Task;
    }

    private static async Coroutine ReadAsync(Held source, List<string> lines)
    {
        try
        {
            await foreach (int number in source.OnLoop())
            {
                lines.Add($"{number}");
            }
        }
        finally
        {
            lines.Add("over");
        }
    }

    /// <summary>Three items, each ready at once or made by a thread.</summary>
    private sealed class Steps : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public bool IsReady { get; init; }

        public Func<Action> BeforeEnd { get; init; } = AtOnce;

        public int Current { get; private set; }

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken) =>
            this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (IsReady || Current == 3)
            {
                return new(++Current <= 3);
            }

            var made = new TaskCompletionSource<bool>();
            Action wait = BeforeEnd();
            var thread = new Thread(() =>
            {
                wait();
                made.SetResult(++Current <= 3);
            });
            thread.Start();
            return new(made.Task);
        }

        public ValueTask DisposeAsync() => default;
    }

    private static Action AtOnce() => () => { };

    /// <summary>One step, which the test ends.</summary>
    private sealed class Held : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        private CancellationToken _token;

        public TaskCompletionSource<bool> Step { get; } = new();

        public TaskCompletionSource Disposed { get; } = new();

        public bool IsTokenCancelled => _token.IsCancellationRequested;

        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken)
        {
            _token = cancellationToken;
            return this;
        }

        public ValueTask<bool> MoveNextAsync() => new(Step.Task);

        public ValueTask DisposeAsync()
        {
            Disposed.SetResult();
            return default;
        }
    }

    private static async Coroutine WaitAsync(Task task) => await task;
}
