using System.Runtime.InteropServices;

namespace Reactor.Http;

/// <summary>
/// The end of a process that only serves: a closed terminal does not end it, and all that follows
/// the last request is bounded. A server inside another program does neither.
/// </summary>
internal static class EndOfProcess
{
    /// <summary>
    /// Ignores SIGHUP until disposed: by default it ends the process, when a terminal closes or an
    /// operator expects a reload. Other handlers of the signal still run.
    /// </summary>
    public static PosixSignalRegistration IgnoreHangUp() => PosixSignalRegistration.Create(
        PosixSignal.SIGHUP, static signal => signal.Cancel = true);

    /// <summary>Bounds the end of the loop by what is left of the server's shutdown.</summary>
    public static void Begin(EventLoop loop, HttpServerOptions options)
    {
        TimeSpan left = options.Shutdown.LeftOfEnd(TimeSpan.Zero);
        loop.EndBy = left < TimeSpan.MaxValue - loop.Time ? loop.Time + left : null;
    }
}
