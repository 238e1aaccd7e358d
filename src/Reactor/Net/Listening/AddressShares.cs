using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// Counts the connections of each client address: of IPv6 the first 64 bits, as a host owns the
/// rest; mapped IPv4 counts as IPv4. Unix clients are not counted.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class AddressShares(int connectionsMax)
{
    private readonly Dictionary<(bool IsNetwork, ulong Address), int> _counts = [];

    /// <summary>Addresses with a connection.</summary>
    public int Count => _counts.Count;

    /// <summary>True if the client's address has all the connections that it may have.</summary>
    public bool IsUsedUp(EndPoint? client) => KeyOf(client) is { } key
        && _counts.GetValueOrDefault(key) >= connectionsMax;

    public void Take(EndPoint? client)
    {
        if (KeyOf(client) is { } key)
        {
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    public void Release(EndPoint? client)
    {
        if (KeyOf(client) is { } key && --_counts[key] == 0)
        {
            _counts.Remove(key);
        }
    }

    private static (bool IsNetwork, ulong Address)? KeyOf(EndPoint? client)
    {
        if (client is not IPEndPoint { Address: var address })
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            address.MapToIPv4().TryWriteBytes(bytes, out _);
            return (false, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        address.TryWriteBytes(bytes, out _);
        return (true, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
