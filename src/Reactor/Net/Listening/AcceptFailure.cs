using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>What a server does after an accept that failed.</summary>
internal enum AcceptFailure
{
    /// <summary>One connection failed before it was accepted: accept the next one.</summary>
    Client,

    /// <summary>No descriptor or memory is left: turn one client away, pause, try again.</summary>
    OutOfResources,

    /// <summary>Any other error: pause, try again, unless the listener itself is gone.</summary>
    Unexpected,
}

/// <summary>Sorts the errors of accept (accept(2), "Errors").</summary>
/// <remarks>
/// No error is fatal by its name. Linux passes errors of the new connection on, so nearly every
/// name can be transient; whether the listener still listens is asked of the listener.
/// </remarks>
internal static class AcceptFailures
{
    /// <summary>The tier of an error.</summary>
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
