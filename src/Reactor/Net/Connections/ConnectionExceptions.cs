using System.Globalization;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// The peer is gone, or this side has closed the connection (asyncio: <c>ConnectionResetError</c>).
/// The stream helpers throw it, and the writes of an HTTP response; writes of a connection do not.
/// </summary>
public sealed class ConnectionResetException : IOException
{
    internal ConnectionResetException(object connection, bool isClosed, CloseReason reason)
        : base(isClosed
            ? $"The connection was closed ({reason})."
            : $"The peer has reset the connection or takes nothing more ({reason}).") =>
        Connection = connection;

    /// <summary>Tells the end of a server's own client from that of another connection.</summary>
    internal object Connection { get; }
}

/// <summary>
/// None of a host's addresses took the connection. The error code is that of the first address.
/// </summary>
public sealed class ConnectException : SocketException
{
    internal ConnectException(IReadOnlyList<Exception> causes)
        : base(CodeOf(causes), Describe(causes)) => Causes = causes;

    /// <summary>Why each address failed, in the order in which they were tried.</summary>
    public IReadOnlyList<Exception> Causes { get; }

    private static int CodeOf(IReadOnlyList<Exception> causes) => (int)(
        causes.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode
        ?? SocketError.SocketError);

    private static string Describe(IReadOnlyList<Exception> causes) => string.Create(
        CultureInfo.InvariantCulture,
        $"None of {causes.Count} addresses took the connection: " +
        $"{string.Join("; ", causes.Select(cause => cause.Message))}");
}
