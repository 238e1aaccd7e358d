using System.Diagnostics;
using System.Runtime.InteropServices;
using Reactor.Testing;

namespace Loadgen.Tests.Real;

/// <summary>
/// Stops a process for a while, and measures for how long on the monotonic clock.
/// </summary>
internal static class StoppedProcess
{
    // The numbers of Linux on every architecture that .NET runs on.
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>Stops it with SIGSTOP and lets it continue with SIGCONT.</summary>
    /// <returns>
    /// The shortest and the longest time for which it can have stood still: each signal took
    /// effect between the readings of the clock around its call.
    /// </returns>
    public static (TimeSpan Min, TimeSpan Max) StopFor(ChildProcess process, TimeSpan time)
    {
        long beforeStop = Stopwatch.GetTimestamp();
        Send(process, Stop);
        long afterStop = Stopwatch.GetTimestamp();
        Thread.Sleep(time); // the only thing to wait for is the time itself
        long beforeContinue = Stopwatch.GetTimestamp();
        Send(process, Continue);
        long afterContinue = Stopwatch.GetTimestamp();
        return (
            Stopwatch.GetElapsedTime(afterStop, beforeContinue),
            Stopwatch.GetElapsedTime(beforeStop, afterContinue));
    }

    // A shell with its own kill takes milliseconds to start, which would be in the measured time.
    private static void Send(ChildProcess process, int signal) =>
        Assert.That(SendSignal(process.Id, signal), Is.Zero, $"cannot send signal {signal}");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
