using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Stands between a loop and the in-memory driver and sees every connection that the client makes,
/// where the kernel would: so the bounds of a pool are checked apart from its own counts.
/// </summary>
/// <remarks>
/// A connection counts from its attempt to its close. Of a host with two addresses, attempts and
/// connections may be of the same request for some turns, so the larger number counts.
/// </remarks>
internal sealed class ConnectWatch(InMemoryDriver inner) : DelegatingLoopDriver(inner)
{
    private readonly Dictionary<string, List<(DriverConnect Connect, bool IsSecond)>> _hosts = [];

    /// <summary>The host at an address, and whether that is its second one.</summary>
    public required Func<EndPoint, (string Name, bool IsSecond)> Find { get; init; }

    /// <summary>Called after each attempt with the host, its connections, and all.</summary>
    public required Action<string, int, int> OnConnect { get; init; }

    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        (string name, bool isSecond) = Find(endPoint);
        DriverConnect connect = base.Connect(endPoint, localEndPoint);
        if (!_hosts.TryGetValue(name, out List<(DriverConnect, bool)>? own))
        {
            _hosts.Add(name, own = []);
        }

        own.Add((connect, isSecond));
        OnConnect(name, CountOf(own), _hosts.Values.Sum(CountOf));
        return connect;
    }

    private static int CountOf(List<(DriverConnect Connect, bool IsSecond)> own)
    {
        own.RemoveAll(static one => !one.Connect.IsInFlight && !IsOpen(one.Connect));
        int open = own.Count(static one => IsOpen(one.Connect));
        return own.Exists(static one => one.IsSecond)
            ? Math.Max(open, own.Count(static one => !one.IsSecond))
            : own.Count;
    }

    private static bool IsOpen(DriverConnect connect) =>
        !connect.IsInFlight && connect.Result == SocketError.Success
        && connect.Socket is InMemorySocket { IsClosed: false };
}
