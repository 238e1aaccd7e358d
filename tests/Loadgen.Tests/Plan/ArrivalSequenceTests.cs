using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Which instants a worker has, and in which order.</summary>
public class ArrivalSequenceTests
{
    private static Schedule Make(
        double rate,
        double seconds,
        ArrivalKind kind = ArrivalKind.Uniform,
        int burst = 1,
        ulong seed = 42) =>
        new(rate, [new Stage(TimeSpan.FromSeconds(seconds), rate)], kind, burst, seed);

    private static List<(long Number, TimeSpan Instant)> All(
        Schedule schedule, int worker = 0, int workers = 1)
    {
        var all = new List<(long, TimeSpan)>();
        var arrivals = new ArrivalSequence(schedule, worker, workers);
        for (; arrivals.HasNext; arrivals.Advance())
        {
            all.Add((arrivals.Number, arrivals.Next));
        }

        return all;
    }

    [Test]
    public void A_uniform_second_at_4_per_second_has_four_requests_from_its_begin() => Assert.That(
        All(Make(4, 1)),
        Is.EqualTo(new[] { 0, 250, 500, 750 }
            .Select((ms, i) => ((long)i, TimeSpan.FromMilliseconds(ms)))));

    /// <summary>Request n is due while t(n) is below the length: n &lt; rate × length.</summary>
    [TestCase(0.5, 1, 1)]
    [TestCase(1, 1, 1)]
    [TestCase(1.5, 1, 2)]
    [TestCase(20_000, 0.1, 2000)]
    public void The_schedule_ends_before_its_length(double rate, double seconds, int requests) =>
        Assert.That(All(Make(rate, seconds)), Has.Count.EqualTo(requests));

    [Test]
    public void A_burst_has_the_instant_of_its_first_request()
    {
        List<(long Number, TimeSpan Instant)> all = All(Make(10, 1, ArrivalKind.Burst, 4));

        // The third burst begins with request 8 within the schedule, and is whole.
        Assert.That(
            all.Select(one => one.Instant.TotalMilliseconds),
            Is.EqualTo(new double[] { 0, 0, 0, 0, 400, 400, 400, 400, 800, 800, 800, 800 }));
        Assert.That(all.Select(one => one.Number), Is.EqualTo(Enumerable.Range(0, 12)));
    }

    [TestCase(ArrivalKind.Uniform, 1)]
    [TestCase(ArrivalKind.Uniform, 3)]
    [TestCase(ArrivalKind.Poisson, 2)]
    [TestCase(ArrivalKind.Poisson, 7)]
    [TestCase(ArrivalKind.Burst, 4)]
    public void The_shares_of_the_workers_are_the_sequence(object kind, int workers)
    {
        Schedule schedule = Make(1000, 1, (ArrivalKind)kind, 3);

        var shares = Enumerable.Range(0, workers)
            .SelectMany(worker => All(schedule, worker, workers))
            .OrderBy(one => one.Number);

        Assert.That(shares, Is.EqualTo(All(schedule)));
    }

    [TestCase(ArrivalKind.Uniform)]
    [TestCase(ArrivalKind.Poisson)]
    [TestCase(ArrivalKind.Burst)]
    public void The_instants_of_a_worker_never_go_back(object kind) => Assert.That(
        All(Make(5000, 2, (ArrivalKind)kind, 16), 1, 3).Select(one => one.Instant), Is.Ordered);

    [Test]
    public void A_seed_gives_the_same_instants_and_another_seed_gives_others()
    {
        List<(long, TimeSpan)> first = All(Make(1000, 1, ArrivalKind.Poisson, seed: 1));

        Assert.That(All(Make(1000, 1, ArrivalKind.Poisson, seed: 1)), Is.EqualTo(first));
        Assert.That(All(Make(1000, 1, ArrivalKind.Poisson, seed: 2)), Is.Not.EqualTo(first));
    }

    /// <summary>
    /// Distances of a Poisson process of rate r have the mean 1/r and the variance 1/r²; the number
    /// in a time has a mean and a variance of its own mean. Bounds are five standard errors.
    /// </summary>
    [TestCase(1UL)]
    [TestCase(42UL)]
    [TestCase(ulong.MaxValue)]
    public void Poisson_distances_have_the_mean_and_the_variance_of_an_exponential(ulong seed)
    {
        double[] instants = [.. All(Make(10_000, 20, ArrivalKind.Poisson, seed: seed))
            .Select(one => one.Instant.TotalSeconds)];
        double[] gaps = [.. instants.Zip(instants.Skip(1), (one, next) => (next - one) * 10_000)];
        double mean = gaps.Average();
        double variance = gaps.Average(gap => (gap - mean) * (gap - mean));
        double root = Math.Sqrt(gaps.Length);

        Assert.That(instants.Length, Is.EqualTo(200_000).Within(5 * Math.Sqrt(200_000)));
        Assert.That(mean, Is.EqualTo(1).Within(5 / root));
        // The fourth central moment of an exponential is 9, so the variance of the square is 8.
        Assert.That(variance, Is.EqualTo(1).Within(5 * Math.Sqrt(8) / root));
    }

    [Test]
    public void Poisson_arrivals_follow_a_ramp()
    {
        // 0 to 20,000/s in 10 s: a quarter of the requests falls into the first half.
        var schedule = new Schedule(
            0, [new Stage(TimeSpan.FromSeconds(10), 20_000)], ArrivalKind.Poisson, 1, 7);

        List<(long Number, TimeSpan Instant)> all = All(schedule);

        Assert.That(all, Has.Count.EqualTo(100_000).Within(5 * Math.Sqrt(100_000)));
        Assert.That(
            all.Count(one => one.Instant < TimeSpan.FromSeconds(5)),
            Is.EqualTo(25_000).Within(5 * Math.Sqrt(25_000)));
    }

    [Test]
    public void Moving_on_allocates_nothing()
    {
        var arrivals = new ArrivalSequence(Make(1e6, 10, ArrivalKind.Poisson), 0, 2);
        arrivals.Advance();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            arrivals.Advance();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
