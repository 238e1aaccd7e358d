using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// Ends the process if it does not end itself after SIGINT or SIGTERM, because a handler blocks its
/// loop. Container platforms kill the process after 30 seconds, and nothing is logged.
/// </summary>
/// <remarks>Signals and the timer run on threads of the runtime, not on the loop thread.</remarks>
internal sealed class EndGuard : IDisposable
{
    /// <summary>The server's timeouts take 29 seconds; the rest is for the log's flush.</summary>
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

    // Does not cancel the signal: the loop decides whether it is handled.
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
