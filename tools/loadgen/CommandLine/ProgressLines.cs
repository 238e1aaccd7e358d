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

    public void Write(string line)
    {
        if (_last is null or { IsDone: true })
        {
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
