using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A log sink that blocks: the loop must go on, the queue before the sink must stay bounded, and
/// what was dropped must be counted and said.
/// </summary>
[NonParallelizable]
public sealed class SlowLogSinkTests
{
    private const int Capacity = 4096;

    [Test]
    public void A_sink_that_blocks_does_not_block_the_loop_and_drops_are_counted_and_said()
    {
        using var log = new ListLoggerFactory();
        using var isBlocked = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        log.OnMessage = _ =>
        {
            isBlocked.Set();
            release.Wait();
        };
        long droppedBefore = LogQueue.Dropped;
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            LoggerFactory = log,
            ErrorLinesPerSecond = LogRateLimiter.LinesPerSecondMax,
        });

        loop.CallSoon(() => throw new FormatException());
        loop.RunBriefly();
        Assert.That(isBlocked.Wait(TimeSpan.FromSeconds(30)), Is.True);

        // The sink holds one message; now more come than the queue can keep.
        for (int i = 0; i < Capacity + 100; i++)
        {
            loop.CallSoon(() => throw new FormatException());
        }

        loop.RunBriefly(); // returns, although the sink does not

        Assert.That(LogQueue.Dropped - droppedBefore, Is.EqualTo(100));
        release.Set();
        LogQueue.Flush(TimeSpan.FromSeconds(5));
        Assert.That(log.Messages, Has.Some.Contains("100").And.Some.Contains("dropped"));
        Assert.That(
            log.Messages.Count(message => message.Contains("Exception in callback")),
            Is.EqualTo(Capacity + 1));
    }

    [Test]
    public void A_sink_that_throws_does_not_end_the_log()
    {
        using var log = new ListLoggerFactory();
        bool isFirst = true;
        log.OnMessage = _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                throw new FormatException("the sink is broken");
            }
        };
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = new ManualDriver(), LoggerFactory = log });

        loop.CallSoon(() => throw new FormatException());
        loop.CallSoon(() => throw new FormatException());
        loop.RunBriefly();
        LogQueue.Flush(TimeSpan.FromSeconds(5));

        Assert.That(log.Messages, Has.Exactly(1).StartsWith("Exception in callback"));
    }
}
