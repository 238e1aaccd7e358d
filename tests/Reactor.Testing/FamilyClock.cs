// The CPU time of this process and of its children that have ended. Only Linux is asked; elsewhere
// the children are missing.
using System.Globalization;

namespace Reactor.Testing;

/// <summary>What this process and its children have cost so far.</summary>
public static class FamilyClock
{
    /// <summary>Per second, on each architecture of Linux: USER_HZ.</summary>
    private const int Ticks = 100;

    /// <summary>The fields 14 to 17 of proc(5): utime, stime, cutime and cstime.</summary>
    private static readonly Range s_times = 11..15;

    /// <summary>CPU time since the begin of the process.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return Environment.CpuUsage.TotalTime;
            }

            // Field 2 is a name in parentheses, which may have spaces; field 3 follows it.
            string stat = File.ReadAllText("/proc/self/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds(fields[s_times].Sum(
                text => double.Parse(text, CultureInfo.InvariantCulture)) / Ticks);
        }
    }
}
