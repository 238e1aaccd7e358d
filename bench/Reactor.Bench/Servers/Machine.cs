// What to say about the machine, so that a figure is not quoted without it; read from /proc.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Reactor.Bench.Servers;

internal static class Machine
{
    public static MachineRecord Describe() => new(
        CpuModel(File.ReadLines("/proc/cpuinfo")),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
        RuntimeInformation.FrameworkDescription,
        double.Parse(
            File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>The first processor's name; ARM has none there.</summary>
    public static string CpuModel(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith("model name", StringComparison.Ordinal)
                && line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>A file's name for the results: the day, the processor, its cores.</summary>
    public static string FileName(DateTimeOffset day, MachineRecord machine)
    {
        var name = new StringBuilder();
        foreach (char c in machine.Cpu)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(char.ToLowerInvariant(c));
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{day:yyyy-MM-dd}-{name.ToString().Trim('-')}-{machine.Cores}-cores");
    }

    /// <summary>Descriptors that a process started here may have.</summary>
    public static int DescriptorsMax()
    {
        string line = File.ReadLines("/proc/self/limits")
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out int count)
            ? count
            : int.MaxValue;
    }
}
