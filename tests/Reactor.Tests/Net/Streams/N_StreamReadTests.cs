using System.Buffers;
using System.IO.Pipelines;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement N17: what each read of a stream gives, wherever the stream was cut on its way; and
/// N16 and F18: what a reset and a cancellation do to a read.
/// </summary>
public sealed class N_StreamReadTests
{
    [Test]
    public void N17_read_gives_what_is_there_and_nothing_at_the_end()
    {
        byte[][] parts = [StreamCuts.Bytes("abcdef"), StreamCuts.Bytes("g")];
        string told = StreamCuts.Tell(parts, async (connection, story) =>
        {
            byte[] buffer = new byte[4];
            int count;
            do
            {
                count = await connection.ReadAsync(buffer);
                story.Add(StreamCuts.Text(buffer.AsMemory(0, count)));
            }
            while (count > 0);
        });

        Assert.That(told, Is.EqualTo("abcd|ef|g||over"));
    }

    [Test]
    public void N17_a_read_into_nothing_does_not_wait()
    {
        bool isDone = false;
        using var served = new ServedLoop(async connection =>
        {
            await connection.ReadAsync(Memory<byte>.Empty);
            await connection.ReadExactlyAsync(0);
            isDone = true;
        });
        served.Connect();

        Assert.That(isDone);
    }

    [Test]
    public void N17_readexactly_gives_so_many_bytes_and_no_more() => StreamCuts.AssertAll(
        "abcdefg", "abc|defg|over", async (connection, story) =>
        {
            story.Add(StreamCuts.Text(await connection.ReadExactlyAsync(3)));
            byte[] buffer = new byte[4];
            await connection.ReadExactlyAsync(buffer);
            story.Add(StreamCuts.Text(buffer));
        });

    [Test]
    public void N17_a_short_readexactly_throws_with_partial_and_expected() => StreamCuts.AssertAll(
        "abc", "abc of 5|0|over", async (connection, story) =>
        {
            IncompleteReadException error = (await Catch<IncompleteReadException>(
                async () => await connection.ReadExactlyAsync(5)))!;
            story.Add($"{StreamCuts.Text(error.Partial)} of {error.Expected}");
            story.Add($"{await connection.ReadAsync(new byte[5])}");
        });

    [Test]
    public void N17_readuntil_gives_all_up_to_and_with_the_separator() => StreamCuts.AssertAll(
        "one\r\n\r\ntwo\r\r\nrest", "one\r\n|\r\n|two\r\r\n|rest|over", async (connection, story) =>
        {
            for (int i = 0; i < 3; i++)
            {
                story.Add(StreamCuts.Text(await connection.ReadUntilAsync("\r\n"u8.ToArray())));
            }

            story.Add(StreamCuts.Text(await connection.ReadToEndAsync()));
        });

    [Test]
    public void N17_of_several_separators_the_one_that_ends_first_counts() => StreamCuts.AssertAll(
        "x--y;zCABD;", "x--|y;|zCAB|D;|over", async (connection, story) =>
        {
            // AB ends before CABD does, although CABD begins first.
            ReadOnlyMemory<byte>[] separators =
                [StreamCuts.Bytes("CABD"), StreamCuts.Bytes("--"), StreamCuts.Bytes(";"),
                    StreamCuts.Bytes("AB")];
            for (int i = 0; i < 4; i++)
            {
                story.Add(StreamCuts.Text(await connection.ReadUntilAsync(separators)));
            }
        });

    [Test]
    public void N17_readuntil_without_a_separator_throws_with_partial_and_expects_no_number() =>
        StreamCuts.AssertAll("abc\r", "abc\r of |0|over", async (connection, story) =>
        {
            IncompleteReadException error = (await Catch<IncompleteReadException>(
                async () => await connection.ReadUntilAsync("\r\n"u8.ToArray())))!;
            story.Add($"{StreamCuts.Text(error.Partial)} of {error.Expected}");
            story.Add($"{await connection.ReadAsync(new byte[5])}");
        });

    [Test]
    public void N17_readline_keeps_the_newline_gives_the_last_line_without_and_nothing_at_the_end()
        => StreamCuts.AssertAll(
            "one\n\ntwo\r\nlast", "one\n|\n|two\r\n|last||over", async (connection, story) =>
            {
                byte[] line;
                do
                {
                    line = await connection.ReadLineAsync();
                    story.Add(StreamCuts.Text(line));
                }
                while (line.Length > 0);
            });

    [Test]
    public void N17_read_to_end_gives_everything() => StreamCuts.AssertAll(
        "all\nof it", "all\nof it|0|over", async (connection, story) =>
        {
            story.Add(StreamCuts.Text(await connection.ReadToEndAsync()));
            story.Add($"{(await connection.ReadToEndAsync()).Length}");
        });

    [Test]
    public void N17_read_to_end_takes_exactly_its_limit_and_refuses_one_byte_more() =>
        StreamCuts.AssertAll("12345", "refused at 4, 12345|over", async (connection, story) =>
        {
            LimitOverrunException error = (await Catch<LimitOverrunException>(
                async () => await connection.ReadToEndAsync(4)))!;
            byte[] all = await connection.ReadToEndAsync(5);
            story.Add($"refused at {error.Consumed}, {StreamCuts.Text(all)}");
        });

    // The bytes of a connection lie in blocks: the separator stands before, on and behind a border.
    [Test]
    public void N17_a_separator_is_found_across_the_border_of_two_blocks([Range(0, 4)] int before)
    {
        string line = new string('x', BlockPool.BlockBytes - before) + "\r\n\t";
        string told = StreamCuts.Tell(
            [StreamCuts.Bytes(line + "next")],
            async (connection, story) =>
            {
                byte[] first = await connection.ReadUntilAsync("\r\n\t"u8.ToArray());
                story.Add(StreamCuts.Text(first) == line ? "line" : "something else");
                story.Add(StreamCuts.Text(await connection.ReadToEndAsync()));
            });

        Assert.That(told, Is.EqualTo("line|next|over"));
    }

    [Test]
    public void N17_half_a_megabyte_is_read_exactly_and_in_order()
    {
        byte[] data = new byte[500_000];
        new Random(17).NextBytes(data);
        string told = StreamCuts.Tell([data], async (connection, story) =>
        {
            byte[] read = await connection.ReadExactlyAsync(data.Length);
            story.Add(read.AsSpan().SequenceEqual(data) ? "same" : "different");
        });

        Assert.That(told, Is.EqualTo("same|over"));
    }

    [Test]
    public void N17_what_a_helper_leaves_the_pipe_reader_gets_and_the_other_way_round() =>
        StreamCuts.AssertAll("one\ntwo\nend", "one\n|tw|o\n|end|over", async (connection, story) =>
        {
            story.Add(StreamCuts.Text(await connection.ReadLineAsync()));
            ReadResult result = await connection.Input.ReadAsync();
            while (result.Buffer.Length < 2)
            {
                connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                result = await connection.Input.ReadAsync();
            }

            story.Add(StreamCuts.Text(result.Buffer.Slice(0, 2).ToArray()));
            connection.Input.AdvanceTo(result.Buffer.GetPosition(2), result.Buffer.End);
            story.Add(StreamCuts.Text(await connection.ReadLineAsync()));
            story.Add(StreamCuts.Text(await connection.ReadToEndAsync()));
        });

    [Test]
    public void N17_a_second_read_at_the_same_time_is_refused_and_the_first_goes_on()
    {
        var story = new List<string>();
        using var served = new ServedLoop(async connection =>
        {
            LoopTask<byte[]> first = EventLoop.Spawn(connection.ReadLineAsync());
            await EventLoop.Yield();
            Exception? error = await Catch<InvalidOperationException>(
                async () => await connection.ReadAsync(new byte[1]));
            story.Add(error is null ? "allowed" : "refused");
            story.Add(StreamCuts.Text(await first));
        });
        served.Connect().Send("line\n"u8);
        served.World.Settle();

        Assert.That(story, Is.EqualTo(["refused", "line\n"]));
    }

    [Test]
    public void N17_empty_separators_and_negative_counts_are_refused_at_once()
    {
        using var served = new ServedLoop(connection =>
        {
            Assert.That(() => connection.ReadUntilAsync(), Throws.ArgumentException);
            Assert.That(
                () => connection.ReadUntilAsync("\n"u8.ToArray(), Array.Empty<byte>()),
                Throws.ArgumentException);
            Assert.That(
                () => connection.ReadExactlyAsync(-1),
                Throws.InstanceOf<ArgumentOutOfRangeException>());
            return ServedLoop.Echo(connection);
        });
        served.Connect();

        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void N16_a_reset_is_the_error_of_a_read_and_nothing_is_logged()
    {
        Exception? error = null;
        Connection? seen = null;
        using var served = new ServedLoop(async connection =>
        {
            seen = connection;
            error = await Catch<ConnectionResetException>(
                async () => await connection.ReadLineAsync());
            throw error!; // as a handler that catches nothing would
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("half a li"u8);
        served.World.Settle();
        peer.Reset();
        served.World.Settle();

        Assert.That(error, Is.Not.Null);
        Assert.That(seen!.CloseReason, Is.EqualTo(CloseReason.PeerReset));
        Assert.That(served.Reports, Is.Empty);
        Assert.That(served.Server.Connections, Is.Empty);
    }

    [Test]
    public void F18_a_pending_read_is_cancelled_promptly_and_leaves_no_reader_behind()
    {
        LoopTask<byte[]>? read = null;
        string? after = null;
        using var served = new ServedLoop(async connection =>
        {
            read = EventLoop.Spawn(connection.ReadLineAsync());
            await EventLoop.Wait([read]);
            after = StreamCuts.Text(await connection.ReadLineAsync());
        });
        InMemoryPeer peer = served.Connect();
        peer.Send("kept, "u8);
        served.World.Settle();
        TimeSpan before = served.World.Loop.Time;
        read!.Cancel();
        served.World.Loop.RunBriefly();

        Assert.That(read.IsCancelled, "in the next turn");
        Assert.That(served.World.Loop.Time, Is.EqualTo(before));
        peer.Send("and read\n"u8);
        served.World.Settle();
        Assert.That(after, Is.EqualTo("kept, and read\n"), "the cancelled read took nothing");
    }

    internal static async Coroutine<TError?> Catch<TError>(Func<Coroutine> action)
        where TError : Exception
    {
        try
        {
            await action();
            return null;
        }
        catch (TError error)
        {
            return error;
        }
    }
}
