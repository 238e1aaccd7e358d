using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The address of a peer as the kernel writes it. Of IPv4 a socket keeps the six bytes that matter
/// and makes the end point when somebody asks: most connections are never asked.
/// </summary>
/// <remarks>
/// An address of IPv4 takes 16 bytes and one of IPv6 28. Of a Unix socket only the family fits, and
/// is enough: a client of one hardly ever has a name, and that of one who has is asked for at once.
/// </remarks>
internal struct RawAddress
{
    /// <summary>struct sockaddr_in6.</summary>
    public const int BytesMax = 28;

    /// <summary>struct sockaddr_in.</summary>
    private const int Ipv4Bytes = 16;

    private Storage _storage;
    private byte _length;

    /// <summary>The bytes; the kernel writes to them.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<byte> Bytes => _storage;

    /// <summary>
    /// How long the address is; more than <see cref="BytesMax"/> means that it was cut off.
    /// </summary>
    public int Length
    {
        readonly get => _length;
        set => _length = (byte)Math.Min(value, byte.MaxValue);
    }

    /// <summary>The address and the port, if it is one of IPv4.</summary>
    /// <param name="address">In the order of the network, as it lies in memory.</param>
    /// <param name="port">The port.</param>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public bool TryGetIpv4(out uint address, out ushort port)
    {
        ReadOnlySpan<byte> bytes = Bytes;
        bool isIpv4 = Length == Ipv4Bytes && MemoryMarshal.Read<ushort>(bytes) == Libc.AfInet;
        address = isIpv4 ? MemoryMarshal.Read<uint>(bytes[sizeof(uint)..]) : 0;
        port = isIpv4 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[sizeof(ushort)..]) : (ushort)0;
        return isIpv4;
    }

    /// <summary>The address as an end point; null if there is none, or it was cut off.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public EndPoint? ToEndPoint() =>
        Length <= BytesMax ? ToEndPoint(Bytes[..Length]) : null;

    /// <summary>An end point from the kernel's form; null for none, or a strange family.</summary>
    public static EndPoint? ToEndPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ushort))
        {
            return null;
        }

        int family = MemoryMarshal.Read<ushort>(bytes);
        (AddressFamily Family, EndPoint Maker) form = family switch
        {
            Libc.AfInet => (AddressFamily.InterNetwork, s_v4),
            Libc.AfInet6 => (AddressFamily.InterNetworkV6, s_v6),
            Libc.AfUnix => (AddressFamily.Unix, s_unix),
            _ => (AddressFamily.Unspecified, s_v4),
        };
        if (form.Family == AddressFamily.Unspecified)
        {
            return null;
        }

        var address = new SocketAddress(form.Family, bytes.Length);
        bytes.CopyTo(address.Buffer.Span);
        return form.Maker.Create(address);
    }

    // Any end point of a family reads the others of it.
    private static readonly IPEndPoint s_v4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint s_v6 = new(IPAddress.IPv6Any, 0);
    private static readonly UnixDomainSocketEndPoint s_unix = new("x");

    [InlineArray(BytesMax)]
    private struct Storage
    {
        private byte _first;
    }
}
