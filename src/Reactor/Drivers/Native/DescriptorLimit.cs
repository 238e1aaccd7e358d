namespace Reactor.Drivers;

/// <summary>
/// The process's limit of descriptors, a few of which stay free for the runtime: on Linux it opens
/// a pipe to start a thread, as for SIGTERM, and aborts the process if that fails.
/// </summary>
/// <remarks>
/// Any thread. The kernel gives out the lowest free number, so a new number near the limit proves
/// that all below are taken.
/// </remarks>
internal static class DescriptorLimit
{
    /// <summary>
    /// Two for each of a handful of threads, and some for assemblies loaded at the end.
    /// </summary>
    private const int KeptFree = 16;

    /// <summary>
    /// The limit, or null without one (Windows). Read each time (100 ns), as it can change.
    /// </summary>
    public static int? Current =>
        !OperatingSystem.IsWindows() && Libc.DescriptorLimit() is > 0 and var limit ? limit : null;

    /// <summary>True if the newest descriptor shows that hardly any other is left.</summary>
    public static bool IsNear(nint newest) => Current is { } limit && newest >= limit - KeptFree;
}
