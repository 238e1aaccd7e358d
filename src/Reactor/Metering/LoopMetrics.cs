using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The metrics of all loops that run now, under the meter <c>Reactor</c>. They are observable: a
/// reading happens when a collector asks, and nothing is done for it in the turn.
/// </summary>
/// <remarks>
/// Any thread. A loop is in the list from the begin of a run to its end, so that the list keeps
/// alive none that was forgotten. The meter belongs to the process, as the meters of the BCL do;
/// it is made when the first loop runs.
/// </remarks>
internal static class LoopMetrics
{
    public const string MeterName = "Reactor";
    private const string NameTag = "reactor.loop.name";
    private static readonly Lock s_lock = new();
    private static readonly List<EventLoop> s_running = [];

    // A reading of the gauge is about the time since the one before, whoever made that, and also if
    // the loop has stood still in between. Weak, or it would keep loops alive that were forgotten.
    private static readonly ConditionalWeakTable<EventLoop, Reading> s_readings = [];

    static LoopMetrics()
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "reactor.loop.utilization", Utilizations, "1",
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
            "reactor.loop.turns", () => Observe(loop => loop.Meter.Turns), "{turn}",
            "Turns that the loop has made.");
    }

    /// <summary>A loop begins to run.</summary>
    public static void Add(EventLoop loop)
    {
        lock (s_lock)
        {
            s_running.Add(loop);
        }
    }

    /// <summary>A loop's run is over.</summary>
    public static void Remove(EventLoop loop)
    {
        lock (s_lock)
        {
            s_running.Remove(loop);
        }
    }

    private static Measurement<double>[] Utilizations()
    {
        lock (s_lock)
        {
            return [.. s_running.Select(loop => Of(loop, RatioSinceLast(loop)))];
        }
    }

    private static double RatioSinceLast(EventLoop loop)
    {
        EventLoopUtilization now = loop.Meter.Utilization();
        Reading reading = s_readings.GetValue(loop, static _ => new Reading());
        EventLoopUtilization since = now.Since(reading.Total);
        if (since.Active + since.Idle > TimeSpan.Zero)
        {
            reading.Ratio = since.Ratio;
        }

        // Else two collectors have asked in the same moment: then the answer is the same.
        reading.Total = now;
        return reading.Ratio;
    }

    private static Measurement<double>[] Times() => Observe(loop =>
    {
        EventLoopUtilization total = loop.Meter.Utilization();
        return new[]
        {
            Of(loop, total.Active.TotalSeconds, "reactor.loop.state", "active"),
            Of(loop, total.Idle.TotalSeconds, "reactor.loop.state", "idle"),
        };
    });

    private static Measurement<double>[] Lags() => Observe(loop =>
    {
        LoopLag lag = loop.Meter.Lag.Read(loop.Time.Ticks);
        return new[]
        {
            Of(loop, lag.P50.TotalSeconds, "quantile", "0.5"),
            Of(loop, lag.P99.TotalSeconds, "quantile", "0.99"),
            Of(loop, lag.Max.TotalSeconds, "quantile", "1"),
        };
    });

    private static Measurement<T>[] Observe<T>(Func<EventLoop, T> value)
        where T : struct => Observe(loop => new[] { Of(loop, value(loop)) });

    private static Measurement<T>[] Observe<T>(Func<EventLoop, Measurement<T>[]> values)
        where T : struct
    {
        lock (s_lock)
        {
            return [.. s_running.SelectMany(values)];
        }
    }

    private static Measurement<T> Of<T>(EventLoop loop, T value)
        where T : struct =>
        new(value, new KeyValuePair<string, object?>(NameTag, loop.Options.Name));

    private static Measurement<T> Of<T>(EventLoop loop, T value, string key, string tag)
        where T : struct =>
        new(value, new(NameTag, loop.Options.Name), new KeyValuePair<string, object?>(key, tag));

    /// <summary>What a loop had spent when it was last asked, and what was answered.</summary>
    private sealed class Reading
    {
        public EventLoopUtilization Total { get; set; }

        public double Ratio { get; set; }
    }
}
