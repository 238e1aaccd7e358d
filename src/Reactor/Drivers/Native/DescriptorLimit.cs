namespace Reactor.Drivers;

/// <summary>
/// The process's limit of descriptors, a few of which stay free for the runtime: on Linux it opens
/// a pipe to start a thread, as it does for SIGTERM and Ctrl+C, and aborts the process with "Out of
/// memory" if that fails.
/// </summary>
/// <remarks>
/// Any thread. The kernel gives out the lowest free number, so an accepted socket whose number is
/// near the limit proves that all below are taken. Holding descriptors in reserve was rejected: the
/// runtime starts its thread without asking.
/// </remarks>
internal static class DescriptorLimit
{
    /// <summary>
    /// Two for each of a handful of threads, and some for assemblies loaded at the end.
    /// </summary>
    private const int KeptFree = 16;

    /// <summary>
    /// The limit, or null if there is none. Read each time (100 ns): it can change from outside.
    /// </summary>
    public static int? Current
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return null; // handles are limited by memory only
            }

            int limit = Libc.DescriptorLimit();
            return limit > 0 ? limit : null;
        }
    }

    /// <summary>True if the newest descriptor shows that hardly any other is left.</summary>
    public static bool IsNear(nint newest) => Current is { } limit && newest >= limit - KeptFree;
}
