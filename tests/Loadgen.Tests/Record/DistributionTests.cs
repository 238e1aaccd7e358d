using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Record;

/// <summary>Percentiles of times of which some are only lower bounds.</summary>
public class DistributionTests
{
    private const long Ms = 1_000_000;

    [Test]
    public void A_lower_bound_is_not_below_the_longest_finished_time()
    {
        // 989 took 10 ms, one 1.9 s, and ten were in flight for 0.5 s: they rank above all.
        var times = new Distribution();
        SampleRun.Fill(times.Finished, 10 * Ms, 989);
        times.Finished.Record(1900 * Ms);
        SampleRun.Fill(times.Unfinished, 500 * Ms, 10);

        Assert.That(times.Percentile(99), Is.EqualTo(new TimeBound(1900 * Ms, false)));
        Assert.That(times.Percentile(99.9m), Is.EqualTo(new TimeBound(1900 * Ms, true)));
        Assert.That(times.Percentile(100), Is.EqualTo(new TimeBound(1900 * Ms, true)));
    }

    [Test]
    public void A_longer_age_is_the_lower_bound()
    {
        var times = new Distribution();
        SampleRun.Fill(times.Finished, 10 * Ms, 990);
        SampleRun.Fill(times.Unfinished, 5 * Ms, 5);
        SampleRun.Fill(times.Unfinished, 2000 * Ms, 15);

        // The ranks are 993, the third of the unfinished, and 1001, the eleventh.
        TimeBound third = times.Percentile(98.8m);
        TimeBound eleventh = times.Percentile(99.6m);

        Assert.That(third.IsLowerBound && eleventh.IsLowerBound, Is.True);
        Assert.That(third.Nanoseconds, Is.EqualTo(10.0 * Ms).Within(0.1).Percent);
        Assert.That(eleventh.Nanoseconds, Is.EqualTo(2000.0 * Ms).Within(0.1).Percent);
    }

    [FsCheck.NUnit.Property]
    public Property A_percentile_is_not_below_a_lower_one() => Prop.ForAll(
        Gen.Choose(0, 1_000_000_000).ListOf().Two().ToArbitrary(),
        ages =>
        {
            var times = new Distribution();
            ages.Item1.ToList().ForEach(one => times.Finished.Record(one));
            ages.Item2.ToList().ForEach(one => times.Unfinished.Record(one));
            long[] values = [.. Enumerable.Range(0, 101)
                .Select(percent => times.Percentile(percent).Nanoseconds)];
            return values.SequenceEqual(values.Order());
        });
}
