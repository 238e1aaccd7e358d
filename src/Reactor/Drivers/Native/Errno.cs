using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// Maps Linux's errors to socket errors as the runtime does, so that both drivers report the same.
/// </summary>
/// <remarks>
/// Four pairs are ours: ENOMEM is like ENOBUFS; EPROTO and ENONET come from a connection that
/// failed before it was accepted (accept(2), "Error handling"); EROFS is a read-only path.
/// </remarks>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int InvalidArgument = 22;
    public const int NotImplemented = 38;

    /// <summary>The errno of the last call on this thread, which must have failed.</summary>
    public static int Last => Marshal.GetLastSystemError();

    /// <summary>The framework's name for an errno.</summary>
    public static SocketError ToSocketError(int errno) => errno switch
    {
        1 or 13 or 30 => SocketError.AccessDenied, // EPERM, EACCES, EROFS
        2 or 99 => SocketError.AddressNotAvailable, // ENOENT, EADDRNOTAVAIL
        4 => SocketError.Interrupted, // EINTR
        6 => SocketError.HostNotFound, // ENXIO
        9 or 125 => SocketError.OperationAborted, // EBADF, ECANCELED
        11 => SocketError.WouldBlock, // EAGAIN
        12 or 105 => SocketError.NoBufferSpaceAvailable, // ENOMEM, ENOBUFS
        14 => SocketError.Fault, // EFAULT
        22 => SocketError.InvalidArgument, // EINVAL
        23 or 24 => SocketError.TooManyOpenSockets, // ENFILE, EMFILE
        32 => SocketError.Shutdown, // EPIPE
        61 => SocketError.NoData, // ENODATA
        64 or 71 or 103 => SocketError.ConnectionAborted, // ENONET, EPROTO, ECONNABORTED
        88 => SocketError.NotSocket, // ENOTSOCK
        89 => SocketError.DestinationAddressRequired, // EDESTADDRREQ
        90 => SocketError.MessageSize, // EMSGSIZE
        91 => SocketError.ProtocolType, // EPROTOTYPE
        92 => SocketError.ProtocolOption, // ENOPROTOOPT
        93 => SocketError.ProtocolNotSupported, // EPROTONOSUPPORT
        94 => SocketError.SocketNotSupported, // ESOCKTNOSUPPORT
        95 => SocketError.OperationNotSupported, // EOPNOTSUPP
        96 => SocketError.ProtocolFamilyNotSupported, // EPFNOSUPPORT
        97 => SocketError.AddressFamilyNotSupported, // EAFNOSUPPORT
        98 => SocketError.AddressAlreadyInUse, // EADDRINUSE

        100 => SocketError.NetworkDown, // ENETDOWN
        101 => SocketError.NetworkUnreachable, // ENETUNREACH
        102 => SocketError.NetworkReset, // ENETRESET

        104 => SocketError.ConnectionReset, // ECONNRESET

        106 => SocketError.IsConnected, // EISCONN
        107 => SocketError.NotConnected, // ENOTCONN
        108 => SocketError.Disconnecting, // ESHUTDOWN
        110 => SocketError.TimedOut, // ETIMEDOUT
        111 => SocketError.ConnectionRefused, // ECONNREFUSED
        112 => SocketError.HostDown, // EHOSTDOWN
        113 => SocketError.HostUnreachable, // EHOSTUNREACH
        114 => SocketError.AlreadyInProgress, // EALREADY
        115 => SocketError.InProgress, // EINPROGRESS

        _ => SocketError.SocketError,
    };
}
