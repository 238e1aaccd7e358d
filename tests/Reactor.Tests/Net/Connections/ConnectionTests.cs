using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Tests.Net;

/// <summary>
/// A connection against a peer in a test's hand: how it ends, what it holds while nothing happens,
/// and what cancelling does to it.
/// </summary>
public class ConnectionTests
{
    [Test]
    public void After_the_peers_end_it_still_sends_and_the_reason_is_the_peers()
    {
        Connection? seen = null;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            await ServedLoop.Echo(connection);
            Assert.That(connection.HasInputEnded);
            Write(connection, "after the end");
            await connection.FlushAsync();
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("before, "u8);
        peer.SendEnd();
        served.World.Settle();

        Assert.That(Text(peer), Is.EqualTo("before, after the end"));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
        Assert.That(seen!.CloseReason, Is.EqualTo(CloseReason.PeerClosed), "it was the first");
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void Ending_the_own_stream_keeps_reading_possible()
    {
        using var served = new ServedLoop(async connection =>
        {
            Write(connection, "only word");
            await connection.FlushAsync();
            connection.ShutdownSend();
            Assert.That(await ReadText(connection), Is.EqualTo("heard"));
        });
        InMemoryPeer peer = served.Connect();
        Assert.That((Text(peer), peer.IsEnded), Is.EqualTo(("only word", true)));

        peer.Send("heard"u8);
        peer.SendEnd();
        served.World.Settle();
        Assert.That(served.Server.Connections, Is.Empty);
        Assert.That(served.Reports, Is.Empty);
    }

    // Blocks have 16 KiB: in the first, at a seam, behind it, at the end.
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(16 * 1024)]
    [TestCase((16 * 1024) + 1)]
    [TestCase(99_999)]
    [TestCase(100_000)]
    public void What_was_not_sent_can_be_taken_back(int kept)
    {
        byte[] data = new byte[100_000];
        new Random(1).NextBytes(data);
        using var served = new ServedLoop(async connection =>
        {
            Write(connection, "sent");
            await connection.FlushAsync();
            connection.Output.Write(data);
            Assert.That(connection.TryTakeBack(3), Is.False, "the kernel has it");
            Assert.That(connection.TryTakeBack(4 + data.Length + 1), Is.False, "not written");
            Assert.That(connection.TryTakeBack(4 + kept));
            Assert.That(connection.Output.UnflushedBytes, Is.EqualTo(kept));
            Write(connection, "instead");
            await connection.FlushAsync();
        });
        InMemoryPeer peer = served.Connect();
        peer.SendEnd();
        served.World.Settle();

        byte[] expected = [.. "sent"u8, .. data[..kept], .. "instead"u8];
        Assert.That(peer.Received.Span.SequenceEqual(expected));
        Assert.That(served.RentedBlocks, Is.Zero);
    }

    [Test]
    public void An_abort_is_a_reset_for_the_peer_and_drops_what_was_not_sent()
    {
        Connection? seen = null;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            await connection.WaitReadableAsync();
            Write(connection, "never flushed");
            connection.Abort();
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("x"u8);
        served.World.Settle();

        Assert.That(peer.IsReset);
        Assert.That(peer.Received.Length, Is.Zero);
        Assert.That(seen!.CloseReason, Is.EqualTo(CloseReason.Aborted));
    }

    [Test]
    public void The_first_reason_to_close_wins_and_closing_again_is_silent()
    {
        Connection? seen = null;
        using var served = new ServedLoop(connection =>
        {
            seen = connection;
            connection.Close(CloseReason.Shutdown);
            connection.Abort();
            connection.Close(CloseReason.Local);
            connection.ShutdownSend();
            return Nothing();
        });
        InMemoryPeer peer = served.Connect();

        Assert.That(seen!.CloseReason, Is.EqualTo(CloseReason.Shutdown));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)), "the first close won");
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void A_peers_reset_is_a_reason_and_no_exception()
    {
        Connection? seen = null;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            await ServedLoop.Echo(connection);
            Write(connection, "to nobody");
            await connection.FlushAsync();
            Assert.That(connection.IsOutputBroken);
        });
        InMemoryPeer peer = served.Connect();
        peer.Reset();
        served.World.Settle();

        Assert.That(seen!.CloseReason, Is.EqualTo(CloseReason.PeerReset));
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void An_idle_connection_holds_no_block()
    {
        using var served = new ServedLoop(ServedLoop.Echo);
        InMemoryPeer[] peers = [.. Enumerable.Range(0, 100).Select(_ => served.Connect())];
        Assert.That(served.Server.Connections, Has.Count.EqualTo(100));
        Assert.That(served.RentedBlocks, Is.Zero, "before the first byte");

        foreach (InMemoryPeer peer in peers)
        {
            peer.Send("ping"u8);
        }

        served.World.Settle();
        Assert.That(peers.Select(Text), Is.All.EqualTo("ping"));
        Assert.That(served.RentedBlocks, Is.Zero, "between two messages");
    }

    [Test]
    public void Bytes_that_nobody_has_consumed_hold_one_block_and_closing_gives_it_back()
    {
        using var served = new ServedLoop(async connection =>
        {
            ReadResult result = await connection.Input.ReadAsync();
            connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            await connection.Input.ReadAsync();
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("half a mess"u8);
        served.World.Settle();
        Assert.That(served.RentedBlocks, Is.EqualTo(1));

        peer.Reset();
        served.World.Settle();
        Assert.That(served.RentedBlocks, Is.Zero);
    }

    [Test]
    public void A_flush_of_more_than_the_window_ends_as_the_peer_reads()
    {
        byte[] data = new byte[300_000];
        new Random(1).NextBytes(data);
        bool isFlushed = false;
        using var served = new ServedLoop(async connection =>
        {
            await connection.WaitReadableAsync();
            connection.Output.Write(data);
            await connection.FlushAsync();
            isFlushed = true;
        });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        peer.SendEnd();
        served.World.Settle();
        Assert.That(isFlushed, Is.False, "64 KiB is all that fits");

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(isFlushed, Is.True);
        Assert.That(peer.Received.Span.SequenceEqual(data));
    }

    [Test]
    public void Closing_while_a_flush_waits_ends_the_flush_and_gives_the_blocks_back()
    {
        Connection? seen = null;
        bool hasEnded = false;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            connection.Output.Write(new byte[300_000]);
            await connection.FlushAsync();
            hasEnded = true;
        });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        served.World.Settle();
        peer = served.Connect();
        peer.IsReading = false;
        served.World.Settle();
        seen!.Close();
        served.World.Settle();

        Assert.That(hasEnded);
        Assert.That(seen.CloseReason, Is.EqualTo(CloseReason.Local));
    }

    [Test]
    public void A_flush_whose_task_was_cancelled_goes_on_and_can_be_awaited_again()
    {
        byte[] data = new byte[300_000];
        new Random(2).NextBytes(data);
        LoopTask? flush = null;
        using var served = new ServedLoop(async connection =>
        {
            await connection.WaitReadableAsync();
            connection.Output.Write(data);
            flush = EventLoop.Spawn(connection.FlushAsync());
            await EventLoop.Wait([flush]);
            await connection.FlushAsync();
        });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        peer.SendEnd();
        served.World.Settle();
        flush!.Cancel();
        served.World.Settle();
        Assert.That(flush.IsCancelled);

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(peer.Received.Span.SequenceEqual(data));
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void A_pending_read_that_is_cancelled_says_so_and_loses_no_byte()
    {
        var texts = new List<string>();
        Connection? seen = null;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            ReadResult result = await connection.Input.ReadAsync();
            texts.Add(result.IsCanceled ? "cancelled" : "");
            connection.Input.AdvanceTo(result.Buffer.End);
            result = await connection.Input.ReadAsync();
            texts.Add(Encoding.Latin1.GetString(result.Buffer));
            connection.Input.AdvanceTo(result.Buffer.End);
        });
        InMemoryPeer peer = served.Connect();
        seen!.Input.CancelPendingRead();
        served.World.Settle();
        peer.Send("still here"u8);
        served.World.Settle();

        Assert.That(texts, Is.EqualTo(["cancelled", "still here"]));
    }

    private static void Write(Connection connection, string text) =>
        connection.Output.Write(Encoding.Latin1.GetBytes(text));

    private static string Text(InMemoryPeer peer) => Encoding.Latin1.GetString(peer.Received.Span);

    private static async Coroutine<string> ReadText(Connection connection) =>
        Encoding.Latin1.GetString(await ServedLoop.ReadAll(connection));

    private static async Coroutine Nothing() => await EventLoop.Yield();
}
