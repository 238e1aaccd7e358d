using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>What a server does after a failed accept.</summary>
internal enum AcceptFailure
{
    /// <summary>One connection failed before it was accepted: accept the next one.</summary>
    Client,

    /// <summary>No descriptor or memory: turn one client away, pause, try again.</summary>
    OutOfResources,

    /// <summary>Any other error: pause, try again, unless the listener is gone.</summary>
    Unexpected,
}

/// <summary>
/// Sorts the errors of accept. Linux passes on those of the new connection (accept(2)), so none is
/// fatal by its name.
/// </summary>
internal static class AcceptFailures
{
    public static AcceptFailure TierOf(SocketError error) => error switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.TimedOut
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable
            or SocketError.NetworkDown or SocketError.HostDown or SocketError.Interrupted
            or SocketError.ConnectionRefused or SocketError.ProtocolOption
            or SocketError.NetworkReset or SocketError.OperationNotSupported
            => AcceptFailure.Client,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable
            or SocketError.ProcessLimit => AcceptFailure.OutOfResources,
        _ => AcceptFailure.Unexpected,
    };
}
