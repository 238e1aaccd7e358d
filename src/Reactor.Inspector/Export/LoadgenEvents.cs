namespace Reactor.Inspector;

/// <summary>
/// Writes a run of loadgen as a second process of a trace: its warm-up, its window with the
/// intervals, rates and failures. One thread at a time.
/// </summary>
internal sealed class LoadgenEvents(ChromeWriter writer, int process, LoadgenRun run, long window)
{
    private const int Load = 1;
    private const int Silence = 2;

    // The distance of two samples of the rate (docs/loadgen.schema.json).
    private const long RateNanoseconds = 100_000_000;

    /// <summary>
    /// Writes all of it. The window opens at <c>window</c>, in nanoseconds since the origin.
    /// </summary>
    public void Write()
    {
        writer.Name("process_name", process, Load, $"loadgen {run.Url}");
        writer.Name("thread_name", process, Load, "load");
        writer.Name("thread_name", process, Silence, "longest time without a response");
        long end = window + Nanoseconds(run.Elapsed);
        if (run.WarmUp > TimeSpan.Zero)
        {
            Slice(Load, "warm-up", window - Nanoseconds(run.WarmUp), window);
        }

        Slice(Load, "window", window, end);
        WriteIntervals(end);
        if (run.SilenceLength > TimeSpan.Zero)
        {
            long begin = window + Nanoseconds(run.SilenceBegin);
            Slice(Silence, "no response", begin, begin + Nanoseconds(run.SilenceLength));
        }

        for (int i = 0; i < run.Rates.Count; i++)
        {
            Counter("responses/s", window + (i * RateNanoseconds), run.Rates[i]);
        }

        foreach ((TimeSpan at, string text) in run.Failures)
        {
            long time = window - Nanoseconds(run.WarmUp) + Nanoseconds(at);
            writer.Begin("i", text, "failure", process, Load, Math.Max(time, 0));
            writer.Word("s", "t");
            writer.End();
        }
    }

    private void WriteIntervals(long end)
    {
        foreach (LoadgenInterval interval in run.Intervals)
        {
            long begin = Math.Min(window + Nanoseconds(interval.Start), end);
            long length = Math.Min(Nanoseconds(interval.Length), end - begin);
            writer.Begin("X", "interval", "load", process, Load, begin);
            writer.Duration(length);
            writer.Arguments(
                [("scheduled", interval.Scheduled), ("failed", interval.Failed),
                 ("arrived", interval.Arrived), ("slowest_ns", interval.ResponseMax)]);
            writer.End();
            Counter("slowest response (ms)", begin, interval.ResponseMax / 1e6);
            Counter("failed requests", begin, interval.Failed);
        }
    }

    private void Slice(int thread, string name, long begin, long end)
    {
        writer.Begin("X", name, "load", process, thread, begin);
        writer.Duration(end - begin);
        writer.End();
    }

    private void Counter(string name, long time, double value) =>
        writer.Counter(name, "load", process, Load, time, [("value", value)]);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
