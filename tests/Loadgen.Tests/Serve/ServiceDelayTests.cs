using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>What --delay accepts, and the delays that it gives.</summary>
public sealed class ServiceDelayTests
{
    [TestCase("5ms", 5, 5, 100)]
    [TestCase("0", 0, 0, 100)]
    [TestCase("bimodal:1ms,100ms,99", 1, 100, 99)]
    [TestCase("bimodal:1ms,2s,1", 1, 2000, 1)]
    public void Valid_delays_are_read(string text, int firstMs, int secondMs, int percent)
    {
        Assert.That(ServiceDelay.TryParse(text, out ServiceDelay delay), text);
        Assert.That(delay, Is.EqualTo(new ServiceDelay(
            TimeSpan.FromMilliseconds(firstMs), TimeSpan.FromMilliseconds(secondMs), percent)));
    }

    [TestCase("")]
    [TestCase("soon")]
    [TestCase("-1ms")]
    [TestCase("bimodal")]
    [TestCase("bimodal:1ms,100ms")]
    [TestCase("bimodal:1ms,100ms,0")]
    [TestCase("bimodal:1ms,100ms,100")]
    [TestCase("bimodal:1ms,100ms,99.5")]
    [TestCase("bimodal:1ms,100ms,99,1")]
    [TestCase("trimodal:1ms,100ms,99")]
    public void Other_delays_are_refused(string text) =>
        Assert.That(ServiceDelay.TryParse(text, out _), Is.False, text);

    [TestCase(1)]
    [TestCase(50)]
    [TestCase(99)]
    public void Each_hundred_requests_have_exactly_the_asked_shares(int percent)
    {
        var delays = new DelaySequence(
            new ServiceDelay(TimeSpan.Zero, TimeSpan.MaxValue, percent), (ulong)TestSeed.Next());
        for (int block = 0; block < 50; block++)
        {
            int first = Enumerable.Range(0, 100).Count(_ => delays.Next() == TimeSpan.Zero);
            Assert.That(first, Is.EqualTo(percent));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_order_and_another_seed_another()
    {
        ServiceDelay half = new(TimeSpan.Zero, TimeSpan.MaxValue, 50);

        TimeSpan[] order = Order(half, 4);
        Assert.That(Order(half, 4), Is.EqualTo(order));
        Assert.That(Order(half, 5), Is.Not.EqualTo(order));
    }

    private static TimeSpan[] Order(ServiceDelay delay, ulong seed)
    {
        var delays = new DelaySequence(delay, seed);
        return [.. Enumerable.Range(0, 1000).Select(_ => delays.Next())];
    }
}
