using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// TCP options that the runtime has no name for; nothing on systems without them. Any thread.
/// </summary>
internal static class TcpInfo
{
    private const int MacNotSentLowWater = 0x201; // netinet/tcp.h

    /// <summary>TCP_CLOSE of net/tcp_states.h, in <c>tcpi_state</c>, the first byte.</summary>
    private const byte Closed = 7;

    /// <summary>
    /// Of <c>tcpi_bytes_acked</c> in <c>struct tcp_info</c> (Linux 4.1), which only grows at its
    /// end.
    /// </summary>
    private const int BytesAckedOffset = 120;

    public const int Bytes = BytesAckedOffset + sizeof(long);

    /// <summary>
    /// Bounds the unsent bytes of each peer: accepted sockets inherit the listener's option.
    /// </summary>
    public static void LimitUnsent(Socket listener, int? bytes)
    {
        int name = OperatingSystem.IsLinux() ? Libc.TcpNotSentLowWater
            : OperatingSystem.IsMacOS() ? MacNotSentLowWater : 0;
        if (bytes is { } limit && name != 0 && listener.ProtocolType == ProtocolType.Tcp)
        {
            listener.SetRawSocketOption(
                Libc.IpProtoTcp, name, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in limit)));
        }
    }

    /// <summary>Bytes that the peer has acknowledged; null if the structure is shorter.</summary>
    public static long? AcknowledgedBytes(ReadOnlySpan<byte> info) => info.Length >= Bytes
        ? MemoryMarshal.Read<long>(info[BytesAckedOffset..])
        : null;

    /// <summary>
    /// True if the connection can still deliver. SO_ERROR does not tell: after a soft error from
    /// ICMP the kernel retransmits (RFC 1122 4.2.3.9).
    /// </summary>
    public static bool IsOpen(ReadOnlySpan<byte> info) => !info.IsEmpty && info[0] != Closed;
}
