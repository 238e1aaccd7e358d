using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;
using Interval = Reactor.Tools.Loadgen.Interval;

namespace Loadgen.Tests.Record;

/// <summary>
/// The log of intervals against a list of histograms that never closes one, and its bounds.
/// </summary>
public class IntervalLogTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_sample_belongs_to_the_interval_of_its_scheduled_instant()
    {
        var log = new IntervalLog(s_second, 3 * s_second);
        log.Record(TimeSpan.Zero, 5, 1);
        log.Record(s_second - TimeSpan.FromTicks(1), 6, 2);
        log.Record(s_second, 7, 3);
        log.Arrive(2 * s_second);
        log.Fail(s_second);
        log.Schedule(s_second);

        IReadOnlyList<Interval> intervals = IntervalLog.Merge([log], 2.5 * s_second);

        Assert.That(intervals.Select(one => one.Start.TotalSeconds), Is.EqualTo([0, 1, 2]));
        Assert.That(intervals.Select(one => one.Length.TotalSeconds), Is.EqualTo([1, 1, 0.5]));
        Assert.That(intervals.Select(one => one.Response.Count), Is.EqualTo([2, 1, 0]));
        Assert.That(intervals.Select(one => one.Response.Max), Is.EqualTo([6, 7, 0]));
        Assert.That(intervals.Select(one => one.Service.Max), Is.EqualTo([2, 3, 0]));
        Assert.That(intervals.Select(one => one.Scheduled), Is.EqualTo([0, 1, 0]));
        Assert.That(intervals.Select(one => one.Failed), Is.EqualTo([0, 1, 0]));
        Assert.That(intervals.Select(one => one.Arrived), Is.EqualTo([0, 0, 1]));
    }

    [Test]
    public void A_sample_outside_the_window_is_in_the_nearest_interval()
    {
        var log = new IntervalLog(s_second, 3 * s_second);
        log.Record(-s_second, 1, 1);
        log.Record(60 * s_second, 2, 2);

        // The planned third interval did not come: the run was interrupted after 1.5 s.
        IReadOnlyList<Interval> intervals = IntervalLog.Merge([log], 1.5 * s_second);

        Assert.That(intervals.Select(one => one.Response.Max), Is.EqualTo([1, 2]));
    }

    [TestCase(2.0001, 3)]
    [TestCase(3, 3)]
    [TestCase(3.0001, 3)]
    public void A_window_that_closes_late_has_the_planned_intervals(double elapsed, int count)
    {
        var log = new IntervalLog(s_second, 3 * s_second);
        log.Arrive(3 * s_second);

        IReadOnlyList<Interval> intervals = IntervalLog.Merge([log], elapsed * s_second);

        Assert.That(intervals, Has.Count.EqualTo(count));
        Assert.That(intervals[^1].Arrived, Is.EqualTo(1));
        Assert.That(
            intervals.Sum(one => one.Length.TotalSeconds), Is.EqualTo(elapsed).Within(1e-6));
    }

    [TestCase(IntervalLog.LateMax - 1)]
    [TestCase(IntervalLog.LateMax)]
    [TestCase(IntervalLog.LateMax + 1)]
    public void A_late_sample_is_not_lost(int late)
    {
        var log = new IntervalLog(s_second, 100 * s_second);
        log.Record(TimeSpan.Zero, 1, 1);
        log.Record(99 * s_second, 2, 2);
        for (int i = 0; i < late; i++)
        {
            log.Record(i % 90 * s_second, 1000 + i, i);
        }

        IReadOnlyList<Interval> intervals = IntervalLog.Merge([log], 100 * s_second);

        Assert.That(intervals.Sum(one => one.Response.Count), Is.EqualTo(late + 2));
        Assert.That(intervals.Sum(one => one.Service.Count), Is.EqualTo(late + 2));
        Assert.That(intervals.Max(one => one.Response.Max), Is.EqualTo(1000 + late - 1));
    }

    [FsCheck.NUnit.Property]
    public Property The_intervals_of_all_workers_are_those_of_one_list() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        Gen.Choose(1, 3).ToArbitrary(),
        (seed, workers) =>
        {
            var random = new Random(seed);
            var expected = Enumerable.Range(0, 20).Select(_ => new Histogram()).ToList();
            IntervalLog[] logs =
            [
                .. Enumerable.Range(0, workers)
                    .Select(_ => new IntervalLog(s_second, 20 * s_second)),
            ];
            for (int i = 0; i < 500; i++)
            {
                // Mostly in order, sometimes far behind; rarely out of the histogram's range.
                int interval = random.Next(5) == 0 ? random.Next(20) : i / 25;
                long response = random.Next(100) == 0
                    ? (random.Next(2) == 0 ? -1 : Histogram.ValueMax + 1)
                    : 1L << random.Next(40);
                logs[i % workers].Record(
                    (interval * s_second) + TimeSpan.FromMilliseconds(random.Next(1000)),
                    response, 1);
                expected[interval].Record(response);
            }

            IReadOnlyList<Interval> merged = IntervalLog.Merge(logs, 20 * s_second);
            return merged.Zip(expected).All(both =>
                Histograms.AreEqual(both.First.Response, both.Second));
        });

    [Test]
    [Category("Measured")]
    public void A_run_of_the_planned_length_allocates_nothing_while_it_records()
    {
        // The compiler's first code boxes numbers, and is replaced while the runs go on.
        long allocated = long.MaxValue;
        for (int run = 0; run < 200 && allocated > 0; run++)
        {
            var log = new IntervalLog(s_second, 60 * s_second);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RecordRun(log, seconds: 60);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_run_beyond_what_was_foreseen_grows()
    {
        var log = new IntervalLog(s_second, TimeSpan.FromDays(1));
        for (int i = 0; i < 10_000; i++)
        {
            log.Schedule(i * s_second);
            log.Record(i * s_second, i, i);
        }

        IReadOnlyList<Interval> intervals = IntervalLog.Merge([log], 10_000 * s_second);

        Assert.That(intervals, Has.Count.EqualTo(10_000));
        Assert.That(intervals.Sum(one => one.Scheduled), Is.EqualTo(10_000));
        Assert.That(intervals[9_999].Response.Max, Is.EqualTo(9_999));
    }

    [Test]
    public void Merging_twice_gives_the_same()
    {
        var log = new IntervalLog(s_second, 2 * s_second);
        log.Record(TimeSpan.Zero, 5, 1);
        IntervalLog.Merge([log], 2 * s_second);

        Assert.That(
            IntervalLog.Merge([log], 2 * s_second).Sum(one => one.Response.Count), Is.EqualTo(1));
    }

    // A thousand samples per second, spread over two decades, and some late ones.
    private static void RecordRun(IntervalLog log, int seconds)
    {
        for (int i = 0; i < seconds * 1000; i++)
        {
            var at = TimeSpan.FromMilliseconds(i);
            log.Schedule(at);
            log.Record(at, 100_000 + (i * 7919L % 10_000_000), 100_000 + (i * 104729L % 9_000_000));
            log.Arrive(at);
            if (i % 50 == 0)
            {
                log.Record(TimeSpan.Zero, 1, 1);
            }
        }
    }
}
