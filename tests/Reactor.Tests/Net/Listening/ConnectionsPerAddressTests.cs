using System.Net;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// No client address has more connections than it may: what is beyond is reset as it is accepted.
/// </summary>
public class ConnectionsPerAddressTests
{
    [Test]
    public void The_next_connection_of_an_address_is_reset_until_one_has_ended()
    {
        using var world = new SimulatedLoop();
        LoopServer server = world.Loop.CreateServer(
            new Waiter(),
            [SimulatedLoop.AnyPort],
            new ServerOptions { ConnectionsPerAddressMax = 2 });
        InMemoryPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => Connect(world, server))];
        world.Settle();
        Assert.That(peers.Select(peer => peer.IsReset), Is.EqualTo(new[] { false, false, true }));
        Assert.That((server.Connections.Count, server.TurnedAway), Is.EqualTo((2, 1L)));

        peers[0].Close();
        world.Settle();
        InMemoryPeer next = Connect(world, server);
        world.Settle();
        Assert.That((next.IsReset, server.Connections.Count), Is.EqualTo((false, 2)));
        server.Close();
        server.AbortClients();
        world.Settle();
    }

    [TestCase("10.0.0.1", "10.0.0.1", true)]
    [TestCase("10.0.0.1", "10.0.0.2", false)]
    [TestCase("10.0.0.1", "::ffff:10.0.0.1", true)]
    [TestCase("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    [TestCase("0.0.0.0", "::", false)]
    public void An_address_is_one_of_IPv4_or_a_network_of_IPv6(
        string one, string other, bool isSame)
    {
        var shares = new AddressShares(1);
        shares.Take(new IPEndPoint(IPAddress.Parse(one), 1));
        Assert.That(
            shares.IsUsedUp(new IPEndPoint(IPAddress.Parse(other), 2)), Is.EqualTo(isSame));
    }

    [Test]
    public void What_has_ended_leaves_nothing_and_what_has_no_address_is_not_counted()
    {
        var shares = new AddressShares(1);
        var client = new IPEndPoint(IPAddress.Loopback, 1);
        shares.Take(client);
        shares.Take(null);
        shares.Take(new DnsEndPoint("a", 1));
        shares.Release(null);
        Assert.That((shares.Count, shares.IsUsedUp(null)), Is.EqualTo((1, false)));
        shares.Release(client);
        Assert.That((shares.Count, shares.IsUsedUp(client)), Is.EqualTo((0, false)));
    }

    [Test]
    public void A_share_of_nothing_is_a_mistake()
    {
        using var world = new SimulatedLoop();
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Loop.CreateServer(
            new Waiter(),
            [SimulatedLoop.AnyPort],
            new ServerOptions { ConnectionsPerAddressMax = 0 }));
    }

    private static InMemoryPeer Connect(SimulatedLoop world, LoopServer server) =>
        world.Driver.ConnectPeer(server.EndPoints[0]);

    private sealed class Waiter : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection) =>
            await connection.WaitReadableAsync();
    }
}
