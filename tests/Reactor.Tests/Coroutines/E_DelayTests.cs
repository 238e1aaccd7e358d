using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statement E19: how long a delay is, and what ends it.</summary>
[TestFixture]
public sealed class E_DelayTests : LoopFixture
{
    [Test]
    public void E19_a_delay_ends_with_the_cancellation_of_its_token()
    {
        using var source = new CancellationTokenSource();
        Loop.CallLater(S(2), source.Cancel);

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(
            () => Run(async () => await EventLoop.Delay(S(10), source.Token)))!;

        Assert.That(error.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(Seconds, Is.EqualTo(2));
        Assert.That(Loop.ArmedTimers, Is.Zero);
    }

    [Test]
    public void E19_a_delay_whose_token_is_not_cancelled_takes_its_time()
    {
        using var source = new CancellationTokenSource();

        Run(async () => await EventLoop.Delay(S(2), source.Token));

        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void E19_a_token_that_is_cancelled_already_ends_a_delay_before_it_begins()
    {
        var token = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(
            () => Run(async () => await EventLoop.Delay(S(2), token)));

        Assert.That(Seconds, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void E19_a_delay_of_nothing_with_a_token_is_one_yield(double seconds)
    {
        using var source = new CancellationTokenSource();
        Run(async () =>
        {
            int before = Turns;
            await EventLoop.Delay(S(seconds), source.Token);
            Tell($"yielded:{Turns - before}");
        });

        Assert.That(Story, Is.EqualTo("yielded:1"));
    }

    [Test]
    public void E19_a_token_may_be_cancelled_on_any_thread()
    {
        using var source = new CancellationTokenSource();
        var thread = new Thread(source.Cancel);
        using var loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        loop.CallSoon(thread.Start);

        Assert.Throws<OperationCanceledException>(() => loop.RunUntilComplete(
            EventLoop.Delay(Timeout.InfiniteTimeSpan, source.Token)));

        thread.Join();
    }

    [Test]
    public void E19_cancelling_the_task_of_a_delay_with_a_token_cancels_the_task()
    {
        using var source = new CancellationTokenSource();
        LoopTask task = Loop.CreateTask(EventLoop.Delay(S(10), source.Token));
        Loop.CallLater(S(1), one => one.Cancel(), task);

        Assert.Throws<LoopCanceledException>(() => Loop.RunUntilComplete(task));

        Assert.That(task.IsCancelled);
        Assert.That(Loop.ArmedTimers, Is.Zero);
    }

    [Test]
    public void E19_a_plain_async_method_can_await_a_delay_with_a_token()
    {
        using var source = new CancellationTokenSource();
        Loop.CallLater(S(2), source.Cancel);

        async Task Plain() => await EventLoop.Delay(S(10), source.Token);

        Assert.Throws<OperationCanceledException>(() => Run(async () => await Plain()));
        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void E19_an_infinite_delay_ends_by_cancellation_only()
    {
        LoopTask task = Loop.CreateTask(Sleep());
        Loop.CallLater(TimeSpan.FromDays(365), one => one.Cancel(), task);

        Assert.Throws<LoopCanceledException>(() => Loop.RunUntilComplete(task));

        Assert.That(Loop.Time, Is.EqualTo(TimeSpan.FromDays(365)));

        static async Coroutine Sleep() => await EventLoop.Delay(Timeout.InfiniteTimeSpan);
    }

    [Test]
    public void E19_an_infinite_delay_in_a_plain_async_method_never_ends()
    {
        async Task Sleep()
        {
            await EventLoop.Delay(Timeout.InfiniteTimeSpan);
            Tell("over");
        }

        Run(async () =>
        {
            _ = Sleep();
            await EventLoop.Delay(TimeSpan.FromDays(365));
        });

        Assert.That(Story, Is.Empty);
    }
}
