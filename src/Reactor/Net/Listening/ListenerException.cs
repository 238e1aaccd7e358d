using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// A listener failed while it served; the message names its address and the reason.
/// </summary>
public sealed class ListenerException : SocketException
{
    internal ListenerException(EndPoint endPoint, SocketError error)
        : base(
            (int)error,
            $"The listener on {endPoint} failed and is closed: "
            + $"{new SocketException((int)error).Message}.") => EndPoint = endPoint;

    /// <summary>The address that it listened on.</summary>
    public EndPoint EndPoint { get; }
}
