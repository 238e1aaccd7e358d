using System.Net.Sockets;

namespace Reactor.Tools.Loadgen;

/// <summary>Maps the error of a failed connect to the cause that reports print. Pure.</summary>
internal static class ConnectCause
{
    public static Cause Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => Cause.ConnectRefused,
        SocketError.TimedOut => Cause.ConnectTimeout,
        SocketError.TooManyOpenSockets => Cause.Descriptors,
        SocketError.AddressNotAvailable => Cause.Ports,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => Cause.Resolve,
        _ => Cause.Connect,
    };
}
