using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// Keeps a few descriptors of the process free, whatever clients do. The runtime needs them where
/// nobody can help it: on Linux the beginning of a thread opens a pipe, and if that fails the
/// process is aborted with "Out of memory." For SIGTERM and Ctrl+C it starts a thread each time.
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

    /// <summary>True if the process has hardly a descriptor left beside this one.</summary>
    public static bool IsNear(Socket accepted)
    {
        if (OperatingSystem.IsWindows())
        {
            return false; // its handles are no small numbers, and their limit is the memory
        }

        // Asked each time: the limit may be changed from outside, and the call costs some 100 ns
        // beside an accept. No limit at all is a negative number.
        int limit = GetDescriptorLimit();
        return limit > 0 && accepted.SafeHandle.DangerousGetHandle() >= limit - KeptFree;
    }

    // In the C libraries of Linux and of macOS, and without a structure that differs among them.
    [LibraryImport("libc", EntryPoint = "getdtablesize")]
    private static partial int GetDescriptorLimit();
}
