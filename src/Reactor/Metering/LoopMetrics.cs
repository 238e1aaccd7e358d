using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The metrics of all running loops, in the meter <c>Reactor</c> of the process, which the first
/// run creates. Values are read when a collector asks. Any thread.
/// </summary>
internal static class LoopMetrics
{
    public const string MeterName = "Reactor";
    private const string NameTag = "reactor.loop.name";
    private static readonly Lock s_lock = new();
    private static readonly List<LoopMeter> s_running = [];

    // For the gauge of the time since the previous reading, also across runs. The keys are weak.
    private static readonly ConditionalWeakTable<LoopMeter, Reading> s_readings = [];

    static LoopMetrics()
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "reactor.loop.utilization", () => Observe(RatioSinceLast), "1",
            "The part of the time since the last reading in which the loop did not wait.");
        meter.CreateObservableCounter(
            "reactor.loop.time", Times, "s",
            "Time that the loop has run, by state: active, or idle in a poll.");
        meter.CreateObservableGauge(
            "reactor.loop.lag", Lags, "s",
            "How late timers were queued in the last ten to twenty seconds, by quantile.");
        meter.CreateObservableUpDownCounter(
            "reactor.loop.tasks", () => Observe(loop => loop.TaskCount), "{task}",
            "Tasks that have not ended.");
        meter.CreateObservableCounter(
            "reactor.loop.turns", () => Observe(loop => loop.Turns), "{turn}",
            "Turns that the loop has made.");
    }

    public static void Add(LoopMeter loop)
    {
        lock (s_lock)
        {
            s_running.Add(loop);
        }
    }

    public static void Remove(LoopMeter loop)
    {
        lock (s_lock)
        {
            s_running.Remove(loop);
        }
    }

    private static double RatioSinceLast(LoopMeter loop)
    {
        EventLoopUtilization now = loop.Utilization();
        Reading reading = s_readings.GetValue(loop, static _ => new Reading());
        EventLoopUtilization since = now.Since(reading.Total);
        if (since.Active + since.Idle > TimeSpan.Zero)
        {
            reading.Ratio = since.Ratio;
        }

        // Two collectors that ask at the same moment get the same answer.
        reading.Total = now;
        return reading.Ratio;
    }

    private static Measurement<double>[] Times() => Observe(loop =>
    {
        EventLoopUtilization total = loop.Utilization();
        return new[]
        {
            Of(loop, total.Active.TotalSeconds, "reactor.loop.state", "active"),
            Of(loop, total.Idle.TotalSeconds, "reactor.loop.state", "idle"),
        };
    });

    private static Measurement<double>[] Lags() => Observe(loop =>
    {
        LoopLag lag = loop.ReadLag();
        return new[]
        {
            Of(loop, lag.P50.TotalSeconds, "quantile", "0.5"),
            Of(loop, lag.P99.TotalSeconds, "quantile", "0.99"),
            Of(loop, lag.Max.TotalSeconds, "quantile", "1"),
        };
    });

    private static Measurement<T>[] Observe<T>(Func<LoopMeter, T> value)
        where T : struct => Observe(loop => new[] { Of(loop, value(loop)) });

    private static Measurement<T>[] Observe<T>(Func<LoopMeter, Measurement<T>[]> values)
        where T : struct
    {
        lock (s_lock)
        {
            return [.. s_running.SelectMany(values)];
        }
    }

    private static Measurement<T> Of<T>(LoopMeter loop, T value)
        where T : struct => new(value, new KeyValuePair<string, object?>(NameTag, loop.Name));

    private static Measurement<T> Of<T>(LoopMeter loop, T value, string key, string tag)
        where T : struct =>
        new(value, new(NameTag, loop.Name), new KeyValuePair<string, object?>(key, tag));

    /// <summary>The totals of a loop at its previous reading, and that reading.</summary>
    private sealed class Reading
    {
        public EventLoopUtilization Total { get; set; }

        public double Ratio { get; set; }
    }
}
