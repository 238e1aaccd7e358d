using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// An address cannot be listened on, or no longer; the message names the address, the reason and
/// what to do.
/// </summary>
public sealed class AddressException : SocketException
{
    private AddressException(EndPoint endPoint, SocketError error, string message)
        : base((int)error, message) => EndPoint = endPoint;

    /// <summary>The address.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The listener of an address can never accept again.</summary>
    internal static AddressException Failed(EndPoint endPoint, SocketError error) => new(
        endPoint,
        error,
        $"The listener on {endPoint} failed and is closed: "
        + $"{new SocketException((int)error).Message}.");
}
