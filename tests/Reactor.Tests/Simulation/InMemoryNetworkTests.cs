using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// The in-memory network without misfortunes, seen from both sides: sockets as the application has
/// them, and the peer that a test holds in its hand. What all drivers share is in the contract
/// tests.
/// </summary>
public class InMemoryNetworkTests
{
    private const int WindowBytes = 64 * 1024;

    [Test]
    public void What_a_peer_sends_before_it_is_connected_follows_the_connection()
    {
        using var pair = new PeerAndSocket(peer => peer.Send("hello"u8));

        Assert.That(pair.Peer.IsConnected);
        Assert.That(pair.ReceiveText(), Is.EqualTo("hello"));
    }

    [Test]
    public void What_the_socket_sends_lies_with_the_peer_until_it_is_taken()
    {
        using var pair = new PeerAndSocket();
        pair.Socket.Send("one"u8);
        pair.World.Settle();
        pair.Socket.Send("two"u8);
        pair.World.Settle();

        Assert.That(Text(pair.Peer.Received.ToArray()), Is.EqualTo("onetwo"));
        Assert.That(Text(pair.Peer.TakeReceived()), Is.EqualTo("onetwo"));
        Assert.That(pair.Peer.Received.Length, Is.Zero);
    }

    [Test]
    public void An_end_comes_after_the_bytes_and_leaves_the_other_direction_open()
    {
        using var pair = new PeerAndSocket();
        pair.Peer.Send("last"u8);
        pair.Peer.SendEnd();
        pair.World.Settle();

        Assert.That(pair.ReceiveText(), Is.EqualTo("last"));
        Assert.That(pair.Receive(), Is.EqualTo(new IoResult(0, SocketError.Success)));
        pair.Socket.Send("answer"u8);
        pair.World.Settle();
        Assert.That(Text(pair.Peer.TakeReceived()), Is.EqualTo("answer"));
        Assert.That(pair.Peer.IsEnded, Is.False);
    }

    [Test]
    public void A_send_takes_a_window_and_no_more_until_the_peer_reads()
    {
        using var pair = new PeerAndSocket();
        pair.Peer.IsReading = false;
        byte[] data = new byte[WindowBytes + 1];

        Assert.That(pair.Socket.Send(data).Bytes, Is.EqualTo(WindowBytes));
        Assert.That(pair.Socket.Send(data).IsNotNow);
        pair.World.Settle();
        Assert.That(pair.Socket.Send(data).IsNotNow, "arrived, but not read");

        pair.Peer.IsReading = true;
        Assert.That(pair.Peer.Received.Length, Is.EqualTo(WindowBytes));
        Assert.That(pair.Socket.Send(data.AsSpan(0, 1)).Bytes, Is.EqualTo(1));
    }

    [Test]
    public void A_peer_may_send_more_than_a_window_and_the_rest_follows_as_the_socket_reads()
    {
        using var pair = new PeerAndSocket();
        byte[] data = new byte[(3 * WindowBytes) + 5];
        new Random(1).NextBytes(data);
        pair.Peer.Send(data);
        pair.Peer.SendEnd();
        Assert.That(pair.Peer.UnsentBytes, Is.EqualTo(data.Length - WindowBytes));

        var received = new List<byte>();
        byte[] buffer = new byte[10_000];
        for (bool isEnded = false; !isEnded; pair.World.Settle())
        {
            IoResult result = pair.Socket.Receive(buffer);
            received.AddRange(buffer[..result.Bytes]);
            isEnded = result is { IsSuccess: true, Bytes: 0 };
        }

        Assert.That(received, Is.EqualTo(data));
        Assert.That(pair.Peer.UnsentBytes, Is.Zero);
    }

    [Test]
    public void After_the_bytes_before_a_reset_it_stays_one()
    {
        using var pair = new PeerAndSocket();
        pair.Peer.Send("before"u8);
        pair.World.Settle();
        pair.Peer.Reset();
        pair.World.Settle();

        Assert.That(pair.ReceiveText(), Is.EqualTo("before"));
        Assert.That(pair.Receive().Error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(pair.Receive().Error, Is.EqualTo(SocketError.ConnectionReset), "it stays so");
        Assert.That(pair.Socket.Send("x"u8).Error, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void Closing_with_unread_bytes_is_a_reset_as_on_linux()
    {
        using var pair = new PeerAndSocket();
        pair.Peer.Send("unread"u8);
        pair.World.Settle();
        pair.CloseSocket(reset: false);
        pair.World.Settle();

        Assert.That((pair.Peer.IsReset, pair.Peer.IsEnded), Is.EqualTo((true, false)));
    }

    [Test]
    public void Bytes_for_a_closed_end_are_answered_with_a_reset()
    {
        using var pair = new PeerAndSocket();
        pair.CloseSocket(reset: false);
        pair.World.Settle();
        Assert.That((pair.Peer.IsEnded, pair.Peer.IsReset), Is.EqualTo((true, false)));

        pair.Peer.Send("too late"u8);
        pair.World.Settle();
        Assert.That((pair.Peer.IsEnded, pair.Peer.IsReset), Is.EqualTo((true, true)));

        using var other = new PeerAndSocket();
        other.Peer.Close();
        other.World.Settle();
        Assert.That(other.Socket.Send("accepted"u8).Bytes, Is.EqualTo(8), "nobody knows yet");
        other.World.Settle();
        Assert.That(other.Socket.Send("x"u8).Error, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void Sending_after_the_own_end_is_an_error_value()
    {
        using var pair = new PeerAndSocket();
        pair.Socket.ShutdownSend();

        Assert.That(pair.Socket.Send("x"u8).Error, Is.EqualTo(SocketError.Shutdown));
        Assert.That(() => pair.Peer.Send("fine"u8), Throws.Nothing);
        pair.Peer.SendEnd();
        Assert.That(() => pair.Peer.Send("x"u8), Throws.InvalidOperationException);
    }

    [Test]
    public void A_full_backlog_makes_clients_ask_again_after_one_second()
    {
        using var world = new SimulatedLoop();
        DriverListener listener =
            world.Driver.Listen(SimulatedLoop.AnyPort, new() { Backlog = 1 });
        InMemoryPeer first = world.Driver.ConnectPeer(listener.LocalEndPoint);
        InMemoryPeer second = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.Settle();
        Assert.That((first.IsConnected, second.IsConnected), Is.EqualTo((true, false)));

        listener.Accept().Socket!.Close(reset: false);
        world.Driver.Advance(TimeSpan.FromSeconds(1) - world.Driver.Now - TimeSpan.FromTicks(1));
        world.Driver.Poll(TimeSpan.Zero);
        Assert.That(second.IsConnected, Is.False, "a tick too early");
        world.Driver.Advance(TimeSpan.FromTicks(1));
        world.Driver.Poll(TimeSpan.Zero);
        Assert.That(second.IsConnected, Is.True);
    }

    [Test]
    public void A_backlog_that_stays_full_times_clients_out()
    {
        using var world = new SimulatedLoop();
        DriverListener listener =
            world.Driver.Listen(SimulatedLoop.AnyPort, new() { Backlog = 1 });
        world.Driver.ConnectPeer(listener.LocalEndPoint);
        InMemoryPeer second = world.Driver.ConnectPeer(listener.LocalEndPoint);

        // 1 + 2 + 4 + 8 + 16 + 32 seconds of asking again.
        world.RunFor(TimeSpan.FromSeconds(63) - TimeSpan.FromTicks(1));
        Assert.That(second.ConnectError, Is.EqualTo(SocketError.Success));
        world.RunFor(TimeSpan.FromTicks(1));
        world.Settle();
        Assert.That(second.ConnectError, Is.EqualTo(SocketError.TimedOut));
    }

    [Test]
    public void A_listener_on_every_address_is_found_by_each_and_takes_the_port_from_all()
    {
        using var world = new SimulatedLoop();
        DriverListener listener =
            world.Driver.Listen(new IPEndPoint(IPAddress.Any, 8080), new());
        InMemoryPeer peer =
            world.Driver.ConnectPeer(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 8080));
        world.Settle();

        Assert.That(peer.IsConnected);
        Assert.That(
            listener.Accept().Socket!.LocalEndPoint,
            Is.EqualTo(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 8080)));
        Assert.That(
            () => world.Driver.Listen(new IPEndPoint(IPAddress.Loopback, 8080), new()),
            Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode")
                .EqualTo(SocketError.AddressAlreadyInUse));
    }

    [Test]
    public void A_closed_listener_resets_those_who_wait_and_refuses_those_who_come()
    {
        using var world = new SimulatedLoop();
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer waiting = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.Settle();
        listener.Close();
        InMemoryPeer late = world.Driver.ConnectPeer(listener.LocalEndPoint);
        world.Settle();

        Assert.That(waiting.IsReset);
        Assert.That(late.ConnectError, Is.EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void A_peer_lets_no_more_bytes_come_than_it_says()
    {
        using var pair = new PeerAndSocket(peer => peer.ReceiveBytesMax = 3);
        OperationAwaitable sent = pair.Socket.SendAllAsync("hello"u8.ToArray());
        pair.World.Settle();
        Assert.That((Text(pair.Peer.Received.ToArray()), sent.IsCompleted),
            Is.EqualTo(("hel", false)));

        pair.Peer.ReceiveBytesMax = 4;
        pair.World.Settle();
        Assert.That((Text(pair.Peer.TakeReceived()), sent.IsCompleted),
            Is.EqualTo(("hell", false)), "taking them opens nothing");

        pair.Peer.ReceiveBytesMax = null;
        pair.World.Settle();
        Assert.That((Text(pair.Peer.Received.ToArray()), sent.IsCompleted),
            Is.EqualTo(("o", true)));
        Assert.That(() => pair.Peer.ReceiveBytesMax = -1,
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_peer_that_closes_a_shut_window_answers_the_rest_with_a_reset()
    {
        using var pair = new PeerAndSocket(peer => peer.ReceiveBytesMax = 3);
        OperationAwaitable sent = pair.Socket.SendAllAsync("hello"u8.ToArray());
        pair.World.Settle();
        pair.Peer.Close();
        pair.World.Settle();

        Assert.That(sent.IsCompleted);
        Assert.That(pair.Socket.Send("x"u8).Error, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void Everything_that_was_closed_leaves_the_counters_at_zero()
    {
        using var world = new SimulatedLoop();
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        DriverSocket[] accepted = new DriverSocket[10];
        for (int i = 0; i < accepted.Length; i++)
        {
            world.Driver.ConnectPeer(listener.LocalEndPoint).Send("x"u8);
            world.Settle();
            accepted[i] = listener.Accept().Socket!;
        }

        Assert.That(
            (world.Driver.OpenSockets, world.Driver.OpenListeners), Is.EqualTo((10, 1)));
        foreach (DriverSocket socket in accepted)
        {
            socket.Close(reset: true);
        }

        listener.Close();
        world.Settle();
        Assert.That(
            (world.Driver.OpenSockets, world.Driver.OpenListeners, world.Driver.PendingEvents),
            Is.EqualTo((0, 0, 0)));
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A peer and the accepted socket at its other end.</summary>
    private sealed class PeerAndSocket : IDisposable
    {
        private bool _isClosed;

        public PeerAndSocket(Action<InMemoryPeer>? beforeConnected = null)
        {
            DriverListener listener = World.Driver.Listen(SimulatedLoop.AnyPort, new());
            Peer = World.Driver.ConnectPeer(listener.LocalEndPoint);
            beforeConnected?.Invoke(Peer);
            World.Settle();
            Socket = listener.Accept().Socket!;
            listener.Close();
        }

        public SimulatedLoop World { get; } = new();

        public InMemoryPeer Peer { get; }

        public DriverSocket Socket { get; }

        public IoResult Receive() => Socket.Receive(new byte[100]);

        public string ReceiveText()
        {
            byte[] buffer = new byte[100];
            return Text(buffer[..Socket.Receive(buffer).Bytes]);
        }

        public void CloseSocket(bool reset)
        {
            _isClosed = true;
            Socket.Close(reset);
        }

        public void Dispose()
        {
            if (!_isClosed)
            {
                Socket.Close(reset: true);
            }

            World.Settle();
            Assert.That((World.Driver.OpenSockets, World.Driver.PendingEvents), Is.EqualTo((0, 0)));
            World.Dispose();
        }
    }
}
