using Reactor.Drivers;
using Reactor.Recording;

namespace Reactor.Tests.Recording;

/// <summary>
/// Waits with a token that another thread cancels: whether it is cancelled when the wait begins is
/// chance, and a replay has the recorded answer.
/// </summary>
public sealed class TokenReplayTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);

    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    public void A_delay_may_begin_with_a_cancelled_token_in_one_run_only(
        bool isEarlyWhenRecorded, bool isEarlyWhenReplayed) => AssertReplays(
        token => EventLoop.Delay(s_long, token), isEarlyWhenRecorded, isEarlyWhenReplayed);

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_step_of_ended_tasks_may_begin_with_a_cancelled_token_in_one_run_only(
        bool isEarlyWhenRecorded, bool isEarlyWhenReplayed) => AssertReplays(
        EachAsync, isEarlyWhenRecorded, isEarlyWhenReplayed);

    [Test]
    public void A_cancellation_after_the_end_of_its_wait_may_come_before_it_in_the_replay()
    {
        bool isReplay = false;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            using var source = new CancellationTokenSource();
            LoopTask delay = loop.CreateTask(
                EventLoop.Delay(TimeSpan.FromMilliseconds(1), source.Token));
            await EventLoop.Yield();
            if (isReplay)
            {
                CancelOnThread(source).Join();
            }

            await delay;
            CancelOnThread(source).Join();
            lines.Add($"{loop.TurnCount}");
        });
        RecordedProgram.Course recorded = program.Record(LoopDrivers.Sockets());
        isReplay = true;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_token_that_was_cancelled_and_is_not_any_more_is_named()
    {
        bool isCancelled = true;
        using var program = new RecordedProgram(async (_, _) =>
        {
            using var source = new CancellationTokenSource();
            if (isCancelled)
            {
                CancelOnThread(source).Join();
            }

            try
            {
                await EventLoop.Delay(s_long, source.Token);
            }
            catch (OperationCanceledException)
            {
            }
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(50),
        };
        program.Record(LoopDrivers.Sockets());
        isCancelled = false;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Requested, Does.Contain("a token that was not cancelled"));
        Assert.That(difference.Recorded, Does.Contain("a token that was cancelled"));
    }

    private static void AssertReplays(
        Func<CancellationToken, Coroutine> wait, bool isEarlyWhenRecorded,
        bool isEarlyWhenReplayed)
    {
        var polls = new PollWatch();
        bool isEarly = isEarlyWhenRecorded;
        Func<Action> untilIdle = polls.UntilIdle;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            using var source = new CancellationTokenSource();
            Thread thread = CancelOnThread(source, isEarly ? () => { } : untilIdle());
            if (isEarly)
            {
                thread.Join();
            }

            try
            {
                await wait(source.Token);
            }
            catch (OperationCanceledException)
            {
                lines.Add($"cancelled in turn {loop.TurnCount}");
            }
        });
        RecordedProgram.Course recorded = program.Record(polls.Watch(LoopDrivers.Sockets()));
        Assert.That(recorded.Lines, Has.Count.EqualTo(1));
        isEarly = isEarlyWhenReplayed;
        untilIdle = () => () => Thread.SpinWait(100_000);
        program.Replay().AssertSame(recorded);
    }

    private static async Coroutine EachAsync(CancellationToken token)
    {
        LoopTask never = EventLoop.Spawn(EventLoop.Delay(s_long, CancellationToken.None));
        try
        {
            await foreach (LoopTask ended in EventLoop.WhenEach([never]).WithCancellation(token))
            {
                Assert.Fail($"{ended} does not end");
            }
        }
        finally
        {
            never.Cancel();
        }
    }

    private static Thread CancelOnThread(CancellationTokenSource source, Action? wait = null)
    {
        var thread = new Thread(() =>
        {
            wait?.Invoke();
            source.Cancel();
        });
        thread.Start();
        return thread;
    }
}
