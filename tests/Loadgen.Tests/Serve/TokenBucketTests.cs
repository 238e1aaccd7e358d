using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>The instants that the bucket gives, derived by hand.</summary>
public sealed class TokenBucketTests
{
    private static readonly TimeSpan s_begin = TimeSpan.FromSeconds(7);

    [Test]
    public void The_first_request_is_served_at_once() => Assert.That(
        new TokenBucket(5).Take(s_begin), Is.EqualTo(s_begin));

    [Test]
    public void Requests_of_one_instant_are_served_an_interval_apart()
    {
        var bucket = new TokenBucket(5000);
        TimeSpan[] grants = [.. Enumerable.Range(0, 4).Select(_ => bucket.Take(s_begin))];

        Assert.That(
            grants.Select(grant => (grant - s_begin).TotalMicroseconds),
            Is.EqualTo(new[] { 0.0, 200, 400, 600 }));
    }

    [Test]
    public void A_request_at_exactly_the_instant_of_its_token_does_not_wait()
    {
        var bucket = new TokenBucket(100);
        bucket.Take(s_begin);
        TimeSpan second = s_begin + TimeSpan.FromMilliseconds(10);

        Assert.That(bucket.Take(second), Is.EqualTo(second));
    }

    [Test]
    public void A_request_one_tick_before_its_token_waits_a_tick()
    {
        var bucket = new TokenBucket(100);
        bucket.Take(s_begin);
        TimeSpan second = s_begin + TimeSpan.FromMilliseconds(10);

        Assert.That(bucket.Take(second - TimeSpan.FromTicks(1)), Is.EqualTo(second));
    }

    [Test]
    public void An_idle_time_saves_no_tokens()
    {
        var bucket = new TokenBucket(100);
        bucket.Take(s_begin);
        TimeSpan late = s_begin + TimeSpan.FromSeconds(1);
        bucket.Take(late);

        Assert.That(
            bucket.Take(late), Is.EqualTo(late + TimeSpan.FromMilliseconds(10)));
    }

    [Test]
    public void A_rate_that_divides_no_tick_does_not_drift()
    {
        var bucket = new TokenBucket(3);
        TimeSpan last = default;
        for (int i = 0; i <= 3_000_000; i++)
        {
            last = bucket.Take(s_begin);
        }

        Assert.That(last, Is.EqualTo(s_begin + TimeSpan.FromSeconds(1_000_000)));
    }
}
