using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement N18: the limit of what may stand before a separator, at exactly the limit and one
/// byte beyond, and what is left of the stream after it.
/// </summary>
public sealed class N_StreamLimitTests
{
    private static readonly int s_limit = StreamOptions.Default.LineBytesMax;
    private static readonly StreamOptions s_ten = new() { LineBytesMax = 10 };

    [Test]
    public void N18_a_line_of_exactly_the_limit_is_fine_and_one_byte_more_is_dropped_alone() =>
        StreamCuts.AssertAll(
            "0123456789\n0123456789x\nnext\n",
            "0123456789\n|too long|next\n||over",
            async (connection, story) =>
            {
                for (int i = 0; i < 4; i++)
                {
                    try
                    {
                        story.Add(StreamCuts.Text(await connection.ReadLineAsync()));
                    }
                    catch (LimitOverrunException)
                    {
                        story.Add("too long");
                    }
                }
            },
            s_ten);

    [Test]
    public void N18_a_line_many_times_the_limit_throws_once_and_the_next_line_is_read() =>
        StreamCuts.AssertAll(
            new string('x', 45) + "\nnext\n", "too long|next\n||over", async (connection, story) =>
            {
                for (int i = 0; i < 3; i++)
                {
                    try
                    {
                        story.Add(StreamCuts.Text(await connection.ReadLineAsync()));
                    }
                    catch (LimitOverrunException)
                    {
                        story.Add("too long");
                    }
                }
            },
            s_ten);

    [Test]
    public void N18_a_long_line_that_never_ends_is_over_with_the_stream() => StreamCuts.AssertAll(
        new string('x', 25), "too long||over", async (connection, story) =>
        {
            Exception? error = await N_StreamReadTests.Catch<LimitOverrunException>(
                async () => await connection.ReadLineAsync());
            story.Add(error is null ? "" : "too long");
            story.Add(StreamCuts.Text(await connection.ReadLineAsync()));
        },
        s_ten);

    [Test]
    public void N18_readuntil_at_the_limit_is_fine_and_one_beyond_throws_and_keeps_the_data() =>
        StreamCuts.AssertAll(
            "0123456789\r\n0123456789x\r\nrest",
            "0123456789\r\n|11 too many|0123456789x|\r\n|rest|over",
            async (connection, story) =>
            {
                byte[] separator = "\r\n"u8.ToArray();
                story.Add(StreamCuts.Text(await connection.ReadUntilAsync(separator)));
                LimitOverrunException error =
                    (await N_StreamReadTests.Catch<LimitOverrunException>(
                        async () => await connection.ReadUntilAsync(separator)))!;
                story.Add($"{error.Consumed} too many");
                story.Add(StreamCuts.Text(
                    await connection.ReadExactlyAsync((int)error.Consumed)));
                story.Add(StreamCuts.Text(await connection.ReadUntilAsync(separator)));
                story.Add(StreamCuts.Text(await connection.ReadToEndAsync()));
            },
            s_ten);

    [Test]
    public void N18_without_options_the_limit_is_64_KiB([Values(0, 1)] int beyond)
    {
        string line = new string('x', (64 * 1024) + beyond) + "\n";
        string told = StreamCuts.Tell([StreamCuts.Bytes(line)], async (connection, story) =>
        {
            Exception? error = await N_StreamReadTests.Catch<LimitOverrunException>(
                async () => story.Add($"{(await connection.ReadLineAsync()).Length}"));
            story.Add(error is null ? "fine" : "too long");
        });

        Assert.That(told, Is.EqualTo(beyond == 0 ? $"{line.Length}|fine|over" : "too long|over"));
    }

    // asyncio reads ahead and pauses above twice the limit; nothing is read ahead here.
    [Test]
    public void N18_no_more_than_the_limit_and_one_block_is_ever_received()
    {
        const int Sent = 1_000_000;
        const int Window = 64 * 1024;
        using var served = new ServedLoop(
            async connection =>
            {
                await N_StreamReadTests.Catch<LimitOverrunException>(
                    async () => await connection.ReadUntilAsync("\n"u8.ToArray()));
                await connection.WaitClosedAsync();
            },
            new InMemoryOptions { WindowBytes = Window });
        InMemoryPeer peer = served.Connect();
        peer.Send(new byte[Sent]);
        served.World.RunFor(TimeSpan.FromSeconds(1));

        long received = Sent - Window - peer.UnsentBytes;
        Assert.That(received, Is.GreaterThan(64 * 1024), "or it could not be too long");
        Assert.That(received, Is.LessThanOrEqualTo(s_limit + BlockPool.BlockBytes));
        Assert.That(
            served.RentedBlocks,
            Is.LessThanOrEqualTo((s_limit / BlockPool.BlockBytes) + 2),
            "and one that is half full");
    }

    [TestCase(0, 64, 32)]
    [TestCase(1, 31, 32)]
    [TestCase(1, 64, -1)]
    public void N18_limits_that_contradict_each_other_are_refused(int limit, int high, int low)
    {
        var options = new StreamOptions
        {
            LineBytesMax = limit,
            WriteBufferHighBytes = high,
            WriteBufferLowBytes = low,
        };
        using var served = new ServedLoop(ServedLoop.Echo);
        Assert.That(
            () => served.World.Loop.CreateServer(
                new NoHandler(), [SimulatedLoop.AnyPort], new() { Stream = options }),
            Throws.ArgumentException);
        Assert.That(served.World.Driver.OpenListeners, Is.EqualTo(1));
    }

    private sealed class NoHandler : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
