using System.Diagnostics;
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// What the system says about this machine. A value that it does not say is null: containers and
/// systems other than Linux hide some. Any thread.
/// </summary>
internal sealed record MachineFacts
{
    /// <summary>Cores that this process may use.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>The numbers of these cores, such as <c>0-1</c>.</summary>
    public string? CoreList { get; init; } = FieldOf("/proc/self/status", "Cpus_allowed_list");

    /// <summary>The frequency governor of the first core.</summary>
    public string? Governor { get; init; } =
        Text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?.Trim();

    /// <summary>The duration of reading the clock.</summary>
    public double ClockReadNs { get; init; } = MeasureClock();

    /// <summary>Descriptors that this process may have.</summary>
    public long? Descriptors { get; init; } = WordOf(
        FieldOf("/proc/self/limits", "Max open files"), 0);

    /// <summary>The first and the last local port that the system gives to a connection.</summary>
    public (long First, long Last)? Ports { get; init; } = ReadPorts();

    /// <summary>The jiffies of all cores so far.</summary>
    public CpuTimes? Cpu { get; init; } = ReadCpu();

    /// <summary>The share of a time in which the hypervisor ran others, 0 to 1.</summary>
    public static double? StealSince(CpuTimes? begin) =>
        begin is { } first && ReadCpu() is { } last && last.All > first.All
            ? (double)(last.Steal - first.Steal) / (last.All - first.All)
            : null;

    /// <summary>Reads the value of a line <c>NAME: VALUE</c> or <c>NAME  VALUE</c>.</summary>
    internal static string? Field(string text, string name) => text.Split('\n')
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
        ?[name.Length..].Trim(':', ' ', '\t');

    /// <summary>Reads the first line of <c>/proc/stat</c>.</summary>
    internal static CpuTimes? ParseCpu(string text)
    {
        const int stealColumn = 7; // user nice system idle iowait irq softirq steal
        long[] columns =
        [
            .. (Field(text, "cpu ") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => long.Parse(word, CultureInfo.InvariantCulture)),
        ];
        return columns.Length > stealColumn
            ? new CpuTimes(columns[..(stealColumn + 1)].Sum(), columns[stealColumn])
            : null;
    }

    private static CpuTimes? ReadCpu() => Text("/proc/stat") is { } text ? ParseCpu(text) : null;

    private static (long First, long Last)? ReadPorts()
    {
        string? line = Text("/proc/sys/net/ipv4/ip_local_port_range")?.Replace('\t', ' ');
        return WordOf(line, 0) is { } first && WordOf(line, 1) is { } last ? (first, last) : null;
    }

    private static double MeasureClock()
    {
        const int reads = 100_000;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 1; i < reads; i++)
        {
            Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds / reads;
    }

    private static string? FieldOf(string file, string name) =>
        Text(file) is { } text ? Field(text, name) : null;

    private static long? WordOf(string? line, int index) =>
        line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(index)
            is { } word
        && long.TryParse(word, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Times of all cores since the start of the system, in jiffies.</summary>
/// <param name="All">All of it.</param>
/// <param name="Steal">The part in which the hypervisor ran others.</param>
internal readonly record struct CpuTimes(long All, long Steal);
