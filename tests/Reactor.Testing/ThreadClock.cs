// The CPU time of the calling thread. Only Linux is asked; elsewhere the clock on the wall answers,
// which is never less.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reactor.Testing;

/// <summary>What the calling thread has cost so far.</summary>
public static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>CPU time since some moment of the thread.</summary>
    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out TimeSpec time) == 0
            ? TimeSpan.FromSeconds(time.Seconds)
                + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    // struct timespec of 64-bit Linux: two longs.
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
