using System.Globalization;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes a trace as the JSON of Chrome's trace format, which <c>ui.perfetto.dev</c> opens: turns
/// with their polls, batches, callbacks and steps as nested slices; tasks and connections as spans;
/// arrows from a wake to its step; counters.
/// </summary>
/// <remarks>Any thread; writes as it reads, so memory does not grow with the trace.</remarks>
public static class ChromeTrace
{
    private const int LoopProcess = 1;
    private const int LoadgenProcess = 2;

    /// <summary>Writes a trace, and beside it a run of loadgen on the same clock.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="stream">Gets the JSON; stays open.</param>
    /// <param name="load">Was made at the same time, by a machine with the same wall time.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(LoopTrace trace, Stream stream, LoadgenRun? load = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(stream);
        TimeSpan window = load is null ? TimeSpan.Zero : load.StartedAt - trace.Info.Begin;
        // Times of the file are not negative: it begins with what is earlier.
        TimeSpan before = load is null ? TimeSpan.Zero : load.WarmUp - window;
        long origin = before > TimeSpan.Zero ? Nanoseconds(before) : 0;
        using var writer = new ChromeWriter(stream);
        writer.Property("otherData",
        [
            ("program", trace.Info.Program),
            ("version", trace.Info.Version),
            ("driver", trace.Info.Driver),
            ("begin", trace.Info.Begin.ToString("O", CultureInfo.InvariantCulture)),
        ]);
        writer.BeginEvents();
        new LoopEvents(writer, LoopProcess, trace, origin).Write();
        if (load is not null)
        {
            new LoadgenEvents(writer, LoadgenProcess, load, Nanoseconds(window) + origin).Write();
        }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
