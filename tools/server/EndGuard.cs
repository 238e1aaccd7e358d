using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// Ends the process from outside if it does not end by itself after SIGINT or SIGTERM: a handler
/// that blocks its loop keeps the signal from it, and a container platform kills after 30 seconds
/// without a word.
/// </summary>
/// <remarks>Not on the loop thread: signals and the timer come on threads of the runtime.</remarks>
internal sealed class EndGuard : IDisposable
{
    /// <summary>
    /// The timeouts of the server end after 29 seconds, and the flush of the log has the rest.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(29.5);

    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(0.25);

    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly Timer _timer;
    private int _isStarted;

    public EndGuard()
    {
        _timer = new Timer(static _ => End());
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _timer.Dispose();
    }

    // Does not cancel the signal: whether it is taken is for the loop to say.
    private void OnSignal(PosixSignalContext signal)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _timer.Change(s_limit, Timeout.InfiniteTimeSpan);
        }
    }

    private static void End()
    {
        // Through the queue: standard error may block.
        ServerLog.EndTimeout(LogQueue.Wrap(null, "Reactor.Server"), s_limit);
        LogQueue.Flush(s_flush);
        Environment.Exit(ExitCode.EndTimeout);
    }
}
