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

    private static async Coroutine WaitForEver() =>
        await new TaskCompletionSource().Task;
}
