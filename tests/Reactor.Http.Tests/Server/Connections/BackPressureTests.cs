using Reactor.Net;
using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A peer that does not read: the handler that streams to it waits, and the memory stays bounded;
/// and a peer that sends faster than the handler reads is held back.
/// </summary>
public class BackPressureTests
{
    private const int WindowBytes = 64 * 1024;

    // The high mark, 64 KiB, in blocks; the first of them may be sent in part.
    private const int BlocksMax = (64 * 1024 / BlockPool.BlockBytes) + 1;

    [TestCase(null)]
    [TestCase(100 * 100_000)]
    public void A_stream_that_nobody_reads_waits_and_holds_64_KiB(int? length)
    {
        int written = 0;
        using var server = new ServerFixture(
            app => AddStream(app, length, () => written++), Patient);
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/stream"));
        server.RunFor(100);

        // Only what fits into the peer's window and under the mark was written.
        Assert.That(written, Is.EqualTo(2 * WindowBytes / 100_000));
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(BlocksMax));

        peer.IsReading = true;
        server.Settle();
        Assert.That(written, Is.EqualTo(100));
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(100 * 100_000));
    }

    [Test]
    public void A_hundred_streams_that_nobody_reads_hold_64_KiB_each()
    {
        using var server = new ServerFixture(app => AddStream(app, null, () => { }));
        List<HttpPeer> peers = [.. Enumerable.Range(0, 100).Select(_ => server.ConnectNow())];
        foreach (HttpPeer peer in peers)
        {
            peer.IsReading = false;
            peer.Send(Get("/stream"));
        }

        server.RunFor(1);
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(100 * BlocksMax));

        peers.ForEach(peer => peer.Reset());
        server.Settle();
        Assert.That((server.RentedBlocks, server.ConnectionTasks), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_stream_survives_a_rough_network_byte_for_byte()
    {
        byte[] piece = new byte[10_007];
        new Random(1).NextBytes(piece);
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                for (int i = 0; i < 30; i++)
                {
                    await response.WriteAsync(piece);
                }

                return response;
            }),
            network: new InMemoryOptions { Faults = FaultPlan.Rough, WindowBytes = 5000 });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.RunFor(1000);

        Assert.That(
            peer.TakeOne().Body.AsSpan().SequenceEqual(
                Enumerable.Repeat(piece, 30).SelectMany(bytes => bytes).ToArray()));
    }

    [Test]
    public void A_body_that_the_handler_does_not_read_yet_stays_with_the_client()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(10));
            return Response.Text($"{(await request.ReadAsync()).Length}");
        }));
        HttpPeer peer = server.Connect();
        peer.Send($"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
        peer.Send(new byte[1_000_000]);
        server.RunFor(5);

        Assert.That(peer.UnsentBytes, Is.GreaterThan(1_000_000 - (2 * WindowBytes)));
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(1));

        server.RunFor(5);
        server.Settle();
        Assert.That(peer.TakeOne().Text, Is.EqualTo("1000000"));
    }

    [Test]
    public void A_write_that_was_given_up_does_not_spoil_the_next_one()
    {
        LoopTask<Unit>? writer = null;
        bool wasCancelled = false;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var self = (LoopTask<Unit>)LoopTask.Current!;
            writer = self;
            var response = new StreamResponse();
            response.Prepare(request);
            try
            {
                for (int i = 0; i < 20; i++)
                {
                    await response.WriteAsync(Filled(10_000, 'a'));
                }
            }
            catch (LoopCanceledException)
            {
                wasCancelled = true;
                self.Uncancel();
            }

            await response.WriteAsync(Filled(10_000, 'b'));
            return response;
        }));
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.Settle();
        writer!.Cancel();
        server.Settle();
        Assert.That(wasCancelled);

        peer.IsReading = true;
        server.Settle();
        string text = peer.TakeOne().Text;
        Assert.That(text, Does.Match("^a+b{10000}$"));
        Assert.That(text.Count(c => c == 'a') % 10_000, Is.Zero, "whole pieces, each once");
    }

    [Test]
    public void A_write_waits_above_64_KiB_and_goes_on_at_32()
    {
        int written = 0;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 200 * 1024);
            response.Prepare(request);
            for (; written < 200; written++)
            {
                await response.WriteAsync(new byte[1024]);
            }

            return response;
        }), network: new InMemoryOptions { WindowBytes = 4096 });
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.RunFor(1);

        // 4 KiB in the window, less the head, and 64 KiB here: one more piece would be beyond.
        Assert.That(written, Is.EqualTo(67));
        peer.IsReading = true;
        server.RunFor(100);
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(200 * 1024));
    }

    [Test]
    public void What_was_written_below_the_mark_leaves_although_the_handler_does_other_things()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync(new byte[50_000]);
            await EventLoop.Delay(TimeSpan.FromSeconds(1000));
            return response;
        }), network: new InMemoryOptions { WindowBytes = 4096 });
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.RunFor(1);
        peer.IsReading = true;
        server.RunFor(10);

        Assert.That(peer.Received.Count(c => c == '\0'), Is.EqualTo(50_000));
        server.RunFor(1000);
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(50_000));
    }

    [Test]
    public void H97_a_cancelled_write_of_known_length_is_not_taken_for_written()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 500_000);
            response.Prepare(request);
            LoopTask<Unit> write = EventLoop.Spawn(Write(response));
            await EventLoop.Wait([write], timeout: TimeSpan.FromSeconds(1));
            write.Cancel();
            await EventLoop.Wait([write]);
            return response;
        }));
        static async Coroutine<Unit> Write(StreamResponse response)
        {
            await response.WriteAsync(new byte[500_000]);
            return default;
        }

        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.RunFor(2);

        Assert.That(peer.IsReset, "the rest never comes");
    }

    private static byte[] Filled(int bytes, char c)
    {
        byte[] array = new byte[bytes];
        array.AsSpan().Fill((byte)c);
        return array;
    }

    private static void AddStream(Application app, long? length, Action onWritten) =>
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse(contentLength: length);
            response.Prepare(request);
            byte[] piece = new byte[100_000];
            for (int i = 0; i < 100; i++)
            {
                await response.WriteAsync(piece);
                onWritten();
            }

            return response;
        });
}
