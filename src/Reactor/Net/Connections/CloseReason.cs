using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>Why a connection ended. The first reason wins.</summary>
public enum CloseReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>This side closed it.</summary>
    Local,

    /// <summary>The peer ended its stream.</summary>
    PeerClosed,

    /// <summary>The peer reset the connection, or cannot be reached.</summary>
    PeerReset,

    /// <summary>This side reset it.</summary>
    Aborted,

    /// <summary>The server shut down.</summary>
    Shutdown,

    /// <summary>The system reported another error.</summary>
    Failed,
}

/// <summary>The one place that tells a peer's ordinary end from failures of this side.</summary>
internal static class SocketFailure
{
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
