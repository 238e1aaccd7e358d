using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// What the in-memory kernel has taken and what the peer has acknowledged: two numbers, as with
/// TCP, and what a close does to the bytes between them.
/// </summary>
public class AcknowledgementTests
{
    private const int Window = 64 * 1024;
    private const int Buffer = 100_000;

    [Test]
    public void A_send_takes_window_and_buffer_and_only_the_window_is_acknowledged()
    {
        using var world = new World(new InMemoryOptions { SendBufferBytes = Buffer });
        Assert.That(world.Socket.Send(new byte[Window + Buffer + 1]).Bytes,
            Is.EqualTo(Window + Buffer));
        Assert.That(world.Accounts, Is.EqualTo((0L, (long)Window + Buffer)), "under way");
        Assert.That(world.Socket.Send(new byte[1]).IsNotNow);

        world.Settle();
        Assert.That(world.Accounts, Is.EqualTo(((long)Window, (long)Buffer)));
        world.Peer.Read(10);
        world.Settle();
        Assert.That(world.Accounts, Is.EqualTo((Window + 10L, Buffer - 10L)));
        world.Peer.IsReading = true;
        world.Settle();
        Assert.That(world.Accounts, Is.EqualTo(((long)Window + Buffer, 0L)));
    }

    [Test]
    public void Without_a_buffer_a_send_takes_a_window()
    {
        using var world = new World(new InMemoryOptions());
        Assert.That(world.Socket.Send(new byte[Window + 1]).Bytes, Is.EqualTo(Window));
    }

    [TestCase(1000)]
    [TestCase(Window)]
    public void A_reader_opens_its_window_in_steps(int step)
    {
        using var world = new World(
            new InMemoryOptions { SendBufferBytes = Buffer, WindowStepBytes = step });
        world.Socket.Send(new byte[Window + Buffer]);
        world.Settle();
        world.Peer.Read(step - 1);
        world.Settle();
        Assert.That(world.Socket.GetAcknowledgedBytes(), Is.EqualTo(Window), "one byte short");

        world.Peer.Read(1);
        world.Settle();
        Assert.That(world.Socket.GetAcknowledgedBytes(), Is.EqualTo(Window + step));
    }

    [Test]
    public void A_waiting_send_goes_on_when_the_buffer_has_room()
    {
        using var world = new World(new InMemoryOptions { SendBufferBytes = Buffer });
        byte[] data = new byte[Buffer + Window + 500];
        new Random(1).NextBytes(data);
        OperationAwaitable send = world.Socket.SendAllAsync(data);
        world.Settle();
        world.Peer.Read(499);
        world.Settle();
        Assert.That(send.IsCompleted, Is.False);
        world.Peer.Read(1);
        world.Settle();
        Assert.That(send.IsCompleted);

        world.Peer.IsReading = true;
        world.Settle();
        Assert.That(world.Peer.Received.Span.SequenceEqual(data));
    }

    [Test]
    public void An_end_comes_behind_the_buffer_and_counts_as_one_until_it_has_arrived()
    {
        using var world = new World(new InMemoryOptions { SendBufferBytes = Buffer });
        world.Socket.Send(new byte[Window + 10]);
        world.Socket.ShutdownSend();
        world.Settle();
        Assert.That(world.Accounts, Is.EqualTo(((long)Window, 11L)));
        Assert.That(world.Socket.Send(new byte[1]).Error, Is.EqualTo(SocketError.Shutdown));

        world.Peer.Read(10);
        world.Settle();
        Assert.That(world.Accounts, Is.EqualTo((Window + 10L, 0L)));
        world.Peer.IsReading = true;
        world.Settle();
        Assert.That(world.Peer.IsEnded);
    }

    [Test]
    public void An_orderly_close_still_delivers_the_buffer()
    {
        using var world = new World(new InMemoryOptions { SendBufferBytes = Buffer });
        world.Socket.Send(new byte[Window + Buffer]);
        world.Close(reset: false);
        world.Settle();
        world.Peer.IsReading = true;
        world.Settle();

        Assert.That((world.Peer.Received.Length, world.Peer.IsEnded, world.Peer.IsReset),
            Is.EqualTo((Window + Buffer, true, false)));
    }

    [TestCase("a reset")]
    [TestCase("a close with unread input")]
    [TestCase("input after the close")]
    public void What_was_not_delivered_is_lost_by(string how)
    {
        using var world = new World(new InMemoryOptions { SendBufferBytes = Buffer });
        world.Socket.Send(new byte[Window + Buffer]);
        world.Settle();
        Assert.That(world.Peer.Read(1000), Is.EqualTo(1000));
        world.Settle();
        if (how == "a close with unread input")
        {
            world.Peer.Send(new byte[1]);
            world.Settle();
        }

        world.Close(reset: how == "a reset");
        if (how == "input after the close")
        {
            world.Settle();
            Assert.That(world.Peer.IsReset, Is.False);
            world.Peer.Send(new byte[1]);
        }

        world.Settle();
        world.Peer.IsReading = true;
        world.Settle();
        Assert.That((world.Peer.Received.Length, world.Peer.IsReset), Is.EqualTo((1000, true)));
    }

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    [TestCase(0, Window + 1)]
    public void A_buffer_or_a_step_that_cannot_be_is_refused(int buffer, int step) => Assert.That(
        () => new InMemoryDriver(
            new InMemoryOptions { SendBufferBytes = buffer, WindowStepBytes = step }),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>A socket, and a peer that reads nothing of its own accord.</summary>
    private sealed class World : IDisposable
    {
        private readonly SimulatedLoop _world;
        private bool _isClosed;

        public World(InMemoryOptions options)
        {
            _world = new SimulatedLoop(options);
            DriverListener listener = _world.Driver.Listen(SimulatedLoop.AnyPort, new());
            Peer = _world.Driver.ConnectPeer(listener.LocalEndPoint);
            Peer.IsReading = false;
            _world.Settle();
            Socket = listener.Accept().Socket!;
            listener.Close();
        }

        public InMemoryPeer Peer { get; }

        public DriverSocket Socket { get; }

        public (long? Acknowledged, long? Unacknowledged) Accounts =>
            (Socket.GetAcknowledgedBytes(), Socket.GetUnacknowledgedBytes());

        public void Settle() => _world.Settle();

        public void Close(bool reset)
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

            _world.Dispose();
        }
    }
}
