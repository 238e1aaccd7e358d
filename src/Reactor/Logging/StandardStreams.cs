using Microsoft.Win32.SafeHandles;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// Keeps what a program writes to its standard streams away from other files. A process may be
/// started with descriptors 0, 1 or 2 closed (<c>2>&amp;-</c>): the next files that it opens get
/// these numbers, a pipe of the runtime or the socket of a client, and a log line would go there.
/// </summary>
/// <remarks>
/// The runtime opens files before <c>Main</c>, always with close-on-exec, which an inherited
/// descriptor cannot have. So that flag tells whether a number is still the standard stream. One
/// that is closed is opened on the null device; one that the runtime has taken cannot be, and the
/// stream of <c>Console</c> is replaced by an empty one. Does nothing on Windows.
/// </remarks>
public static class StandardStreams
{
    private static readonly Lock s_lock = new();

    /// <summary>
    /// Secures all three streams; call it first in <c>Main</c>, before a socket is opened.
    /// Idempotent. Any thread.
    /// </summary>
    public static void Secure()
    {
#pragma warning disable RS0030 // this is about the console
        if (!IsSecured(0))
        {
            Console.SetIn(TextReader.Null);
        }

        if (!IsSecured(1))
        {
            Console.SetOut(TextWriter.Null);
        }
#pragma warning restore RS0030

        SecureError();
    }

    /// <summary>Secures standard error. Idempotent. Any thread.</summary>
    internal static void SecureError()
    {
        if (!IsSecured(2))
        {
#pragma warning disable RS0030 // this is about the console
            Console.SetError(TextWriter.Null);
#pragma warning restore RS0030
        }
    }

    private static bool IsSecured(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        lock (s_lock)
        {
            int flags = Libc.Flags(descriptor, Libc.GetDescriptorFlags);
            return flags < 0 ? TryOpenNull(descriptor) : (flags & Libc.CloseOnExec) == 0;
        }
    }

    private static bool TryOpenNull(int descriptor)
    {
        try
        {
            SafeFileHandle nothing = File.OpenHandle("/dev/null", access: FileAccess.ReadWrite);
            if ((int)nothing.DangerousGetHandle() == descriptor)
            {
                nothing.SetHandleAsInvalid(); // it got the number, and keeps it
                return true;
            }

            using (nothing)
            {
                return Libc.Duplicate((int)nothing.DangerousGetHandle(), descriptor) >= 0;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // no descriptor is left, or there is no null device
        }
    }
}
