using System.Reflection;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Tells where this program runs, for the saved run. Only reads files of the system, and never
/// fails: what the system does not tell is "unknown". Any thread.
/// </summary>
internal static class CurrentEnvironment
{
    private const string Unknown = "unknown";
    private const string KernelFile = "/proc/sys/kernel/osrelease";
    private const string CpuFile = "/proc/cpuinfo";

    /// <summary>Reads the environment; what the system does not tell is "unknown".</summary>
    public static RunEnvironment Read() => new()
    {
        Os = RuntimeInformation.OSDescription,
        Kernel = Try(() => File.ReadAllText(KernelFile).Trim())
            ?? Environment.OSVersion.Version.ToString(),
        CpuModel = Try(() => ValueOf(File.ReadLines(CpuFile), "model name")) ?? Unknown,
        Cores = Environment.ProcessorCount,
        Runtime = RuntimeInformation.FrameworkDescription,
        Loadgen = typeof(CurrentEnvironment).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? Unknown,
    };

    private static string? ValueOf(IEnumerable<string> lines, string name) => lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault();

    private static string? Try(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
