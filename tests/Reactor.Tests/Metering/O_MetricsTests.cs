using System.Diagnostics.Metrics;
using System.Numerics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// How busy a loop is and how late, on a clock that only the test and the waits move: a callback
/// that advances it is one that takes so long.
/// </summary>
public sealed class O_MetricsTests : LoopFixture
{
    [Test]
    public void Utilization_tells_work_from_waiting()
    {
        Assert.That(Loop.Utilization(), Is.EqualTo(default(EventLoopUtilization)));
        Assert.That(Loop.Utilization().Ratio, Is.Zero);

        Loop.RunUntilComplete(Work(busy: 1, asleep: 3));

        Assert.That(Loop.Utilization(), Is.EqualTo(new EventLoopUtilization(S(1), S(3))));
        Assert.That(Loop.Utilization().Ratio, Is.EqualTo(0.25));
    }

    [Test]
    public void Utilization_since_an_earlier_reading_is_of_the_time_between()
    {
        Loop.RunUntilComplete(Work(busy: 1, asleep: 3));
        EventLoopUtilization earlier = Loop.Utilization();
        Loop.RunUntilComplete(Work(busy: 3, asleep: 1));

        Assert.That(Loop.Utilization().Since(earlier).Ratio, Is.EqualTo(0.75));
    }

    [Test]
    public void Time_between_two_runs_is_neither_active_nor_idle()
    {
        Loop.RunUntilComplete(Work(busy: 1, asleep: 1));
        Driver.Advance(S(100));
        Loop.RunUntilComplete(Work(busy: 1, asleep: 1));

        Assert.That(Loop.Utilization(), Is.EqualTo(new EventLoopUtilization(S(2), S(2))));
    }

    [Test]
    public void A_wait_under_way_counts_as_idle_for_another_thread()
    {
        EventLoopUtilization seen = default;
        var other = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            Driver.Advance(S(5));
            seen = Loop.Utilization();
            Loop.CallSoonThreadSafe(Loop.Stop);
        });
        Loop.CallSoon(() => Driver.Advance(S(5)));
        Loop.CallSoon(other.Start);

        Loop.RunForever();
        other.Join();

        Assert.That(seen, Is.EqualTo(new EventLoopUtilization(S(5), S(5))));
        Assert.That(Loop.Utilization(), Is.EqualTo(seen));
    }

    [Test]
    public void Lag_is_how_late_timers_are_queued()
    {
        Assert.That(Loop.Lag(), Is.EqualTo(default(LoopLag)));
        for (int i = 1; i <= 99; i++)
        {
            Loop.CallLater(S(0.001 * i), () => { });
        }

        Loop.CallLater(S(1), () => Driver.Advance(S(2)));
        Loop.CallLater(S(1.5), Loop.Stop);
        Loop.RunForever();

        Assert.That(Loop.Lag(), Is.EqualTo(new LoopLag { Count = 101, Max = S(1.5) }));
        Loop.CallLater(S(0.5), () => Driver.Advance(S(4)));
        Loop.CallLater(S(1), Loop.Stop);
        Loop.RunForever();
        Assert.That(Loop.Lag().Max, Is.EqualTo(S(3.5)));
        Assert.That(Loop.Lag().P99, Is.GreaterThanOrEqualTo(S(1.5)).And.LessThan(S(1.5 * 1.125)));
    }

    [Test]
    public void Lag_forgets_what_is_older_than_two_windows()
    {
        var histogram = new LagHistogram();
        long window = LagHistogram.Window.Ticks;
        histogram.Record(1000, 0);
        Assert.That(histogram.Read(window - 1).Max.Ticks, Is.EqualTo(1000), "its own window");

        histogram.Record(10, window);
        Assert.That(histogram.Read((2 * window) - 1).Max.Ticks, Is.EqualTo(1000), "the next");
        Assert.That(histogram.Read(2 * window).Max.Ticks, Is.EqualTo(10), "the one after");

        Assert.That(histogram.Read((3 * window) - 1).Count, Is.EqualTo(1));
        Assert.That(histogram.Read(3 * window), Is.EqualTo(default(LoopLag)));

        histogram.Record(5, 7 * window);
        Assert.That(histogram.Read(7 * window), Is.EqualTo(
            new LoopLag
            {
                Count = 1,
                P50 = new TimeSpan(5),
                P99 = new TimeSpan(5),
                Max = new TimeSpan(5),
            }));
    }

    [Test]
    public void A_percentile_is_an_eighth_above_the_truth_at_most()
    {
        var random = new Random(TestSeed.Next());
        for (int round = 0; round < 1000; round++)
        {
            long value = random.NextInt64(1L << random.Next(1, 44));
            var histogram = new LagHistogram();
            histogram.Record(value, 0);
            histogram.Record(value, 0);
            histogram.Record(1L << 44, 0);

            long median = histogram.Read(0).P50.Ticks;

            Assert.That(median, Is.GreaterThanOrEqualTo(value));
            Assert.That(median, Is.LessThanOrEqualTo(value + (value / 8)), $"of {value}");
        }
    }

    [Test]
    public void A_lag_beyond_the_last_bucket_and_a_timer_early_by_a_grain_are_counted()
    {
        var histogram = new LagHistogram();
        histogram.Record(long.MaxValue, 0);
        histogram.Record(-1, 0);

        LoopLag lag = histogram.Read(0);

        Assert.That(lag.Count, Is.EqualTo(2));
        Assert.That(lag.P50, Is.EqualTo(TimeSpan.Zero));
        Assert.That(lag.Max, Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void The_meter_Reactor_has_a_reading_for_each_loop_that_runs()
    {
        string name = $"metered {TestSeed.Next()}";
        var driver = new ManualDriver();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver, Name = name });
        Dictionary<string, double> first = [];
        Dictionary<string, double> second = [];
        Dictionary<string, double> after;

        loop.RunUntilComplete(Main());
        after = Read(name);

        Assert.That(first, Is.EquivalentTo(new Dictionary<string, double>
        {
            ["reactor.loop.utilization"] = 0.25,
            ["reactor.loop.time active"] = 1,
            ["reactor.loop.time idle"] = 3,
            ["reactor.loop.lag 0.5"] = 0,
            ["reactor.loop.lag 0.99"] = 0,
            ["reactor.loop.lag 1"] = 0,
            ["reactor.loop.tasks"] = 1,
            ["reactor.loop.turns"] = 2,
        }));
        Assert.That(second["reactor.loop.utilization"], Is.EqualTo(0.5), "since the last reading");
        Assert.That(second["reactor.loop.turns"], Is.EqualTo(3));
        Assert.That(after, Is.Empty, "a loop that does not run has none");

        async Coroutine Main()
        {
            driver.Advance(S(1));
            await EventLoop.Delay(S(3));
            first = Read(name);
            driver.Advance(S(2));
            await EventLoop.Delay(S(2));
            second = Read(name);
        }
    }

    [Test]
    public void A_reading_is_of_the_time_since_the_one_in_an_earlier_run()
    {
        string name = $"metered {TestSeed.Next()}";
        var driver = new ManualDriver();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver, Name = name });
        double utilization = 0;

        loop.RunUntilComplete(Main(busy: 1, asleep: 3));
        Assert.That(utilization, Is.EqualTo(0.25));
        loop.RunUntilComplete(Main(busy: 1, asleep: 1));
        Assert.That(utilization, Is.EqualTo(0.5));

        async Coroutine Main(double busy, double asleep)
        {
            driver.Advance(S(busy));
            await EventLoop.Delay(S(asleep));
            utilization = Read(name)["reactor.loop.utilization"];
        }
    }

    [Test]
    public void Every_instrument_of_the_meter_has_a_unit_and_a_description()
    {
        RunTurns(1);
        var seen = new List<Instrument>();
        // Not MetricCollector: it hears one instrument, whose name it must know.
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Reactor")
                {
                    seen.Add(instrument);
                }
            },
        };
        listener.Start();

        Assert.That(seen, Has.Count.EqualTo(5));
        Assert.That(seen.Select(instrument => instrument.Unit), Is.All.Not.Empty);
        Assert.That(seen.Select(instrument => instrument.Description), Is.All.Not.Empty);
    }

    /// <summary>All readings of a loop, by instrument and second tag.</summary>
    private static Dictionary<string, double> Read(string loopName) => new(
        [
            .. Read<double>(loopName, "utilization"),
            .. Read<double>(loopName, "time"),
            .. Read<double>(loopName, "lag"),
            .. Read<int>(loopName, "tasks"),
            .. Read<long>(loopName, "turns"),
        ]);

    private static IEnumerable<KeyValuePair<string, double>> Read<T>(
        string loopName, string instrument)
        where T : struct, INumber<T>
    {
        const string LoopTag = "reactor.loop.name";
        string name = $"reactor.loop.{instrument}";
        using var collector = new MetricCollector<T>(null, "Reactor", name);
        collector.RecordObservableInstruments();
        return
        [
            .. from one in collector.GetMeasurementSnapshot()
               where (string?)one.Tags[LoopTag] == loopName
               let kind = one.Tags.Where(tag => tag.Key != LoopTag).Select(tag => $" {tag.Value}")
               select KeyValuePair.Create(
                   name + string.Concat(kind), double.CreateChecked(one.Value)),
        ];
    }

    private async Coroutine Work(double busy, double asleep)
    {
        Driver.Advance(S(busy));
        await EventLoop.Delay(S(asleep));
    }
}
