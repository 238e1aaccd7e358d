using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// A server that has as many connections as it may have: it stops asking its listener, and goes on
/// when 2 % have gone.
/// </summary>
public class ConnectionsMaxTests
{
    [Test]
    public void At_the_limit_nobody_is_accepted_and_at_98_percent_everybody_is_again()
    {
        using var world = new SimulatedLoop();
        LoopServer server = Serve(world, 100);
        List<InMemoryPeer> peers = Connect(world, server, 110);
        world.Settle();
        Assert.That((server.Connections.Count, server.IsFull), Is.EqualTo((100, true)));

        peers[0].Close();
        world.Settle();
        Assert.That((server.Connections.Count, server.IsFull), Is.EqualTo((99, true)));

        peers[1].Close();
        world.Settle();
        Assert.That((server.Connections.Count, server.Accepted), Is.EqualTo((100, 102L)));
        server.Close();
        server.AbortClients();
        world.Settle();
    }

    [Test]
    public void A_limit_of_one_serves_one_after_the_other()
    {
        using var world = new SimulatedLoop();
        LoopServer server = Serve(world, 1);
        foreach (InMemoryPeer peer in Connect(world, server, 3))
        {
            world.Settle();
            Assert.That((server.Connections.Count, server.IsFull), Is.EqualTo((1, true)));
            peer.Close();
        }

        world.Settle();
        Assert.That((server.Accepted, server.IsFull), Is.EqualTo((3L, false)));
        server.Close();
        world.Settle();
    }

    [Test]
    public void A_full_server_can_be_closed()
    {
        using var world = new SimulatedLoop();
        LoopServer server = Serve(world, 1);
        Connect(world, server, 2);
        world.Settle();
        server.Close();
        server.AbortClients();
        world.Settle();

        Assert.That(world.Loop.AllTasks(), Is.Empty);
    }

    [TestCase(1024, 512)]
    [TestCase(1023, 511)]
    [TestCase(65_536, 65_024)]
    [TestCase(256, 128)]
    [TestCase(1, 1)]
    [TestCase(int.MaxValue, int.MaxValue - 512)]
    [TestCase(null, int.MaxValue)]
    public void The_default_leaves_512_descriptors_or_half(int? limit, int expected) =>
        Assert.That(ConnectionLimit.ConnectionsFor(limit), Is.EqualTo(expected));

    [Test]
    public void The_limit_of_descriptors_is_that_of_the_process()
    {
        Skip.Unless(File.Exists("/proc/self/limits"), "this system has no /proc/self/limits");
        string row = File.ReadLines("/proc/self/limits")
            .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = row["Max open files".Length..].Split(
            ' ', StringSplitOptions.RemoveEmptyEntries)[0];

        Assert.That($"{DescriptorLimit.Current}", Is.EqualTo(soft == "unlimited" ? "" : soft));
    }

    private static LoopServer Serve(SimulatedLoop world, int max) => world.Loop.CreateServer(
        new Reader(), [SimulatedLoop.AnyPort], new ServerOptions { ConnectionsMax = max });

    private static List<InMemoryPeer> Connect(SimulatedLoop world, LoopServer server, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => world.Driver.ConnectPeer(server.EndPoints[0]))];

    private sealed class Reader : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            while (!connection.HasInputEnded)
            {
                await connection.WaitReadableAsync();
                if (connection.Input.TryRead(out System.IO.Pipelines.ReadResult read))
                {
                    connection.Input.AdvanceTo(read.Buffer.End);
                }
            }
        }
    }
}
