using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Tasks that are left when main has ended and cannot be cancelled, because they wait for something
/// foreign: the end of the program is not theirs to hold.
/// </summary>
public class LeftoverTaskTests
{
    [Test]
    public void A_leftover_that_waits_for_something_foreign_is_reported_and_left_behind()
    {
        using var logs = new ListLoggerFactory();
        var driver = new InMemoryDriver();
        EventLoop.Run(
            async () =>
            {
                _ = EventLoop.Spawn(WaitForEver());
                await EventLoop.Yield();
            },
            new EventLoopOptions
            {
                Driver = driver,
                LoggerFactory = logs,
                CancelTimeout = TimeSpan.FromSeconds(3),
            });
        LogQueue.Flush(TimeSpan.FromSeconds(10));

        Assert.That(driver.Now, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(
            logs.Messages, Has.Some.Contains("Task was destroyed but it is pending!"));
    }

    // A server sets EndBy when it shuts down; a program may go on after that.
    [TestCase(1, false, TestName = "A main that ends late has the time until EndBy, and no more")]
    [TestCase(6, false, TestName = "A main that ends 5 s after EndBy has no time left")]
    [TestCase(6.001, true, TestName = "A main that went on after EndBy has the whole time")]
    public void The_end_of_a_main_that_went_on(double seconds, bool hasTime)
    {
        bool isEnded = false;
        EventLoop.Run(
            async () =>
            {
                EventLoop loop = EventLoop.Current;
                loop.EndBy = loop.Time + TimeSpan.FromSeconds(1);
                _ = EventLoop.Spawn(EndSlowly());
                await EventLoop.Delay(TimeSpan.FromSeconds(seconds));
            },
            new EventLoopOptions { Driver = new InMemoryDriver() });

        Assert.That(isEnded, Is.EqualTo(hasTime));

        async Coroutine EndSlowly()
        {
            try
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
            }
            catch (LoopCanceledException)
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(2));
                isEnded = true;
            }
        }
    }

    private static async Coroutine WaitForEver() =>
        await new TaskCompletionSource().Task;
}
