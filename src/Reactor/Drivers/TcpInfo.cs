using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// What the kernel knows of a TCP connection and the runtime has no name for: asked and set by the
/// numbers of the system's headers. Where a system has no such number nothing happens.
/// </summary>
/// <remarks>Any thread.</remarks>
internal static class TcpInfo
{
    private const int TcpLevel = 6; // IPPROTO_TCP

    // linux/tcp.h and netinet/tcp.h of macOS
    private const int LinuxNotSentLowWater = 25;
    private const int MacNotSentLowWater = 0x201;
    private const int LinuxTcpInfo = 11;

    /// <summary>TCP_CLOSE of net/tcp_states.h, in <c>tcpi_state</c>, the first byte.</summary>
    private const byte Closed = 7;

    /// <summary>
    /// Where <c>tcpi_bytes_acked</c> stands in <c>struct tcp_info</c> since Linux 4.1. The kernel
    /// only ever adds to the end of it.
    /// </summary>
    private const int BytesAckedOffset = 120;

    /// <summary>How much of that structure is asked for.</summary>
    public const int Bytes = BytesAckedOffset + sizeof(long);

    /// <summary>
    /// Bounds what the kernel keeps unsent for the peers of a listener; what it accepts inherits
    /// that, so it costs nothing for each connection.
    /// </summary>
    public static void LimitUnsent(Socket listener, int? bytes)
    {
        int name = OperatingSystem.IsLinux() ? LinuxNotSentLowWater
            : OperatingSystem.IsMacOS() ? MacNotSentLowWater
            : 0;
        if (bytes is { } limit && name != 0 && listener.ProtocolType == ProtocolType.Tcp)
        {
            listener.SetRawSocketOption(
                TcpLevel, name, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in limit)));
        }
    }

    /// <summary>Bytes that the peer has acknowledged, or null.</summary>
    public static long? AcknowledgedBytes(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return null;
        }

        try
        {
            Span<byte> info = stackalloc byte[Bytes];
            int length = socket.GetRawSocketOption(TcpLevel, LinuxTcpInfo, info);
            return AcknowledgedBytes(info[..length]);
        }
        catch (SocketException)
        {
            return null; // it is no longer connected, or this kernel does not tell
        }
    }

    /// <summary>The same from the structure; null if this kernel's is shorter.</summary>
    public static long? AcknowledgedBytes(ReadOnlySpan<byte> info) => info.Length >= Bytes
        ? MemoryMarshal.Read<long>(info[BytesAckedOffset..])
        : null;

    /// <summary>
    /// True if the structure says that the connection can still deliver. Linux closes one that has
    /// failed. Before that SO_ERROR may tell an error too, such as an unreachable host from ICMP: a
    /// "soft" one, after which the kernel goes on retransmitting (RFC 1122 4.2.3.9).
    /// </summary>
    public static bool IsOpen(ReadOnlySpan<byte> info) => !info.IsEmpty && info[0] != Closed;
}
