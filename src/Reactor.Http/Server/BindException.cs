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

    // Not the message of the cause, which begins with the address itself.
    private static string ReasonOf(SocketException cause) =>
        new SocketException(ErrorOf(cause)).Message;

    private static int ErrorOf(SocketException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return (int)cause.SocketErrorCode;
    }
}
