using Microsoft.Win32.SafeHandles;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// Protects a process that was started with descriptor 0, 1 or 2 closed (<c>2>&amp;-</c>): the next
/// opened files get these numbers, and a log line would go to a pipe of the runtime or to a client.
/// </summary>
/// <remarks>
/// A closed descriptor is opened on the null device. One with close-on-exec, which an inherited one
/// cannot have, is the runtime's: the stream of <c>Console</c> is replaced. Not on Windows.
/// </remarks>
public static class StandardStreams
{
    private static readonly Lock s_lock = new();

    /// <summary>
    /// True if <see cref="Secure"/> found the standard output closed: what is printed is lost. A
    /// program whose output is its purpose fails then. Any thread.
    /// </summary>
    public static bool IsOutputClosed { get; private set; }

#pragma warning disable RS0030 // this is about the console
    /// <summary>
    /// Secures all three streams; call it first in <c>Main</c>. Idempotent. Any thread.
    /// </summary>
    public static void Secure()
    {
        if (!IsSecured(0, out _))
        {
            Console.SetIn(TextReader.Null);
        }

        if (!IsSecured(1, out bool isClosed))
        {
            Console.SetOut(TextWriter.Null);
        }

        IsOutputClosed |= isClosed;

        SecureError();
    }

    internal static void SecureError()
    {
        if (!IsSecured(2, out _))
        {
            Console.SetError(TextWriter.Null);
        }
    }
#pragma warning restore RS0030

    private static bool IsSecured(int descriptor, out bool isClosed)
    {
        isClosed = false;
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        lock (s_lock)
        {
            int flags = Libc.Flags(descriptor, Libc.GetDescriptorFlags);
            isClosed = flags < 0 || (flags & Libc.CloseOnExec) != 0;
            return !isClosed || (flags < 0 && TryOpenNull(descriptor));
        }
    }

    private static bool TryOpenNull(int descriptor)
    {
        try
        {
            SafeFileHandle nothing = File.OpenHandle("/dev/null", access: FileAccess.ReadWrite);
            if ((int)nothing.DangerousGetHandle() == descriptor)
            {
                nothing.SetHandleAsInvalid(); // keeps the descriptor open
                return true;
            }

            using (nothing)
            {
                return Libc.Duplicate((int)nothing.DangerousGetHandle(), descriptor) >= 0;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // too many descriptors, or no null device
        }
    }
}
