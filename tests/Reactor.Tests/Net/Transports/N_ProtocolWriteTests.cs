using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Writing in callback style: at once, buffered, paused and resumed, and the bound of the buffer.
/// Statements N10 and N11.
/// </summary>
public class N_ProtocolWriteTests
{
    /// <summary>A window, and a block of the buffer: one block is what one pulse frees.</summary>
    private const int Window = BlockPool.BlockBytes;

    [Test]
    public void N10_write_tries_the_socket_at_once_and_buffers_the_rest()
    {
        using var sender = new Sender();
        sender.Transport.Write(new byte[Window - 1]);
        Assert.That(sender.Transport.WriteBufferSize, Is.Zero, "the kernel took it");
        sender.Transport.Write(new byte[3]);
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(2));
        sender.Transport.Write(new byte[4]);
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(6), "no turn has passed");
        sender.Served.World.Settle();
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(6), "and nobody has read");

        sender.Peer.IsReading = true;
        sender.Served.World.Settle();
        Assert.That(sender.Transport.WriteBufferSize, Is.Zero);
        Assert.That(sender.Peer.Received.Length, Is.EqualTo(Window + 6));
    }

    [Test]
    public void N10_nothing_is_done_for_empty_data()
    {
        using var sender = new Sender();
        sender.Transport.Write([]);
        sender.Transport.Write(new byte[Window + 1]);
        sender.Transport.Write([]);
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(1));
        sender.Served.World.Settle();
        Assert.That(sender.Protocol.Story, Is.EqualTo("made"));
    }

    [Test]
    public void N10_the_bytes_arrive_in_order_however_they_were_written()
    {
        using var sender = new Sender(window: 777);
        var random = new Random(7);
        var all = new List<byte>();
        for (int i = 0; i < 200; i++)
        {
            byte[] data = new byte[random.Next(3000)];
            random.NextBytes(data);
            all.AddRange(data);
            sender.Transport.Write(data);
            sender.Peer.IsReading = random.Next(2) == 0;
            sender.Served.World.Loop.RunBriefly();
        }

        sender.Peer.IsReading = true;
        sender.Served.World.Settle();
        Assert.That(sender.Peer.Received.Span.SequenceEqual(all.ToArray()));
    }

    [Test]
    public void N11_the_marks_are_64_and_32_KiB()
    {
        using var sender = new Sender();
        Assert.That(sender.Transport.WriteBufferLimits, Is.EqualTo((32 * 1024, 64 * 1024)));
    }

    [Test]
    public void N11_at_the_high_mark_nothing_is_paused_and_one_byte_above_it_is()
    {
        using var sender = new Sender();
        sender.Transport.Write(new byte[Window]);
        sender.Transport.Write(new byte[64 * 1024]);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made"));

        sender.Transport.Write(new byte[1]);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause"), "inside the call");
        sender.Transport.Write(new byte[1]);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause"), "once");
    }

    [TestCase(1000, "made pause resume")]
    [TestCase(999, "made pause")]
    public void N11_at_the_low_mark_it_is_resumed_and_one_byte_above_it_is_not(
        int low, string expected)
    {
        using var sender = new Sender();
        sender.Transport.SetWriteBufferLimits(high: Window, low);
        sender.Transport.Write(new byte[Window]);
        sender.Transport.Write(new byte[Window + 1000]); // a block, and 1000 bytes of the next
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause"));

        sender.ReadOneWindow();
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(1000));
        Assert.That(sender.Protocol.Story, Is.EqualTo(expected));

        sender.ReadOneWindow();
        Assert.That(sender.Transport.WriteBufferSize, Is.Zero);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause resume"));
    }

    [Test]
    public void N11_a_protocol_that_heeds_the_marks_sends_everything_in_little_memory()
    {
        long left = 1_000_000;
        long most = 0;
        bool isPaused = false;
        void WriteOn(StoryProtocol self)
        {
            while (!isPaused && left > 0)
            {
                int bytes = (int)Math.Min(5000, left);
                left -= bytes;
                self.Transport.Write(new byte[bytes]);
                most = Math.Max(most, self.Transport.WriteBufferSize);
            }
        }

        var protocol = new StoryProtocol
        {
            On = (self, word) =>
            {
                isPaused = word == "pause" || (isPaused && word != "resume");
                if (word is "made" or "resume")
                {
                    WriteOn(self);
                }
            },
        };
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        served.World.Settle();

        Assert.That(peer.Received.Length, Is.EqualTo(1_000_000));
        Assert.That(most, Is.InRange((64 * 1024) + 1, (64 * 1024) + 5000));
    }

    [Test]
    public void N11_lowering_the_limit_pauses_at_once()
    {
        using var sender = new Sender();
        sender.Transport.Write(new byte[Window + 100]);
        sender.Transport.SetWriteBufferLimits(high: 100);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made"), "100 is not above 100");
        sender.Transport.SetWriteBufferLimits(high: 99);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause"));
    }

    [Test]
    public void N11_a_high_mark_of_zero_pauses_as_soon_as_anything_is_buffered()
    {
        using var sender = new Sender();
        sender.Transport.SetWriteBufferLimits(high: 0);
        sender.Transport.Write(new byte[Window]);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made"));
        sender.Transport.Write(new byte[1]);
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause"));
        sender.ReadOneWindow();
        Assert.That(sender.Protocol.Story, Is.EqualTo("made pause resume"));
    }

    [TestCase(1, 2)]
    [TestCase(1, -1)]
    [TestCase(-1, null)]
    [TestCase(null, -1)]
    public void N11_high_below_low_and_negative_marks_are_rejected(int? high, int? low)
    {
        using var sender = new Sender();
        Assert.That(
            () => sender.Transport.SetWriteBufferLimits(high, low),
            Throws.ArgumentException.With.Message.Contains("high"));
        Assert.That(sender.Transport.WriteBufferLimits, Is.EqualTo((32 * 1024, 64 * 1024)));
    }

    [TestCase(null, null, 32 * 1024, 64 * 1024)]
    [TestCase(1000, null, 500, 1000)]
    [TestCase(null, 1000, 1000, 2000)]
    [TestCase(7, 7, 7, 7)]
    [TestCase(null, int.MaxValue / 2, int.MaxValue / 2, int.MaxValue - 1)]
    public void N11_the_mark_that_is_not_given_follows_from_the_other(
        int? high, int? low, int expectedLow, int expectedHigh)
    {
        using var sender = new Sender();
        sender.Transport.SetWriteBufferLimits(high, low);
        Assert.That(sender.Transport.WriteBufferLimits, Is.EqualTo((expectedLow, expectedHigh)));
    }

    [Test]
    public void The_buffer_holds_its_bound_and_one_byte_more_ends_the_connection()
    {
        using var sender = new Sender(options: new() { WriteBufferBytesMax = 100_000 });
        sender.Transport.Write(new byte[Window + 99_999]);
        sender.Transport.Write(new byte[1]);
        Assert.That(sender.Transport.WriteBufferSize, Is.EqualTo(100_000));
        Assert.That(sender.Transport.IsClosing, Is.False);

        sender.Transport.Write(new byte[1]);
        Assert.That(sender.Transport.IsClosing);
        sender.Served.World.Settle();
        Assert.That(
            sender.Protocol.Story, Is.EqualTo("made pause lost:InvalidOperationException"));
        Assert.That(
            sender.Protocol.Error!.Message,
            Does.Contain("WriteBufferBytesMax (100000)").And.Contain("PauseWriting"));
        Assert.That(sender.Peer.IsReset);
        Assert.That(
            sender.Served.Reports,
            Is.EqualTo(new[] { "Fatal error: the write buffer of a transport is full." }));
    }

    [Test]
    public void A_block_that_the_kernel_may_still_read_is_not_lent_again_after_an_abort()
    {
        using var sender = new Sender();
        var pool = BlockPool.Of(sender.Served.World.Loop);
        byte[] data = new byte[2 * Window];
        data.AsSpan().Fill(0xAB);
        sender.Transport.Write(data);
        Assert.That(pool.RentedBlocks, Is.EqualTo(1));
        sender.Transport.Abort();
        Assert.That(pool.RentedBlocks, Is.Zero);

        byte[] block = pool.Rent();
        Assert.That(block.All(value => value == 0xAB), Is.False);
        pool.Return(block);
    }

    /// <summary>A served protocol whose peer reads only when told.</summary>
    private sealed class Sender : IDisposable
    {
        public Sender(int window = Window, TransportOptions? options = null)
        {
            Served = ServedLoop.OfProtocols(
                () => Protocol,
                new InMemoryOptions { WindowBytes = window },
                options,
                mayReport: options is not null);
            Peer = Served.Connect();
            Peer.IsReading = false;
        }

        public ServedLoop Served { get; }

        public StoryProtocol Protocol { get; } = new();

        public InMemoryPeer Peer { get; }

        public ITransport Transport => Protocol.Transport;

        public void ReadOneWindow()
        {
            Served.World.Settle();
            Peer.IsReading = true;
            Peer.IsReading = false;
            Served.World.Settle();
        }

        public void Dispose() => Served.Dispose();
    }
}
