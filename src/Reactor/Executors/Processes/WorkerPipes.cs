using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The two pipes of a worker process to its pool: what were its standard input and output. Once
/// taken, nothing else in the process can touch them.
/// </summary>
/// <remarks>
/// <para>Why standard streams: the runtime makes these pipes with O_CLOEXEC and hands each to one
/// child. The client ends of anonymous pipes would be inheritable, and a worker or another program
/// that is started at the same moment would get them too; as long as that lives, nobody sees the
/// end of the stream, which is the whole of our shutdown.</para>
/// <para>What that costs is mended here. Both are duplicated with close-on-exec, then descriptor 0
/// becomes the null device and 1 becomes standard error. So a job may write to the console, native
/// code may write to descriptor 1, and a program started by a job inherits no pipe. On Windows,
/// where only the console of .NET is turned round, native writes would break the protocol.
/// </para>
/// </remarks>
internal static class WorkerPipes
{
#pragma warning disable RS0030 // the worker owns its console: it is what the pool talks through
    public static (Stream Input, Stream Output) Take()
    {
        // On Unix these are duplicates, which stay open when 0 and 1 change.
        Stream input = Console.OpenStandardInput();
        Stream output = Console.OpenStandardOutput();
        if (!OperatingSystem.IsWindows())
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle nothing =
                File.OpenHandle("/dev/null");
            Replace(0, (int)nothing.DangerousGetHandle());
            Replace(1, 2);
        }

        // For a Main that has used the console before, and for Windows.
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
