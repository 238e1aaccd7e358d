using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// Opens, binds, connects and closes native stream sockets, non-blocking and close-on-exec; the
/// calls of each request are in SystemCalls. Errors are values. Loop thread only.
/// </summary>
internal static unsafe class NativeSocket
{
    /// <summary>struct sockaddr_storage.</summary>
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

    /// <summary>Begins to connect; <c>InProgress</c> if the outcome is still open.</summary>
    public static SocketError Connect(int descriptor, EndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            SocketError outcome;
            do
            {
                outcome = Outcome(Libc.Connect(descriptor, bytes, (uint)address.Size));
            }
            while (outcome == SocketError.Interrupted);
            return outcome;
        }
    }

    /// <summary>SO_ERROR: the outcome of a connect, or a new failure; read once.</summary>
    public static SocketError TakeError(int descriptor)
    {
        int errno = GetOption(descriptor, Libc.SoError) ?? Errno.Last;
        return errno == 0 ? SocketError.Success : Errno.ToSocketError(errno);
    }

    /// <summary>
    /// Why a connection has failed; <c>Success</c> while it can still deliver
    /// (<see cref="TcpInfo.IsOpen"/>). Every error of a Unix socket is final.
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

    public static bool IsListening(int descriptor) =>
        GetOption(descriptor, Libc.SoAcceptsConnections) is not (null or 0);

    public static EndPoint? LocalEndPoint(int descriptor)
    {
        byte* bytes = stackalloc byte[AddressBytesMax];
        uint length = AddressBytesMax;
        return Libc.GetSocketName(descriptor, bytes, &length) == 0
            ? RawAddress.ToEndPoint(new ReadOnlySpan<byte>(bytes, (int)length))
            : null;
    }

    public static long? AcknowledgedBytes(int descriptor)
    {
        byte* info = stackalloc byte[TcpInfo.Bytes];
        return TcpInfo.AcknowledgedBytes(ReadInfo(descriptor, info));
    }

    public static long? UnacknowledgedBytes(int descriptor)
    {
        int bytes = 0;
        return Libc.Control(descriptor, Libc.OutputQueueBytes, &bytes) == 0 ? bytes : null;
    }

    /// <summary>Makes the next close send a reset and drop what is unsent.</summary>
    public static void ResetOnClose(int descriptor)
    {
        // struct linger: on, for 0 seconds.
        ulong linger = BitConverter.IsLittleEndian ? 1ul : 1ul << 32;
        _ = Libc.SetOption(
            descriptor, Libc.SolSocket, Libc.SoLinger, (byte*)&linger, sizeof(ulong));
    }

    /// <summary>
    /// Closes a descriptor; not repeated after EINTR, as Linux has released the number by then.
    /// </summary>
    public static void Close(int descriptor) => _ = Libc.Close(descriptor);

    private static int? GetOption(int descriptor, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        return Libc.GetOption(descriptor, Libc.SolSocket, option, (byte*)&value, &length) == 0
            ? value
            : null;
    }

    /// <summary>struct tcp_info; empty for a socket that is not TCP.</summary>
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
