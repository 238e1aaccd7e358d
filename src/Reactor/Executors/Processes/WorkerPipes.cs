using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The worker's two pipes to its pool: its former standard input and output, which other code can
/// no longer access.
/// </summary>
/// <remarks>
/// Standard streams, because the runtime creates these pipes with O_CLOEXEC; inheritable pipes
/// could leak into another process, which would hide the end of the stream. Both are duplicated;
/// then descriptor 0 becomes the null device and 1 standard error. On Windows only .NET's console
/// is redirected: native writes would break the protocol.
/// </remarks>
internal static class WorkerPipes
{
#pragma warning disable RS0030 // the worker uses its console as the pipe to the pool
    public static (Stream Input, Stream Output) Take()
    {
        // On Unix these are duplicates and stay open when 0 and 1 change.
        Stream input = Console.OpenStandardInput();
        Stream output = Console.OpenStandardOutput();
        if (!OperatingSystem.IsWindows())
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle nothing = File.OpenHandle("/dev/null");
            Replace(0, (int)nothing.DangerousGetHandle());
            Replace(1, 2);
        }

        // For a Main that has already used the console, and for Windows.
        Console.SetOut(Console.Error);
        Console.SetIn(TextReader.Null);
        return (input, output);
    }
#pragma warning restore RS0030

    private static void Replace(int descriptor, int by)
    {
        if (Libc.Duplicate(by, descriptor) < 0)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Errno.Last);
            throw new IOException($"Cannot replace descriptor {descriptor}: {reason}");
        }
    }
}
