using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Whether the process may open as many descriptors as a plan needs. Checked before the run: a
/// shortage within it looks like errors of the server. Any thread.
/// </summary>
internal static class DescriptorCheck
{
    /// <summary>
    /// Descriptors of a worker (poll, wake-up, timer, reserve) and of files opened on the way.
    /// </summary>
    private const int OfWorker = 8;
    private const int Spare = 16;

    /// <summary>A sentence if the limit is too low, else null.</summary>
    public static string? Complain(LoadPlan plan) =>
        ReadLimit() is { } limit ? Complain(plan, limit, CountOpen()) : null;

    /// <summary>The rule alone.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="limit">The limit of the process.</param>
    /// <param name="open">Descriptors in use.</param>
    public static string? Complain(LoadPlan plan, long limit, int open)
    {
        long needed = plan.ConnectionsPeak + open + ((long)OfWorker * plan.Threads) + Spare;
        return needed <= limit ? null : FormattableString.Invariant(
            $"{plan.ConnectionsPeak} connections need {needed} open files, and the limit is ")
            + FormattableString.Invariant(
                $"{limit}; raise it, for example with ulimit -n {needed}, or lower -c.");
    }

    // Not Linux, or no /proc: the limit is unknown, and a shortage is an error of the run.
    private static long? ReadLimit()
    {
        const string Name = "Max open files";
        try
        {
            string line = File.ReadLines("/proc/self/limits").First(
                one => one.StartsWith(Name, StringComparison.Ordinal));
            string soft = line[Name.Length..].TrimStart().Split(' ')[0];
            return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit) ? limit : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            return null;
        }
    }

    private static int CountOpen()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
