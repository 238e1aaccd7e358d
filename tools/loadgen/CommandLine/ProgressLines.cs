namespace Reactor.Tools.Loadgen;

/// <summary>
/// Prints progress on another thread, because a slow terminal must not stop the load. Lines are
/// dropped while an earlier line is being written. Call on the loop thread only.
/// </summary>
internal sealed class ProgressLines(EventLoop loop, TextWriter output)
{
    /// <summary>How long the end of a run waits for the last line.</summary>
    private static readonly TimeSpan s_finishMax = TimeSpan.FromMilliseconds(200);

    private Future<Unit>? _last;

    /// <summary>Prints a line, unless there is no sample yet.</summary>
    public void Write(LoadProgress progress)
    {
        if (progress.P99 is { } p99 && _last is null or { IsDone: true })
        {
            string bound = p99.IsLowerBound ? ">" : "";
            string line = FormattableString.Invariant($"{progress.At.TotalSeconds,4:F0}s ")
                + FormattableString.Invariant($"{progress.Responses,9} responses/s  p99 so far ")
                + $"{bound}{WrkUnits.Time(p99.Nanoseconds / 1000.0)}  "
                + FormattableString.Invariant($"errors {progress.Failed}");
            _last = loop.RunInExecutor(() => TryWrite(line));
        }
    }

    public async Coroutine Finish()
    {
        if (_last is { IsDone: false } last)
        {
            await EventLoop.Wait([last], timeout: s_finishMax);
        }
    }

    private void TryWrite(string line)
    {
        try
        {
            output.WriteLine(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full; the report follows on standard output.
        }
    }
}
