using System.Net.Sockets;

namespace Reactor.Http;

/// <summary>An address cannot be listened on; says which, and why.</summary>
public sealed class BindException : SocketException
{
    /// <summary>Makes one of what the system has answered.</summary>
    /// <param name="host">The name or address that was asked for.</param>
    /// <param name="port">The port that was asked for.</param>
    /// <param name="cause">The answer.</param>
    public BindException(string host, int port, SocketException cause)
        : base(ErrorOf(cause), $"Cannot listen on {host}, port {port}: {ReasonOf(cause)}.")
    {
        Host = host;
        Port = port;
    }

    /// <summary>The name or address that was asked for.</summary>
    public string Host { get; }

    /// <summary>The port that was asked for.</summary>
    public int Port { get; }

    // The message of a listener begins with the address itself; that of a look-up says more than
    // its error code, as which interface is not there.
    private static string ReasonOf(SocketException cause) =>
        cause.SocketErrorCode == SocketError.HostNotFound
            ? cause.Message.TrimEnd('.')
            : new SocketException(ErrorOf(cause)).Message;

    private static int ErrorOf(SocketException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return (int)cause.SocketErrorCode;
    }
}
