using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// How many descriptors the process may have, and a few of them kept free, whatever clients do. The
/// runtime needs them where nobody can help it: on Linux the beginning of a thread opens a pipe,
/// and if that fails the process is aborted with "Out of memory." For SIGTERM and Ctrl+C it starts
/// a thread each time.
/// </summary>
/// <remarks>
/// The kernel gives out the lowest number that is free, so an accepted socket whose number is near
/// the limit tells that all below are taken; nothing need be counted. To hold descriptors in
/// reserve instead was rejected: the runtime starts that thread before it asks anybody. Any thread.
/// </remarks>
internal static partial class DescriptorLimit
{
    /// <summary>
    /// Two for each thread that begins, for a handful of threads at once, and some for the
    /// assemblies that are loaded at the end of a program.
    /// </summary>
    private const int KeptFree = 16;

    /// <summary>
    /// The limit of this moment; null if there is none. Asked each time: it may be changed from
    /// outside, and the call costs some 100 ns beside an accept.
    /// </summary>
    public static int? Current
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return null; // its handles are no small numbers, and their limit is the memory
            }

            int limit = GetDescriptorLimit();
            return limit > 0 ? limit : null; // no limit at all is a negative number
        }
    }

    /// <summary>
    /// True if the process has hardly a descriptor left beside this one, which is the newest.
    /// </summary>
    public static bool IsNear(nint newest) => Current is { } limit && newest >= limit - KeptFree;

    // In the C libraries of Linux and of macOS, and without a structure that differs among them.
    [LibraryImport("libc", EntryPoint = "getdtablesize")]
    private static partial int GetDescriptorLimit();
}
