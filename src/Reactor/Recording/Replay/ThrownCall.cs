using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Makes the exception of a recorded call again, by its type. A type that drivers do not throw
/// becomes an <see cref="InvalidOperationException"/>. Any thread.
/// </summary>
internal static class ThrownCall
{
    public static Exception Make(in RecordedEntry entry)
    {
        string type = entry.Text!;
        string message = entry.Message!;
        return type == typeof(SocketException).FullName ? new SocketException((int)entry.Bound)
            : type == typeof(PlatformNotSupportedException).FullName
                ? new PlatformNotSupportedException(message)
            : type == typeof(NotSupportedException).FullName ? new NotSupportedException(message)
            : type == typeof(ObjectDisposedException).FullName
                ? new ObjectDisposedException(null, message)
            : type == typeof(IOException).FullName ? new IOException(message)
            : type == typeof(UnauthorizedAccessException).FullName
                ? new UnauthorizedAccessException(message)
            : type == typeof(ArgumentNullException).FullName
                ? new ArgumentNullException(message, innerException: null)
            : type == typeof(ArgumentOutOfRangeException).FullName
                ? new ArgumentOutOfRangeException(message, innerException: null)
            : type == typeof(ArgumentException).FullName ? new ArgumentException(message)
            : type == typeof(DriverException).FullName ? new DriverException(message)
            : type == typeof(InvalidOperationException).FullName
                ? new InvalidOperationException(message)
            : new InvalidOperationException($"{type}: {message}");
    }
}
