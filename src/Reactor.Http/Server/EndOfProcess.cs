using System.Runtime.InteropServices;

namespace Reactor.Http;

/// <summary>
/// What a process that only serves does about its end, and a library in another program does not:
/// the closed terminal is no reason to end, and all that follows the last request is bounded.
/// </summary>
internal static class EndOfProcess
{
    /// <summary>
    /// Ignores SIGHUP until it is disposed of: its default ends the process, when a terminal closes
    /// or when an operator expects a reload. Handlers of the application still run.
    /// </summary>
    public static PosixSignalRegistration IgnoreHangUp() => PosixSignalRegistration.Create(
        PosixSignal.SIGHUP, static signal => signal.Cancel = true);

    /// <summary>
    /// The server shuts down: the tasks and the executor that outlive it have what is left of its
    /// timeouts.
    /// </summary>
    public static void Begin(EventLoop loop, HttpServerOptions options)
    {
        TimeSpan left = options.Shutdown.LeftOfEnd(TimeSpan.Zero);
        loop.EndBy = left < TimeSpan.MaxValue - loop.Time ? loop.Time + left : null;
    }
}
