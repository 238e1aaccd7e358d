using System.Net;
using System.Net.Sockets;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements N03, N06, N07 and N08: from the first address to the last client, a server begins and
/// ends when it is told to.
/// </summary>
public sealed class N_ServerLifeTests
{
    [Test]
    public void N03_a_server_that_is_to_wait_accepts_nobody_until_it_is_told()
    {
        using var served = new ServedLoop(
            ServedLoop.Echo, serverOptions: new() { StartServing = false });
        InMemoryPeer peer = served.Connect();
        peer.Send("early"u8);
        served.World.RunFor(TimeSpan.FromSeconds(10));
        Assert.That((served.Server.IsServing, served.Server.Accepted), Is.EqualTo((false, 0)));
        Assert.That(served.Server.EndPoints, Has.Count.EqualTo(1), "the address is had already");

        served.Server.StartServing();
        served.Server.StartServing();
        served.World.Settle();
        Assert.That((served.Server.IsServing, served.Server.Accepted), Is.EqualTo((true, 1)));
        Assert.That(peer.Received.Length, Is.EqualTo(5));
    }

    [Test]
    public void N03_serving_for_ever_starts_to_serve_and_being_cancelled_closes_the_server()
    {
        using var served = new ServedLoop(
            ServedLoop.Echo, serverOptions: new() { StartServing = false });
        LoopServer server = served.Server;
        EndPoint address = server.EndPoints[0];
        LoopTask forever = served.World.Loop.CreateTask(server.ServeForeverAsync());
        InMemoryPeer peer = served.Connect();
        Assert.That((server.Accepted, forever.IsDone), Is.EqualTo((1, false)));

        forever.Cancel();
        served.World.Settle();
        Assert.That(forever.IsCancelled);
        Assert.That((server.IsServing, server.WaitClosedAsync().IsDone), Is.EqualTo((false, true)));
        Assert.That(peer.IsEnded);
        InMemoryPeer late = served.World.Driver.ConnectPeer(address);
        served.World.Settle();
        Assert.That(late.ConnectError, Is.EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void N03_a_closed_server_refuses_to_serve()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        served.Server.Close();

        Assert.That(served.Server.StartServing, Throws.InvalidOperationException);
        Assert.That(
            () => served.World.Run(served.Server.ServeForeverAsync),
            Throws.InvalidOperationException);
    }

    [Test]
    public void N03_two_tasks_cannot_serve_for_ever_and_closing_ends_the_one_that_does()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        LoopTask forever = served.World.Loop.CreateTask(served.Server.ServeForeverAsync());
        served.World.Settle();
        Assert.That(
            () => served.World.Run(served.Server.ServeForeverAsync),
            Throws.InvalidOperationException);
        Assert.That(forever.IsDone, Is.False);

        served.Server.Close();
        served.World.Settle();
        Assert.That((forever.IsDone, forever.IsCancelled), Is.EqualTo((true, false)));
    }

    [Test]
    public void N03_who_gives_up_waiting_for_the_close_takes_nobody_along()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        served.Connect();
        served.Server.Close();
        LoopTask hasty = served.World.Loop.CreateTask(Wait(served.Server.WaitClosedAsync()));
        LoopTask patient = served.World.Loop.CreateTask(Wait(served.Server.WaitClosedAsync()));
        served.World.Settle();
        hasty.Cancel();
        served.World.Settle();
        Assert.That(patient.IsDone, Is.False);

        served.Server.AbortClients();
        served.World.Settle();
        Assert.That((hasty.IsCancelled, patient.IsCancelled), Is.EqualTo((true, false)));
        Assert.That(patient.IsDone);
    }

    [Test]
    public void N06_closing_the_clients_sends_what_was_written_and_ends_their_handlers_reads()
    {
        var reads = new List<int>();
        using var served = new ServedLoop(
            async connection =>
            {
                connection.Write(new byte[5000]);
                reads.Add(await connection.ReadAsync(new byte[1]));
            },
            new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer idle = served.Connect();
        InMemoryPeer slow = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        slow.IsReading = false;
        served.World.Settle();

        served.Server.CloseClients();
        served.World.Settle();
        Assert.That((idle.Received.Length, idle.IsEnded), Is.EqualTo((5000, true)));
        Assert.That(served.Server.Connections, Has.Count.EqualTo(1), "one has not all yet");
        slow.IsReading = true;
        served.World.Settle();
        Assert.That((slow.Received.Length, slow.IsEnded), Is.EqualTo((5000, true)));
        Assert.That(served.Server.Connections, Is.Empty);
        Assert.That(reads, Is.EqualTo([0, 0]), "the end of the stream");
    }

    [Test]
    public void N06_aborting_the_clients_does_not_wait_for_a_full_send_buffer()
    {
        using var served = Hanging(out InMemoryPeer peer);
        served.Server.CloseClients();
        served.World.RunFor(TimeSpan.FromHours(1));
        Assert.That(served.Server.Connections, Has.Count.EqualTo(1), "politeness waits");

        served.Server.AbortClients();
        Assert.That(served.Server.Connections, Is.Empty, "at once");
        served.World.Settle();
        Assert.That(peer.IsReset);
    }

    [Test]
    public void N07_a_client_who_says_nothing_does_not_block_the_shutdown_after_a_cancel()
    {
        using var served = new ServedLoop(async connection =>
        {
            await connection.ReadLineAsync();
            await EventLoop.Delay(TimeSpan.FromDays(1)); // nor does a handler that sleeps
        });
        LoopTask forever = served.World.Loop.CreateTask(served.Server.ServeForeverAsync());
        served.Connect();
        InMemoryPeer asleep = served.Connect();
        asleep.Send("line\n"u8);
        served.World.Settle();
        TimeSpan before = served.World.Loop.Time;

        forever.Cancel();
        Assert.That(
            () => served.World.Loop.RunUntilComplete(forever),
            Throws.InstanceOf<LoopCanceledException>());
        Assert.That(served.World.Loop.Time, Is.EqualTo(before));
        served.World.RunFor(TimeSpan.FromDays(1));
    }

    [Test]
    public void N07_a_client_who_reads_nothing_is_reset_by_the_second_cancel()
    {
        using var served = Hanging(out InMemoryPeer peer);
        LoopTask forever = served.World.Loop.CreateTask(served.Server.ServeForeverAsync());
        served.World.Settle();
        forever.Cancel();
        served.World.RunFor(TimeSpan.FromHours(1));
        Assert.That(forever.IsDone, Is.False, "it has written to the client and waits politely");

        forever.Cancel();
        served.World.Settle();
        Assert.That(forever.IsCancelled);
        Assert.That(peer.IsReset);
    }

    [Test]
    public void N08_port_zero_picks_a_port_for_each_of_many_hosts_of_both_families()
    {
        using var world = new SimulatedLoop();
        LoopServer server = world.Loop.RunUntilComplete(world.Loop.CreateServer(
            new Echo(), ["127.0.0.1", "::1", "127.0.0.2", "::1"], 0));
        var peers = server.EndPoints.Select(world.Driver.ConnectPeer).ToList();
        world.Settle();

        Assert.That(
            server.EndPoints.Cast<IPEndPoint>().Select(one => one.Address.ToString()),
            Is.EqualTo(["127.0.0.1", "::1", "127.0.0.2"]), "an address counts once");
        Assert.That(server.EndPoints.Cast<IPEndPoint>().Select(one => one.Port), Is.All.Positive);
        Assert.That(server.Accepted, Is.EqualTo(3));
        Assert.That(peers, Has.All.Property("IsConnected").True);
        server.Close();
        server.AbortClients();
        world.Settle();
    }

    [Test]
    public void N08_one_port_is_had_on_every_host_or_on_none()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        int port = ((IPEndPoint)served.Server.EndPoints[0]).Port;
        Coroutine<LoopServer> create = served.World.Loop.CreateServer(
            new Echo(), ["127.0.0.2", "::1", "127.0.0.1"], port);

        SocketException? error = Assert.Throws<SocketException>(
            () => served.World.Loop.RunUntilComplete(create));
        Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(served.World.Driver.OpenListeners, Is.EqualTo(1), "the one that was there");
    }

    [Test]
    public void N08_a_driver_without_runtime_sockets_says_so()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        using var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.That(
            () => served.World.Loop.CreateServer(new Echo(), socket),
            Throws.InstanceOf<NotSupportedException>());
    }

    /// <summary>A client who does not read; a handler who writes more than the window.</summary>
    private static ServedLoop Hanging(out InMemoryPeer peer)
    {
        var served = new ServedLoop(
            static async connection => await connection.WriteAsync(new byte[1_000_000]));
        peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        peer.IsReading = false;
        served.World.Settle();
        return served;
    }

    private static async Coroutine Wait(Future<Unit> future) => await future;

    private sealed class Echo : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
