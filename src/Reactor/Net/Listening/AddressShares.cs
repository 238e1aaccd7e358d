using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// How many connections each client address has, so that none can take all there are. A host with
/// IPv6 owns a network of at least 64 bits, so that counts as one address; IPv4 within IPv6 counts
/// as IPv4. What has no address of the internet is not counted.
/// </summary>
/// <remarks>Loop thread only. It holds an entry for an address that has a connection.</remarks>
internal sealed class AddressShares(int connectionsMax)
{
    private readonly Dictionary<(bool IsNetwork, ulong Address), int> _counts = [];

    /// <summary>Addresses that have a connection.</summary>
    public int Count => _counts.Count;

    /// <summary>True if this client has as many connections as it may have.</summary>
    public bool IsUsedUp(EndPoint? client) => KeyOf(client) is { } key
        && _counts.GetValueOrDefault(key) >= connectionsMax;

    /// <summary>A connection of this client begins.</summary>
    public void Take(EndPoint? client)
    {
        if (KeyOf(client) is { } key)
        {
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>A connection that was taken has ended.</summary>
    public void GiveBack(EndPoint? client)
    {
        if (KeyOf(client) is not { } key)
        {
            return;
        }

        if (_counts[key] == 1)
        {
            _counts.Remove(key);
        }
        else
        {
            _counts[key]--;
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
