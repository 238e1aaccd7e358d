using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements N19 and N20: what is written is sent without another call, drain keeps pace with it,
/// and closing sends the rest.
/// </summary>
public sealed class N_StreamWriteTests
{
    private const int High = 64 * 1024;
    private const int Low = 32 * 1024;
    private const int Window = 1000;

    [Test]
    public void N19_what_is_written_in_a_turn_is_sent_in_the_next_in_one_piece()
    {
        var arrived = new List<int>();
        using var served = new ServedLoop(
            async connection =>
            {
                for (int i = 0; i < 10; i++)
                {
                    connection.Write("ten bytes."u8);
                }

                await connection.ReadToEndAsync();
            },
            new InMemoryOptions { Trace = trace => Note(arrived, trace) });
        InMemoryPeer peer = served.Connect();

        Assert.That(peer.Received.Length, Is.EqualTo(100));
        Assert.That(arrived, Is.EqualTo([100]), "one send");
    }

    [Test]
    public void N19_what_the_kernel_does_not_take_is_sent_in_the_background()
    {
        byte[] data = Noise(50_000);
        using var served = new ServedLoop(
            async connection =>
            {
                connection.Write(data);
                await connection.ReadToEndAsync();
            },
            new InMemoryOptions { WindowBytes = Window });
        InMemoryPeer peer = served.Connect();

        Assert.That(peer.Received.Span.SequenceEqual(data));
        Assert.That(served.RentedBlocks, Is.Zero);
    }

    [Test]
    public void N19_drain_does_not_wait_with_exactly_the_high_mark_unsent()
    {
        bool isDrained = false;
        using var served = Stuck(async connection =>
        {
            connection.Write(new byte[Window + High]);
            await connection.DrainAsync();
            isDrained = true;
        });

        Assert.That(isDrained);
    }

    [Test]
    public void N19_one_byte_above_many_drains_wait_until_the_low_mark_is_reached()
    {
        Connection? seen = null;
        var drains = new List<LoopTask>();
        var unsent = new List<long>();
        using var served = Stuck(
            async connection =>
            {
                seen = connection;
                connection.Write(new byte[Window + High + 1]);
                for (int i = 0; i < 3; i++)
                {
                    drains.Add(EventLoop.Spawn(DrainAndNote(connection, unsent)));
                }

                await EventLoop.Wait(drains);
            },
            out InMemoryPeer peer);
        Assert.That(drains, Has.All.Property("IsDone").False);
        Assert.That(seen!.Output.UnflushedBytes, Is.EqualTo(High + 1));

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(drains, Has.All.Property("IsDone").True);
        Assert.That(unsent, Has.Count.EqualTo(3));
        Assert.That(unsent, Has.All.InRange(1, Low), "they ended at the low mark, not at the end");
    }

    [Test]
    public void N19_a_drain_that_is_cancelled_leaves_the_others_and_the_data_alone()
    {
        LoopTask? first = null;
        LoopTask? second = null;
        using var served = Stuck(
            async connection =>
            {
                connection.Write(new byte[200_000]);
                first = EventLoop.Spawn(connection.DrainAsync());
                second = EventLoop.Spawn(connection.DrainAsync());
                await connection.ReadToEndAsync();
            },
            out InMemoryPeer peer);
        first!.Cancel();
        served.World.Settle();
        Assert.That((first.IsCancelled, second!.IsDone), Is.EqualTo((true, false)));

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(second.IsDone && !second.IsCancelled);
        Assert.That(peer.Received.Length, Is.EqualTo(200_000));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void N19_drain_throws_after_the_peer_is_gone(bool isWaiting)
    {
        int rounds = 0;
        using var served = Stuck(
            async connection =>
            {
                // The loop of a handler that never looks at the connection.
                for (rounds = 0; rounds < 10_000; rounds++)
                {
                    await connection.WriteAsync(new byte[isWaiting ? 100_000 : 10]);
                    if (!isWaiting)
                    {
                        await EventLoop.Yield();
                    }
                }
            },
            out InMemoryPeer peer,
            settles: isWaiting);
        peer.Reset();
        served.World.Settle();

        Assert.That(rounds, Is.LessThan(10_000), "it must not write for ever");
        Assert.That(served.Server.Connections, Is.Empty);
        Assert.That(served.Reports, Is.Empty, "a peer that resets is everyday life");
    }

    [Test]
    public void N19_the_written_memory_may_be_used_again_at_once()
    {
        using var served = new ServedLoop(async connection =>
        {
            byte[] data = StreamCuts.Bytes("first");
            connection.Write(data);
            data.AsSpan().Fill((byte)'x');
            await connection.ReadToEndAsync();
        });
        InMemoryPeer peer = served.Connect();

        Assert.That(StreamCuts.Text(peer.Received), Is.EqualTo("first"));
    }

    [Test]
    public void N20_close_sends_what_was_written_and_wait_closed_ends_after_that()
    {
        Connection? seen = null;
        LoopTask? close = null;
        byte[] data = Noise(300_000);
        using var served = Stuck(
            async connection =>
            {
                seen = connection;
                connection.Write(data);
                close = EventLoop.Spawn(connection.CloseAsync());
                await connection.WaitClosedAsync();
            },
            out InMemoryPeer peer);
        Assert.That((seen!.IsClosed, close!.IsDone), Is.EqualTo((false, false)));
        Assert.That(seen.IsOutputBroken, "nothing more can be written");

        peer.IsReading = true;
        served.World.Settle();
        Assert.That((seen.IsClosed, close.IsDone), Is.EqualTo((true, true)));
        Assert.That(seen.CloseReason, Is.EqualTo(CloseReason.Local));
        Assert.That(peer.Received.Span.SequenceEqual(data));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
    }

    [Test]
    public void N20_after_close_write_and_drain_throws_and_the_reader_is_at_its_end()
    {
        var story = new List<string>();
        using var served = new ServedLoop(async connection =>
        {
            await connection.ReadExactlyAsync(1);
            await connection.CloseAsync();
            await connection.CloseAsync();
            connection.Write("to nobody"u8);
            Exception? error = await N_StreamReadTests.Catch<ConnectionResetException>(
                async () => await connection.DrainAsync());
            story.Add(error is null ? "no error" : "reset");
            story.Add($"{await connection.ReadAsync(new byte[9])}");
            story.Add($"{(await connection.ReadLineAsync()).Length}");
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("12345"u8);
        served.World.Settle();

        Assert.That(story, Is.EqualTo(["reset", "0", "0"]));
        Assert.That(peer.Received.Length, Is.Zero);
    }

    [Test]
    public void N20_a_close_that_nobody_waits_for_any_more_goes_on_and_an_abort_ends_it()
    {
        Connection? seen = null;
        LoopTask? close = null;
        LoopTask? other = null;
        using var served = Stuck(
            async connection =>
            {
                seen = connection;
                connection.Write(new byte[300_000]);
                close = EventLoop.Spawn(connection.CloseAsync());
                other = EventLoop.Spawn(Wait(connection.WaitClosedAsync()));
                await EventLoop.Wait([close]);
            },
            out InMemoryPeer peer);
        close!.Cancel();
        served.World.Settle();
        Assert.That((seen!.IsClosed, other!.IsDone), Is.EqualTo((false, false)));

        seen.Abort();
        served.World.Settle();
        Assert.That(other.IsDone && !other.IsCancelled);
        peer.IsReading = true;
        Assert.That(peer.IsReset);
    }

    [Test]
    public void N20_what_a_handler_wrote_last_is_sent_before_its_connection_is_closed()
    {
        byte[] data = Noise(10 * Window);
        using var served = Stuck(
            connection =>
            {
                connection.Write(data);
                return Nothing();
            },
            out InMemoryPeer peer);
        Assert.That(served.Server.Connections, Has.Count.EqualTo(1));

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(peer.Received.Span.SequenceEqual(data));
        Assert.That(peer.IsEnded);
        Assert.That(served.Server.Connections, Is.Empty);
    }

    [Test]
    public void N20_a_plain_close_hands_the_kernel_what_it_takes_now()
    {
        using var served = new ServedLoop(connection =>
        {
            connection.Write("last words"u8);
            connection.Close();
            return Nothing();
        });
        InMemoryPeer peer = served.Connect();

        Assert.That(StreamCuts.Text(peer.Received), Is.EqualTo("last words"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void N20_the_end_of_the_own_stream_comes_after_all_that_was_written()
    {
        using var served = Stuck(
            async connection =>
            {
                connection.Write(new byte[10 * Window]);
                connection.ShutdownSend();
                Assert.That(
                    () => connection.Write("too late"u8), Throws.InvalidOperationException);
                await connection.ReadToEndAsync();
            },
            out InMemoryPeer peer);
        Assert.That(peer.IsEnded, Is.False);

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(peer.Received.Length, Is.EqualTo(10 * Window));
        Assert.That(peer.IsEnded);
    }

    private static ServedLoop Stuck(Func<Connection, Coroutine> handler) => Stuck(handler, out _);

    /// <summary>A handler whose client does not read, behind a window of 1000 bytes.</summary>
    private static ServedLoop Stuck(
        Func<Connection, Coroutine> handler, out InMemoryPeer peer, bool settles = true)
    {
        var served = new ServedLoop(handler, new InMemoryOptions { WindowBytes = Window });
        peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        peer.IsReading = false;
        if (settles)
        {
            served.World.Settle();
        }

        return served;
    }

    private static void Note(List<int> arrived, NetworkTrace trace)
    {
        if (trace.Kind == NetworkEventKind.Data)
        {
            arrived.Add(trace.Bytes);
        }
    }

    private static async Coroutine DrainAndNote(Connection connection, List<long> unsent)
    {
        await connection.DrainAsync();
        unsent.Add(connection.Output.UnflushedBytes);
    }

    private static async Coroutine Wait(Future<Unit> future) => await future;

    private static async Coroutine Nothing() => await EventLoop.Yield();

    private static byte[] Noise(int bytes)
    {
        byte[] data = new byte[bytes];
        new Random(19).NextBytes(data);
        return data;
    }
}
