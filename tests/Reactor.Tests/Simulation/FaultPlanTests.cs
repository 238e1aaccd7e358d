using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>Each misfortune by itself: what it does, and what it must not do.</summary>
public class FaultPlanTests
{
    [Test]
    public void A_delay_postpones_each_arrival_by_no_less_and_no_more_than_it_says()
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(10);
        using var world = new SimulatedLoop(new()
        {
            Faults = new FaultPlan { DelayMin = delay, DelayMax = delay },
        });
        var moments = new List<TimeSpan>();
        world.Run(async () =>
        {
            DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
            world.Driver.ConnectPeer(listener.LocalEndPoint).Send("x"u8);
            await listener.WaitAcceptableAsync();
            moments.Add(world.Loop.Time);
            DriverSocket socket = listener.Accept().Socket!;
            await socket.WaitReadableAsync();
            moments.Add(world.Loop.Time);
            Close(listener, socket);
        });

        Assert.That(moments, Is.EqualTo([delay, 2 * delay]));
    }

    [Test]
    public void The_longest_times_can_be_drawn()
    {
        var plan = new FaultPlan
        {
            DelayMax = TimeSpan.MaxValue,
            DisconnectChance = 1,
            DisconnectDelayMax = TimeSpan.MaxValue,
        };
        var dice = new FaultDice(1, new() { Faults = plan }, () => default);
        Assert.That(dice.Delay(NetworkEventKind.Data, 1, 1).Ticks, Is.Positive);
        Assert.That(dice.Disconnect()!.Value.Amount, Is.Positive);
    }

    [TestCase(-0.001)]
    [TestCase(1.001)]
    [TestCase(double.NaN)]
    public void A_value_that_is_out_of_range_is_named(double chance)
    {
        Func<FaultPlan>[] plans =
        [
            () => new() { DelayChance = chance },
            () => new() { SplitChance = chance },
            () => new() { ShortSendChance = chance },
            () => new() { ResetChance = chance },
            () => new() { DisconnectChance = chance },
            () => new() { AcceptErrorChance = chance },
            () => new() { SpuriousReadableChance = chance },
            () => new() { DelayMin = TimeSpan.FromTicks(-1) },
            () => new() { DelayMax = TimeSpan.FromTicks(-1) },
            () => new() { DisconnectDelayMax = TimeSpan.FromTicks(-1) },
            () => new() { SplitPiecesMax = 0 },
            () => new() { ResetBytesMax = -1 },
        ];
        string?[] names = [.. plans.Select(static plan =>
            Assert.Throws<ArgumentOutOfRangeException>(() => plan())!.ParamName)];

        Assert.That(names, Is.EqualTo(new[]
        {
            "DelayChance", "SplitChance", "ShortSendChance", "ResetChance", "DisconnectChance",
            "AcceptErrorChance", "SpuriousReadableChance", "DelayMin", "DelayMax",
            "DisconnectDelayMax", "SplitPiecesMax", "ResetBytesMax",
        }));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public void A_write_arrives_in_at_most_as_many_pieces(int max, int most)
    {
        var arrivals = new List<NetworkTrace>();
        using var world = new SimulatedLoop(new()
        {
            Faults = new FaultPlan { SplitChance = 1, SplitPiecesMax = max },
            Trace = arrivals.Add,
        });
        world.Run(async () =>
        {
            DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
            world.Driver.ConnectPeer(listener.LocalEndPoint).Send(new byte[100]);
            await listener.WaitAcceptableAsync();
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            Close(listener, listener.Accept().Socket!);
        });

        Assert.That(arrivals.Count(one => one.Kind == NetworkEventKind.Data), Is.EqualTo(most));
    }

    [Test]
    public void A_split_write_arrives_in_pieces_at_different_moments_and_whole()
    {
        var arrivals = new List<NetworkTrace>();
        using var world = new SimulatedLoop(new()
        {
            Faults = new FaultPlan { SplitChance = 1, SplitPiecesMax = 5 },
            Trace = arrivals.Add,
        });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        peer.Send(Numbers(100));
        world.RunFor(TimeSpan.FromSeconds(1));

        NetworkTrace[] data = [.. arrivals.Where(one => one.Kind == NetworkEventKind.Data)];
        Assert.That(data, Has.Length.InRange(2, 5));
        Assert.That(data.Select(one => one.Time), Is.Unique.And.Ordered);
        Assert.That(data.Sum(one => one.Bytes), Is.EqualTo(100));
        byte[] buffer = new byte[200];
        DriverSocket socket = listener.Accept().Socket!;
        Assert.That(buffer[..socket.Receive(buffer).Bytes], Is.EqualTo(Numbers(100)));
        Close(listener, socket);
    }

    [Test]
    public void A_short_send_takes_at_least_a_byte_and_not_all()
    {
        using var world = new SimulatedLoop(new() { Faults = new() { ShortSendChance = 1 } });
        (DriverListener listener, DriverSocket socket, _) = Connect(world);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(socket.Send(new byte[10]).Bytes, Is.InRange(1, 9));
        }

        Assert.That(socket.Send(new byte[1]).Bytes, Is.EqualTo(1));
        Close(listener, socket);
    }

    [Test]
    public void A_reset_comes_after_no_more_bytes_than_it_says_and_both_ends_see_it(
        [Values(1, 10)] int bytes)
    {
        // The last byte before the reset is the one numbered by the plan, so at most nine arrive.
        using var world = new SimulatedLoop(new()
        {
            Faults = new FaultPlan { ResetChance = 1, ResetBytesMax = 10 },
        });
        (DriverListener listener, DriverSocket socket, InMemoryPeer peer) = Connect(world);
        for (int sent = 0; sent < 10; sent += bytes)
        {
            peer.Send(new byte[bytes]);
            world.Settle();
        }

        Assert.That(peer.IsReset);
        Assert.That(socket.Receive(new byte[100]) is { IsSuccess: false } or { Bytes: < 10 });
        Assert.That(socket.Receive(new byte[1]).Error, Is.EqualTo(SocketError.ConnectionReset));
        Close(listener, socket);
    }

    [Test]
    public void An_accept_that_fails_for_want_of_resources_leaves_the_client_waiting()
    {
        using var world = new SimulatedLoop(new()
        {
            Faults = new FaultPlan
            {
                AcceptErrorChance = 1,
                AcceptErrors = [SocketError.TooManyOpenSockets],
            },
        });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.Settle();

        Assert.That(
            listener.Accept(), Is.EqualTo(new AcceptResult(null, SocketError.TooManyOpenSockets)));
        world.Driver.Faults = FaultPlan.None;
        DriverSocket socket = listener.Accept().Socket!;
        Assert.That(peer.IsReset, Is.False);
        Close(listener, socket);
    }

    [Test]
    public void An_accept_that_fails_by_the_clients_fault_costs_it_its_connection()
    {
        using var world = new SimulatedLoop();
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.Driver.FailNextAccepts(SocketError.ConnectionAborted);
        world.Settle();

        Assert.That(
            listener.Accept(), Is.EqualTo(new AcceptResult(null, SocketError.ConnectionAborted)));
        Assert.That(listener.Accept().Error, Is.EqualTo(SocketError.WouldBlock));
        world.Settle();
        Assert.That(peer.IsReset);
        listener.Close();
    }

    [Test]
    public void Accepts_that_a_test_makes_fail_are_announced_although_nobody_waits()
    {
        using var world = new SimulatedLoop();
        world.Run(async () =>
        {
            DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
            world.Loop.CallSoon(() => world.Driver.FailNextAccepts(SocketError.Fault, 2));
            await listener.WaitAcceptableAsync();
            Assert.That(listener.Accept().Error, Is.EqualTo(SocketError.Fault));
            await listener.WaitAcceptableAsync();
            Assert.That(listener.Accept().Error, Is.EqualTo(SocketError.Fault));
            Assert.That(listener.Accept().Error, Is.EqualTo(SocketError.WouldBlock));
            listener.Close();
        });
    }

    [Test]
    public void A_wait_may_end_for_nothing_within_a_millisecond()
    {
        using var world =
            new SimulatedLoop(new() { Faults = new() { SpuriousReadableChance = 1 } });
        (DriverListener listener, DriverSocket socket, _) = Connect(world);
        world.Run(async () =>
        {
            TimeSpan start = world.Loop.Time;
            await socket.WaitReadableAsync();
            Assert.That(socket.Receive(new byte[1]).IsNotNow);
            Assert.That(
                world.Loop.Time - start,
                Is.GreaterThan(TimeSpan.Zero)
                    .And.LessThanOrEqualTo(TimeSpan.FromMilliseconds(1)));
            await listener.WaitAcceptableAsync();
            Assert.That(listener.Accept().Error, Is.EqualTo(SocketError.WouldBlock));
        });
        Close(listener, socket);
    }

    private static byte[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static (DriverListener, DriverSocket, InMemoryPeer) Connect(SimulatedLoop world)
    {
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.RunFor(TimeSpan.FromSeconds(1));
        return (listener, listener.Accept().Socket!, peer);
    }

    private static void Close(DriverListener listener, DriverSocket socket)
    {
        socket.Close(reset: true);
        listener.Close();
    }
}
