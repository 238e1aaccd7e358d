using Reactor.Testing;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>The arithmetic of token buckets, in ticks of 100 ns.</summary>
public sealed class TokenBucketTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Test]
    public void A_burst_passes_and_one_more_does_not()
    {
        var buckets = new TokenBuckets(10, Second, burst: 3, keysMax: 10);
        Assert.That(Take(buckets, 3, now: 0), Is.EqualTo(new long[] { 0, 0, 0 }));
        Assert.That(buckets.Take("a", 0), Is.EqualTo(Second / 10));
        Assert.That(buckets.Take("a", 0), Is.EqualTo(Second / 10), "a refusal takes no token");
    }

    [Test]
    public void A_token_comes_back_exactly_at_its_moment()
    {
        var buckets = new TokenBuckets(10, Second, burst: 3, keysMax: 10);
        Take(buckets, 3, now: 0);
        Assert.That(buckets.Take("a", (Second / 10) - 1), Is.EqualTo(1));
        Assert.That(buckets.Take("a", Second / 10), Is.Zero);
        Assert.That(buckets.Take("a", Second / 10), Is.EqualTo(Second / 10));
    }

    [Test]
    public void Thirds_of_a_second_do_not_drift()
    {
        // One token each 3,333,333 1/3 ticks: the third one is there after exactly one second.
        // The bucket is never full, so no fraction is lost.
        var buckets = new TokenBuckets(3, Second, burst: 2, keysMax: 10);
        Take(buckets, 2, now: 0);
        for (long second = 0; second < 1_000; second++)
        {
            long now = second * Second;
            Assert.That(buckets.Take("a", now + 3_333_333), Is.EqualTo(1));
            Assert.That(buckets.Take("a", now + 3_333_334), Is.Zero);
            Assert.That(buckets.Take("a", now + 6_666_666), Is.EqualTo(1));
            Assert.That(buckets.Take("a", now + 6_666_667), Is.Zero);
            Assert.That(buckets.Take("a", now + 9_999_999), Is.EqualTo(1));
            Assert.That(buckets.Take("a", now + 10_000_000), Is.Zero);
        }
    }

    [Test]
    public void A_long_pause_fills_the_bucket_and_no_more()
    {
        var buckets = new TokenBuckets(10, Second, burst: 3, keysMax: 10);
        Take(buckets, 3, now: 0);
        long later = 1_000_000 * Second;
        Assert.That(Take(buckets, 4, later), Is.EqualTo(new[] { 0, 0, 0, Second / 10 }));
    }

    [Test]
    public void Keys_do_not_share_tokens()
    {
        var buckets = new TokenBuckets(1, Second, burst: 1, keysMax: 10);
        Assert.That(buckets.Take("a", 0), Is.Zero);
        Assert.That(buckets.Take("b", 0), Is.Zero);
        Assert.That(buckets.Take("A", 0), Is.Zero);
        Assert.That(buckets.Take("a", 0), Is.EqualTo(Second));
    }

    [Test]
    public void The_largest_numbers_do_not_overflow()
    {
        var buckets = new TokenBuckets(int.MaxValue, long.MaxValue, int.MaxValue, keysMax: 10);
        Assert.That(buckets.Take("a", 0), Is.Zero);
        Assert.That(buckets.Take("a", long.MaxValue), Is.Zero);
        var slow = new TokenBuckets(1, long.MaxValue, burst: 1, keysMax: 10);
        Assert.That(slow.Take("a", 0), Is.Zero);
        Assert.That(slow.Take("a", 0), Is.EqualTo(long.MaxValue));
        Assert.That(slow.Take("a", long.MaxValue - 1), Is.EqualTo(1));
        Assert.That(slow.Take("a", long.MaxValue), Is.Zero);
    }

    [Test]
    public void The_decisions_are_those_of_counted_tokens([Random(5)] int seed)
    {
        var random = new Random(seed);
        int requests = random.Next(1, 20);
        long window = random.Next(1, 40);
        int burst = random.Next(1, 8);
        var buckets = new TokenBuckets(requests, window, burst, keysMax: 4);
        var naive = new Dictionary<string, CountedTokens>();
        long now = 0;
        for (int i = 0; i < 20_000; i++)
        {
            now += random.Next(4) == 0 ? random.Next(1, 60) : 0;
            string key = $"{random.Next(4)}";
            naive.TryAdd(key, new CountedTokens(requests, window, burst, now));
            Assert.That(
                buckets.Take(key, now), Is.EqualTo(naive[key].Take(now)),
                $"seed {seed}, step {i}: {requests} per {window}, burst {burst}");
        }
    }

    [Test]
    public void Buckets_that_are_full_again_are_dropped_without_a_trace()
    {
        // With room for as many keys as are not full, the table is as good as an endless one.
        Random random = TestSeed.NewRandom();
        var buckets = new TokenBuckets(1, 10, burst: 2, keysMax: 64);
        var naive = new Dictionary<string, CountedTokens>();
        long now = 0;
        int most = 0;
        for (int i = 0; i < 50_000; i++)
        {
            now++; // two tokens take 20 steps, so at most 20 keys are not full
            string key = $"{random.Next(5_000)}";
            naive.TryAdd(key, new CountedTokens(1, 10, 2, now));
            Assert.That(buckets.Take(key, now), Is.EqualTo(naive[key].Take(now)), $"step {i}");
            most = Math.Max(most, buckets.Count);
        }

        Assert.That(most, Is.LessThanOrEqualTo(21));
    }

    [Test]
    public void With_too_many_keys_the_fullest_buckets_are_forgotten([Random(5)] int seed)
    {
        const int KeysMax = 8;
        const long Window = 1_000_003;
        var random = new Random(seed);
        int burst = random.Next(1, 5);
        var buckets = new TokenBuckets(1, Window, burst, KeysMax);
        var fullAt = new Dictionary<string, long>();
        long now = 0;
        for (int i = 0; i < 20_000; i++)
        {
            // No two moments differ by windows alone, so no two buckets are equally full.
            now += random.Next(1, 3) + (random.Next(50) == 0 ? Window / 2 : 0);
            string key = $"{random.Next(20)}";
            long before = Math.Max(now, fullAt.GetValueOrDefault(key));
            long wait = Math.Max(0, before + Window - now - (burst * Window));
            Assert.That(buckets.Take(key, now), Is.EqualTo(wait), $"seed {seed}, step {i}");
            if (wait == 0)
            {
                if (!fullAt.ContainsKey(key))
                {
                    MakeRoom(fullAt, now, KeysMax);
                }

                fullAt[key] = before + Window;
            }

            Assert.That(buckets.Count, Is.EqualTo(fullAt.Count), $"seed {seed}, step {i}");
        }
    }

    // By a sort of all: at most two full ones, and the fullest of all if there is no room.
    private static void MakeRoom(Dictionary<string, long> fullAt, long now, int keysMax)
    {
        string[] byFullness = [.. fullAt.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        string[] full = [.. byFullness.TakeWhile(key => fullAt[key] <= now).Take(2)];
        foreach (string key in full.Length == 0 && byFullness.Length == keysMax
            ? byFullness[..1]
            : full)
        {
            fullAt.Remove(key);
        }
    }

    private static long[] Take(TokenBuckets buckets, int count, long now) =>
        [.. Enumerable.Range(0, count).Select(_ => buckets.Take("a", now))];

    /// <summary>
    /// The definition, in fractions: every tick adds <c>requests / window</c> of a token, up to the
    /// burst. Counted in parts of which a token has <c>window</c>, tick by tick.
    /// </summary>
    private sealed class CountedTokens(int requests, long window, int burst, long now)
    {
        private long _parts = burst * window;
        private long _at = now;

        public long Take(long at)
        {
            for (; _at < at; _at++)
            {
                _parts = Math.Min(burst * window, _parts + requests);
            }

            if (_parts >= window)
            {
                _parts -= window;
                return 0;
            }

            long wait = 0;
            for (long parts = _parts; parts < window; parts += requests)
            {
                wait++;
            }

            return wait;
        }
    }
}
