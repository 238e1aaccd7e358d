using System.Globalization;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// The stream ended before all that was asked for had come (asyncio: <c>IncompleteReadError</c>).
/// What had come is no longer buffered: it is here.
/// </summary>
public sealed class IncompleteReadException : EndOfStreamException
{
    internal IncompleteReadException(byte[] partial, long? expected)
        : base(expected is null
            ? $"The stream ended after {partial.Length} bytes, before a separator came."
            : $"The stream ended after {partial.Length} of {expected} expected bytes.")
    {
        Partial = partial;
        Expected = expected;
    }

    /// <summary>What came before the end; it belongs to whoever catches this.</summary>
    public ReadOnlyMemory<byte> Partial { get; }

    /// <summary>How many bytes were asked for; null: as many as up to a separator.</summary>
    public long? Expected { get; }
}

/// <summary>
/// More came before a separator, or the end, than the limit allows (asyncio:
/// <c>LimitOverrunError</c>).
/// </summary>
public sealed class LimitOverrunException : IOException
{
    internal LimitOverrunException(string message, long consumed)
        : base(message) => Consumed = consumed;

    /// <summary>
    /// Bytes that may be read away without taking a part of a separator. After
    /// <c>ReadLineAsync</c>, which drops the line itself, the bytes that it has dropped.
    /// </summary>
    public long Consumed { get; }
}

/// <summary>
/// The connection can no longer be used: the peer reset it or went away, or this side has closed it
/// (asyncio: <c>ConnectionResetError</c>). Only the stream helpers throw it.
/// </summary>
public sealed class ConnectionResetException : IOException
{
    internal ConnectionResetException(Connection connection)
        : base(connection.IsClosed
            ? $"The connection was closed ({connection.CloseReason})."
            : "The peer has reset the connection or takes nothing more " +
              $"({connection.CloseReason}).") => Connection = connection;

    /// <summary>Whose it is: a server tells its client's end from that of another.</summary>
    internal Connection Connection { get; }
}

/// <summary>
/// None of a host's addresses took the connection. Its
/// <see cref="SocketException.SocketErrorCode"/> is that of the first address.
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
