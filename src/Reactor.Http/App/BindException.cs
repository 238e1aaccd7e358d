using System.Net.Sockets;

namespace Reactor.Http;

/// <summary>An address could not be bound; the message says which and why.</summary>
public sealed class BindException : SocketException
{
    internal BindException(string host, int port, SocketException cause)
        : base(ErrorOf(cause), $"Cannot listen on {host}, port {port}: {ReasonOf(cause)}.")
    {
        Host = host;
        Port = port;
    }

    /// <summary>The requested name or address.</summary>
    public string Host { get; }

    /// <summary>The requested port.</summary>
    public int Port { get; }

    // A listener's message begins with the address; that of a failed look-up says more than its
    // error code, such as which interface is missing.
    private static string ReasonOf(SocketException cause) =>
        cause.SocketErrorCode == SocketError.HostNotFound
            ? cause.Message.TrimEnd('.')
            : new SocketException(ErrorOf(cause)).Message;

    private static int ErrorOf(SocketException cause) => (int)cause.SocketErrorCode;
}
