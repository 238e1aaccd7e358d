using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>Why a connection ended. The first reason wins.</summary>
public enum CloseReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>We closed it, after what was written had been sent.</summary>
    Local,

    /// <summary>The peer ended its stream.</summary>
    PeerClosed,

    /// <summary>The peer reset the connection, or went away.</summary>
    PeerReset,

    /// <summary>We aborted it: a reset, and what was not sent is lost.</summary>
    Aborted,

    /// <summary>The server shut down.</summary>
    Shutdown,

    /// <summary>The operating system failed us.</summary>
    Failed,
}

/// <summary>
/// What the errors of a socket mean: the one place that tells a peer's everyday doings from
/// failures of ours.
/// </summary>
internal static class SocketFailure
{
    /// <summary>The reason behind the error of a connected socket.</summary>
    public static CloseReason ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
            or SocketError.TimedOut or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.NetworkReset
            or SocketError.NotConnected => CloseReason.PeerReset,
        SocketError.OperationAborted or SocketError.Interrupted => CloseReason.Aborted,
        _ => CloseReason.Failed,
    };
}
