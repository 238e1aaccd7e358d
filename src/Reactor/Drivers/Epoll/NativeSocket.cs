using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// Making, binding and closing bare stream sockets, which never block and are never inherited by a
/// process that we start. What happens once for a connection or a listener is here; what happens
/// for each request is in <see cref="SystemCalls"/>.
/// </summary>
/// <remarks>
/// Loop thread only. An error is a value for connects, where it is the outcome, and a
/// <see cref="SocketException"/> for listeners, as the contract has it.
/// </remarks>
internal static unsafe class NativeSocket
{
    /// <summary>The largest address there is: struct sockaddr_storage.</summary>
    private const int AddressBytesMax = 128;

    /// <summary>A new socket for the family of an end point; −1 with the error.</summary>
    public static int Open(EndPoint endPoint, out SocketError error)
    {
        int family = endPoint.AddressFamily switch
        {
            AddressFamily.InterNetwork => Libc.AfInet,
            AddressFamily.InterNetworkV6 => Libc.AfInet6,
            AddressFamily.Unix => Libc.AfUnix,
            _ => throw new ArgumentException(
                $"An IP address or the path of a Unix socket was expected, not {endPoint}: "
                + "look host names up first.", nameof(endPoint)),
        };
        int descriptor = Libc.Socket(
            family, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        error = descriptor < 0 ? Errno.ToSocketError(Errno.Last) : SocketError.Success;
        return descriptor;
    }

    /// <summary>True if Nagle's algorithm and TIME_WAIT have a meaning for it.</summary>
    public static bool IsTcp(EndPoint endPoint) => endPoint.AddressFamily != AddressFamily.Unix;

    public static SocketError Bind(int descriptor, EndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            return Outcome(Libc.Bind(descriptor, bytes, (uint)address.Size));
        }
    }

    public static SocketError Listen(int descriptor, int backlog) =>
        Outcome(Libc.Listen(descriptor, backlog));

    /// <summary>Begins to connect; <c>InProgress</c> if the end is still to come.</summary>
    public static SocketError Connect(int descriptor, EndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            while (true)
            {
                SocketError outcome =
                    Outcome(Libc.Connect(descriptor, bytes, (uint)address.Size));
                if (outcome != SocketError.Interrupted)
                {
                    return outcome;
                }
            }
        }
    }

    /// <summary>How a connect ended, or what a socket has failed with since one asked.</summary>
    public static SocketError TakeError(int descriptor)
    {
        int errno = 0;
        uint length = sizeof(int);
        return Libc.GetOption(
            descriptor, Libc.SolSocket, Libc.SoError, (byte*)&errno, &length) < 0
            ? Errno.ToSocketError(Errno.Last)
            : errno == 0 ? SocketError.Success : Errno.ToSocketError(errno);
    }

    /// <summary>
    /// Why a connection has failed; <c>Success</c> while it can still deliver. The error is asked
    /// for only then: see <see cref="TcpInfo.IsOpen"/>. Unix sockets have no errors but final ones.
    /// </summary>
    public static SocketError TakeFailure(int descriptor)
    {
        byte* info = stackalloc byte[TcpInfo.Bytes];
        return TcpInfo.IsOpen(ReadInfo(descriptor, info))
            ? SocketError.Success
            : TakeError(descriptor);
    }

    public static SocketError SetOption(int descriptor, int level, int option, int value) =>
        Outcome(Libc.SetOption(descriptor, level, option, (byte*)&value, sizeof(int)));

    /// <summary>True if the descriptor is a socket that listens.</summary>
    public static bool IsListening(int descriptor)
    {
        int listens = 0;
        uint length = sizeof(int);
        return Libc.GetOption(
            descriptor, Libc.SolSocket, Libc.SoAcceptsConnections, (byte*)&listens, &length) == 0
            && listens != 0;
    }

    /// <summary>The address of this end; null if it cannot be had.</summary>
    public static EndPoint? LocalEndPoint(int descriptor)
    {
        byte* bytes = stackalloc byte[AddressBytesMax];
        uint length = AddressBytesMax;
        return Libc.GetSocketName(descriptor, bytes, &length) == 0
            ? RawAddress.ToEndPoint(new ReadOnlySpan<byte>(bytes, (int)length))
            : null;
    }

    /// <summary>The address of the peer; null if it cannot be had.</summary>
    public static EndPoint? RemoteEndPoint(int descriptor)
    {
        byte* bytes = stackalloc byte[AddressBytesMax];
        uint length = AddressBytesMax;
        return Libc.GetPeerName(descriptor, bytes, &length) == 0
            ? RawAddress.ToEndPoint(new ReadOnlySpan<byte>(bytes, (int)length))
            : null;
    }

    /// <summary>Bytes that the peer has acknowledged; null if the kernel does not tell.</summary>
    public static long? AcknowledgedBytes(int descriptor)
    {
        byte* info = stackalloc byte[TcpInfo.Bytes];
        return TcpInfo.AcknowledgedBytes(ReadInfo(descriptor, info));
    }

    /// <summary>
    /// What the kernel holds for the peer until it is acknowledged; null if it does not tell.
    /// </summary>
    public static long? UnacknowledgedBytes(int descriptor)
    {
        int bytes = 0;
        return Libc.Control(descriptor, Libc.OutputQueueBytes, &bytes) == 0 ? bytes : null;
    }

    /// <summary>
    /// Has the close that follows send a reset and drop what was not sent: it lingers for no time.
    /// </summary>
    public static void ResetOnClose(int descriptor)
    {
        // struct linger: on, for no seconds.
        ulong linger = BitConverter.IsLittleEndian ? 1ul : 1ul << 32;
        _ = Libc.SetOption(
            descriptor, Libc.SolSocket, Libc.SoLinger, (byte*)&linger, sizeof(ulong));
    }

    /// <summary>
    /// Closes a descriptor. Never again when a signal interrupts it: Linux has given the number
    /// back by then, and it may be somebody else's.
    /// </summary>
    public static void Close(int descriptor) => _ = Libc.Close(descriptor);

    /// <summary>What the kernel knows of a TCP connection; nothing of another.</summary>
    private static ReadOnlySpan<byte> ReadInfo(int descriptor, byte* info)
    {
        uint length = TcpInfo.Bytes;
        return Libc.GetOption(descriptor, Libc.IpProtoTcp, Libc.TcpInfo, info, &length) == 0
            ? new ReadOnlySpan<byte>(info, (int)length)
            : default;
    }

    private static SocketError Outcome(int result) =>
        result == 0 ? SocketError.Success : Errno.ToSocketError(Errno.Last);
}
