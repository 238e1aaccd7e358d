using Reactor.Simulation;

namespace Reactor.Tests.Semantics;

/// <summary>
/// A main that is a plain async method, as other languages and libraries have it.
/// </summary>
[TestFixture]
public sealed class M_PlainMainTests
{
    private static EventLoopOptions VirtualTime => new() { Driver = new InMemoryDriver() };

    [Test]
    public void A_plain_async_main_runs_on_the_loop_and_gives_its_result()
    {
        static async Task<TimeSpan> Main()
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return EventLoop.Current.Time;
        }

        Assert.That(EventLoop.Run(Main, VirtualTime), Is.EqualTo(TimeSpan.FromSeconds(1)));
        using var runner = new LoopRunner(VirtualTime);
        Assert.That(runner.Run(Main), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_plain_async_main_without_a_result_throws_what_it_threw()
    {
        static async Task Main()
        {
            await EventLoop.Yield();
            throw new FormatException("its own");
        }

        Assert.That(
            Assert.Throws<FormatException>(() => EventLoop.Run(Main, VirtualTime))!.Message,
            Is.EqualTo("its own"));
        using var runner = new LoopRunner(VirtualTime);
        Assert.Throws<FormatException>(() => runner.Run(Main));
    }

    [Test]
    public void An_async_lambda_is_a_coroutine_and_no_plain_task()
    {
        string? main = EventLoop.Run(
            async () =>
            {
                await EventLoop.Yield();
                return LoopTask.Current?.GetStack()[0];
            },
            VirtualTime);

        Assert.That(main, Does.Contain(nameof(An_async_lambda_is_a_coroutine_and_no_plain_task)));
    }

    [Test]
    public void An_interruption_ends_the_wait_for_a_plain_async_main()
    {
        using var runner = new LoopRunner(VirtualTime);

        Assert.Throws<InterruptException>(() => runner.Run(async Task () =>
        {
            runner.OnInterrupt();
            await EventLoop.Delay(Timeout.InfiniteTimeSpan);
        }));
    }
}
