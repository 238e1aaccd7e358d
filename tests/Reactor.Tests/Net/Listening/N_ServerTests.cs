using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements N01, N02 and N21: how many a turn accepts, the three tiers of accept errors, handlers
/// that throw; and that many clients who die in every way leave nothing behind.
/// </summary>
public sealed class N_ServerTests
{
    [Test]
    public void N01_a_clients_fault_at_accept_is_skipped_silently([Values(
        SocketError.ConnectionReset, SocketError.ConnectionAborted)] SocketError fault)
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        TimeSpan start = served.World.Loop.Time;
        served.World.Driver.FailNextAccepts(fault, count: 1);
        InMemoryPeer lost = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        InMemoryPeer next = served.Connect();
        next.Send("served"u8);
        served.World.Settle();

        Assert.That(lost.IsReset, "its connection is what failed");
        Assert.That(served.Server.Accepted, Is.EqualTo(1));
        Assert.That(next.Received.Length, Is.EqualTo(6));
        Assert.That(served.World.Loop.Time - start, Is.LessThan(TimeSpan.FromMilliseconds(1)));
        Assert.That(served.Reports, Is.Empty);
    }

    [TestCase(SocketError.TooManyOpenSockets)]
    [TestCase(SocketError.NoBufferSpaceAvailable)]
    public void N02_out_of_resources_accepting_pauses_for_100_ms_or_up_to_half_more(
        SocketError error)
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        served.World.Driver.FailNextAccepts(error);
        served.World.Settle();
        Assert.That(served.Reports, Has.One.Contains("accepting pauses"));

        served.Connect();
        served.World.RunFor(TimeSpan.FromMilliseconds(99));
        Assert.That(served.Server.Accepted, Is.Zero, "it still pauses");
        served.World.RunFor(TimeSpan.FromMilliseconds(51));
        Assert.That(served.Server.Accepted, Is.EqualTo(1), "150 ms are over");
    }

    [Test]
    public void N02_as_long_as_resources_are_out_it_tries_again_after_each_pause()
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        served.World.Driver.FailNextAccepts(SocketError.NoBufferSpaceAvailable, count: 10);
        InMemoryPeer peer = served.Connect();
        peer.Send("x"u8);

        // Ten pauses of 100 to 150 ms.
        served.World.RunFor(TimeSpan.FromMilliseconds(999));
        Assert.That(served.Server.Accepted, Is.Zero);
        Assert.That(served.Reports.Count(), Is.EqualTo(1), "one line for the whole shortage");
        served.World.RunFor(TimeSpan.FromMilliseconds(502));
        Assert.That(peer.Received.Length, Is.EqualTo(1));
    }

    [Test]
    public void N04_a_fatal_accept_error_is_reported_and_ends_the_listening_but_not_the_clients()
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        InMemoryPeer peer = served.Connect();
        EndPoint address = served.Server.EndPoints[0];
        served.World.Driver.FailNextAccepts(SocketError.Fault);
        served.World.Settle();

        Assert.That(served.Reports, Has.One.Contains("failed and is closed"));
        Assert.That(served.Server.IsServing, Is.False);
        Assert.That(served.Server.EndPoints, Is.Empty, "nobody listens there");
        InMemoryPeer late = served.World.Driver.ConnectPeer(address);
        peer.Send("still served"u8);
        served.World.Settle();
        Assert.That(late.ConnectError, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(peer.Received.Length, Is.EqualTo(12));
    }

    [Test]
    public void N04_closing_stops_listening_and_waits_for_the_clients_who_are_served()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        InMemoryPeer peer = served.Connect();
        EndPoint address = served.Server.EndPoints[0];
        served.Server.Close();
        served.Server.Close();
        Assert.That(served.Server.EndPoints, Is.Empty);
        InMemoryPeer late = served.World.Driver.ConnectPeer(address);
        peer.Send("x"u8);
        served.World.Settle();

        Assert.That(late.ConnectError, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(peer.Received.Length, Is.EqualTo(1));
        Assert.That(served.Server.WaitClosedAsync().IsDone, Is.False, "one is still served");
        peer.SendEnd();
        served.World.Settle();
        Assert.That(served.Server.WaitClosedAsync().IsDone);
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void N06_aborting_the_clients_resets_each_of_them()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        InMemoryPeer[] peers = [.. Enumerable.Range(0, 10).Select(_ => served.Connect())];
        served.Server.AbortClients();
        served.World.Settle();

        Assert.That(peers.All(peer => peer.IsReset));
        Assert.That(served.Server.Connections, Is.Empty);
    }

    [Test]
    public void N06_a_client_who_is_aborted_before_its_handler_began_is_over_for_the_handler()
    {
        SocketError? waited = null;
        using var served = new ServedLoop(async connection =>
        {
            waited = await connection.WaitReadableAsync();
            Assert.That(connection.Input.TryRead(out ReadResult result));
            Assert.That(result.IsCompleted);
        });
        served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        while (served.Server.Accepted == 0)
        {
            served.World.Loop.RunBriefly();
        }

        served.Server.AbortClients();
        served.World.Settle();
        Assert.That(waited, Is.EqualTo(SocketError.OperationAborted));
    }

    [Test]
    public void N21_a_handler_that_throws_is_reported_and_its_client_reset()
    {
        using var served =
            new ServedLoop(static _ => throw new InvalidOperationException("at the call"))
            {
                MayReport = true,
            };
        InMemoryPeer peer = served.Connect();

        Assert.That(served.Reports, Has.One.Contains("handler of a connection"));
        Assert.That(peer.IsReset);
    }

    [Test]
    public void N21_a_handler_that_is_cancelled_is_silent_and_its_client_closed()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        InMemoryPeer peer = served.Connect();
        ILoopTask task = served.World.Loop.AllTasks().Single(one => one.Name == "connection");
        task.Cancel();
        served.World.Settle();

        Assert.That(peer.IsEnded);
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void N01_a_turn_accepts_64_connections_at_most_and_the_option_says_otherwise(
        [Values(null, 10)] int? share)
    {
        var options = new ServerOptions();
        using var served = new ServedLoop(
            ServedLoop.Echo,
            serverOptions: share is { } few ? options with { AcceptsPerTurnMax = few } : options);
        for (int i = 0; i < 200; i++)
        {
            served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        }

        var perTurn = new List<long>();
        while (served.Server.Accepted < 200)
        {
            long before = served.Server.Accepted;
            served.World.Loop.RunBriefly();
            perTurn.Add(served.Server.Accepted - before);
        }

        Assert.That(perTurn.Max(), Is.EqualTo(share ?? 64));
    }

    [Test]
    public void N02_out_of_descriptors_one_client_is_turned_away_and_told()
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        served.World.Driver.FailNextAccepts(SocketError.TooManyOpenSockets);
        InMemoryPeer first = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        InMemoryPeer second = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        served.World.Settle();

        Assert.That((first.IsEnded, second.IsEnded), Is.EqualTo((true, false)), "one only");
        Assert.That(served.Server.TurnedAway, Is.EqualTo(1));
        Assert.That(served.Server.Accepted, Is.Zero);
        served.World.RunFor(TimeSpan.FromMilliseconds(150));
        Assert.That(served.Server.Accepted, Is.EqualTo(1), "who waited is served after the pause");
        second.Send("x"u8);
        served.World.Settle();
        Assert.That(second.Received.Length, Is.EqualTo(1));
    }

    [Test]
    public void N08_a_server_that_cannot_have_one_of_its_addresses_leaves_no_listener_open()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        EndPoint taken = served.Server.EndPoints[0];
        Assert.That(
            () => served.World.Loop.CreateServer(
                new Handler(), [SimulatedLoop.AnyPort, SimulatedLoop.AnyPort, taken]),
            Throws.InstanceOf<SocketException>());

        Assert.That(served.World.Driver.OpenListeners, Is.EqualTo(1));
    }

    [Test]
    public void Many_clients_who_die_in_every_way_leave_nothing_behind()
    {
        int seed = TestSeed.Next();
        var random = new Random(seed);
        using var served = new ServedLoop(
            ServedLoop.Echo,
            new InMemoryOptions
            {
                Seed = seed,
                Faults = FaultPlan.Rough with { ResetChance = 0.2 },
            });
        for (int round = 0; round < 20; round++)
        {
            InMemoryPeer[] peers = [.. Enumerable.Range(0, 50).Select(_ => Start(served, random))];
            served.World.RunFor(TimeSpan.FromMilliseconds(random.Next(100)));
            foreach (InMemoryPeer peer in peers)
            {
                Kill(peer, random);
                served.World.RunFor(TimeSpan.FromMilliseconds(random.Next(3)));
            }
        }

        served.World.RunFor(TimeSpan.FromMinutes(1));
        Assert.That(served.Server.Connections, Is.Empty, "without any help of the server's");
        Assert.That(served.World.Driver.OpenSockets, Is.Zero);
        Assert.That(served.World.Driver.PendingEvents, Is.Zero);
        Assert.That(served.RentedBlocks, Is.Zero);
        Assert.That(served.Reports, Is.Empty);
    }

    private static InMemoryPeer Start(ServedLoop served, Random random)
    {
        InMemoryPeer peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        peer.IsReading = random.Next(4) > 0;
        peer.Send(new byte[random.Next(200_000)]);
        return peer;
    }

    private static void Kill(InMemoryPeer peer, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                peer.Reset();
                break;
            case 1:
                peer.Close();
                break;
            case 2:
                peer.SendEnd();
                peer.IsReading = true;
                break;
            default:
                peer.SendEnd();
                peer.Close();
                break;
        }
    }

    private sealed class Handler : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
