using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The address of a peer as the kernel writes it. A socket keeps six bytes of it and makes the end
/// point on demand.
/// </summary>
/// <remarks>
/// The path of a Unix socket is cut off: clients rarely have one.
/// </remarks>
internal struct RawAddress
{
    /// <summary>struct sockaddr_in6.</summary>
    public const int BytesMax = 28;

    /// <summary>struct sockaddr_in.</summary>
    private const int Ipv4Bytes = 16;

    private Storage _storage;
    private byte _length;

    /// <summary>The kernel writes here.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<byte> Bytes => _storage;

    /// <summary>Bytes of the address; more than <see cref="BytesMax"/>: it was cut off.</summary>
    public int Length
    {
        readonly get => _length;
        set => _length = (byte)Math.Min(value, byte.MaxValue);
    }

    /// <summary>The address, in network byte order, and the port; false if not IPv4.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public bool TryGetIpv4(out uint address, out ushort port)
    {
        ReadOnlySpan<byte> bytes = Bytes;
        bool isIpv4 = Length == Ipv4Bytes && MemoryMarshal.Read<ushort>(bytes) == Libc.AfInet;
        address = isIpv4 ? MemoryMarshal.Read<uint>(bytes[sizeof(uint)..]) : 0;
        port = isIpv4 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[sizeof(ushort)..]) : (ushort)0;
        return isIpv4;
    }

    /// <summary>The end point; null without one, or if it was cut off.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public EndPoint? ToEndPoint() => Length <= BytesMax ? ToEndPoint(Bytes[..Length]) : null;

    /// <summary>An end point from the kernel's form; null for none or another family.</summary>
    public static EndPoint? ToEndPoint(ReadOnlySpan<byte> bytes)
    {
        int family = bytes.Length < sizeof(ushort) ? 0 : MemoryMarshal.Read<ushort>(bytes);
        EndPoint? maker = family switch
        {
            Libc.AfInet => s_v4,
            Libc.AfInet6 => s_v6,
            Libc.AfUnix => s_unix,
            _ => null,
        };
        if (maker is null)
        {
            return null;
        }

        var address = new SocketAddress(maker.AddressFamily, bytes.Length);
        bytes.CopyTo(address.Buffer.Span);
        return maker.Create(address);
    }

    // Any end point of a family can create the others.
    private static readonly IPEndPoint s_v4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint s_v6 = new(IPAddress.IPv6Any, 0);
    private static readonly UnixDomainSocketEndPoint s_unix = new("x");

    [InlineArray(BytesMax)]
    private struct Storage
    {
        private byte _first;
    }
}
