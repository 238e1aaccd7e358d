namespace Reactor.Tools.Loadgen;

/// <summary>
/// Prints progress from another thread: a terminal that takes its time must not stop the load.
/// While one line is on its way the next ones are dropped. Loop thread only.
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
