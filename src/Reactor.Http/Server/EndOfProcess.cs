using System.Runtime.InteropServices;

namespace Reactor.Http;

/// <summary>
/// The end of a process that only serves: a closed terminal does not end it, and the end of the
/// loop has a limit.
/// </summary>
internal static class EndOfProcess
{
    /// <summary>Ignores SIGHUP, which by default ends the process, until disposed.</summary>
    public static PosixSignalRegistration IgnoreHangUp() => PosixSignalRegistration.Create(
        PosixSignal.SIGHUP, static signal => signal.Cancel = true);

    /// <summary>Bounds the end of the loop by the time of the shutdown.</summary>
    public static void Begin(EventLoop loop, HttpServerOptions options)
    {
        TimeSpan left = options.Shutdown.LeftOfEnd(TimeSpan.Zero);
        loop.EndBy = left < TimeSpan.MaxValue - loop.Time ? loop.Time + left : null;
    }
}
