using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// Ends the process from another thread if it does not end after SIGINT or SIGTERM: a handler that
/// blocks its loop also blocks the signal, and a container platform kills the process after 30
/// seconds.
/// </summary>
/// <remarks>Runs on threads of the runtime, not on the loop thread.</remarks>
internal sealed class EndGuard : IDisposable
{
    /// <summary>
    /// The server's own timeouts end after 29 seconds; the log flush uses the rest.
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

    // Does not cancel the signal; that is the loop's decision.
    private void OnSignal(PosixSignalContext signal)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _timer.Change(s_limit, Timeout.InfiniteTimeSpan);
        }
    }

    private static void End()
    {
        // Log through the queue, because standard error may block.
        ServerLog.EndTimeout(LogQueue.Wrap(null, "Reactor.Server"), s_limit);
        LogQueue.Flush(s_flush);
        Environment.Exit(ExitCode.EndTimeout);
    }
}
