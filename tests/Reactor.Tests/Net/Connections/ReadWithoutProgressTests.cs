using System.IO.Pipelines;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Tests.Net;

/// <summary>
/// A task that reads again and again without a wait: others have their turn all the same. Each test
/// counts the reads until a callback that was posted before them has run.
/// </summary>
public class ReadWithoutProgressTests
{
    private const int ReadsPerTurn = 16;
    private const int Endless = 100_000;

    [Test]
    public void A_reader_that_consumes_nothing_leaves_others_their_turn()
    {
        int reads = Count(peer => peer.Send("x"u8), buffer => (buffer.Start, buffer.Start));

        Assert.That(reads, Is.EqualTo(ReadsPerTurn + 1));
    }

    [Test]
    public void A_reader_behind_the_end_of_the_stream_leaves_others_their_turn()
    {
        int reads = Count(peer => peer.SendEnd(), buffer => (buffer.End, buffer.End));

        Assert.That(reads, Is.EqualTo(ReadsPerTurn + 1));
    }

    [Test]
    public void A_reader_whose_peer_sends_fast_leaves_others_their_turn()
    {
        int reads = Count(
            peer => peer.Send(new byte[4 << 20]), buffer => (buffer.End, buffer.End), 8 << 20);

        Assert.That(reads, Is.EqualTo(ReadsPerTurn + 1));
    }

    private static int Count(
        Action<InMemoryPeer> send,
        Func<System.Buffers.ReadOnlySequence<byte>, (SequencePosition, SequencePosition)> advance,
        int? window = null)
    {
        int reads = 0;
        bool isReady = false;
        using var served = new ServedLoop(
            Serve,
            window is { } bytes ? new InMemoryOptions { WindowBytes = bytes } : null);
        InMemoryPeer peer = served.Connect();
        send(peer);
        served.World.Settle();
        isReady = true;
        served.World.Settle();
        served.World.RunFor(TimeSpan.FromSeconds(1));
        return reads;

        async Coroutine Serve(Connection connection)
        {
            while (!isReady)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1)); // all has come by then
            }

            bool hadTurn = false;
            connection.Loop.CallSoon(() => hadTurn = true);
            while (!hadTurn && reads < Endless)
            {
                ReadResult result = await connection.Input.ReadAsync();
                reads++;
                var (consumed, examined) = advance(result.Buffer);
                connection.Input.AdvanceTo(consumed, examined);
            }
        }
    }
}
