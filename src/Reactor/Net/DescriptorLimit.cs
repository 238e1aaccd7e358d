using System.Globalization;

namespace Reactor.Net;

/// <summary>
/// How many descriptors the process may have: a server that accepts up to there has none left for
/// its log, its wake-up and its files. Any thread.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>What a server leaves for everything that is no connection of its own.</summary>
    public const int Reserved = 512;

    private const string LimitsPath = "/proc/self/limits";
    private const string Row = "Max open files";

    /// <summary>
    /// The connections that a server accepts unless it is told otherwise: the soft limit less the
    /// reserve, and of a small limit half.
    /// </summary>
    public static int ConnectionsMax { get; } = ConnectionsFor(SoftLimit());

    /// <summary>The same for some limit; null: there is none, or it cannot be learned.</summary>
    public static int ConnectionsFor(long? limit) => limit is { } descriptors
        ? (int)Math.Min(
            Math.Max(descriptors - Reserved, Math.Max(descriptors / 2, 1)), int.MaxValue)
        : int.MaxValue;

    /// <summary>
    /// Finds the soft limit in the text of the kernel's file; null if it is not there.
    /// </summary>
    public static long? Parse(string limits)
    {
        int at = limits.IndexOf(Row, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        string[] words = limits[(at + Row.Length)..].Split(
            ' ', 2, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && long.TryParse(
            words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : null;
    }

    // The kernel tells it in a file, which spares a platform call that each system spells its own
    // way. It lies in memory, so reading it does not wait.
    private static long? SoftLimit()
    {
        try
        {
            return File.Exists(LimitsPath) ? Parse(File.ReadAllText(LimitsPath)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // no descriptor is left to ask with, or the file is kept from us
        }
    }
}
