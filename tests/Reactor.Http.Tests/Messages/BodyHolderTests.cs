using System.Buffers;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using static Reactor.Http.Tests.Server.BodyBudgetWorld;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Bodies that hold memory, or held some, while another body needs it.
/// </summary>
public class BodyHolderTests
{
    [TestCase("/")]
    [TestCase("/sum")]
    public void A_body_waits_for_memory_also_after_a_stream_that_was_read_to_its_end(string path)
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        string upload = Post("/sum", new string('\u0001', 40_000));
        HttpPeer[] streams = [.. Enumerable.Range(0, 3).Select(_ => server.ConnectNow())];
        Array.ForEach(streams, one => one.Send(upload[..^1]));
        server.Settle();
        Array.ForEach(streams, one => one.Send(upload[^1..]));
        server.Settle();
        Assert.That(streams.Select(one => one.TakeOne("POST").Text), Is.All.EqualTo("40000"));
        Hold(server, Budget);
        HttpPeer waiter = server.ConnectNow();
        waiter.Send(Post(path, new string('\u0001', 20_000)));
        server.Settle();
        Assert.That(waiter.Received, Is.Empty);
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(1));

        gate.Open();
        server.Settle();
        Assert.That(waiter.TakeOne("POST").Text, Is.EqualTo("20000"));
    }

    [Test]
    public void Bytes_of_a_body_that_could_not_be_stored_are_not_taken_for_the_next_request()
    {
        const string Inner = "GET /inner HTTP/1.1\r\nHost: test\r\n\r\n";
        ServerFixture? server = null;
        using ServerFixture made = server = new ServerFixture(
            app =>
            {
                app.On("GET", "/inner", _ => Response.Text("inner"));
                app.Post("/", async request =>
                {
                    ReadResult read = await request.Body.ReadAsync();
                    var segment = (BodySegment)read.Buffer.Start.GetObject()!;
                    BudgetOf(server!).Blocks.Return(segment.Block!); // to write there throws now
                    typeof(BodySegment).GetProperty("Block")!.SetValue(segment, null);
                    request.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    await request.Body.ReadAsync();
                    return Response.Text("read");
                });
            },
            Options);
        HttpPeer peer = Begin(server, 5000 + Inner.Length, 5000);
        peer.Send(Inner);
        server.Settle();

        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(500));
        Assert.That((peer.Received, peer.IsEnded), Is.EqualTo(("", true)));
    }

    [Test]
    public void A_sequence_that_is_kept_beyond_its_request_never_shows_the_next_body()
    {
        var kept = new List<ReadOnlySequence<byte>>();
        using var server = new ServerFixture(
            app => app.Post("/", async request =>
            {
                ReadResult read = await request.Body.ReadAsync();
                kept.Add(read.Buffer);
                if (kept.Count == 2)
                {
                    Assert.That(() => kept[0].ToArray(), Throws.Exception);
                }

                request.Body.AdvanceTo(read.Buffer.End);
                return Response.Text($"{read.Buffer.Length}");
            }),
            Options);
        HttpPeer peer = server.ConnectNow();

        Assert.That(peer.Ask(Post("/", new string('a', 6000))).Text, Is.EqualTo("6000"));
        Assert.That(peer.Ask(Post("/", new string('b', 6000))).Text, Is.EqualTo("6000"));
    }

    [TestCase("/caught")]
    [TestCase("/caught-stream")]
    public void A_late_body_whose_handler_goes_on_does_not_keep_others_waiting(string path)
    {
        using var gate = new Gate();
        using var server = new ServerFixture(
            app =>
            {
                app.Post("/", async request =>
                    Response.Text($"{(await request.ReadAsync()).Length}"));
                app.Post("/caught", async request =>
                {
                    await Caught(async () => await request.ReadAsync());
                    await gate.Opened;
                    return new Response();
                });
                app.Post("/caught-stream", async request =>
                {
                    await Caught(async () => await request.Body.ReadAtLeastAsync(1_000_000));
                    await gate.Opened;
                    return new Response();
                });
            },
            Options);
        HttpPeer holder = server.ConnectNow();
        holder.Send(Post(path, new string('x', Budget))[..^4000]);
        server.Settle();
        HttpPeer waiter = Begin(server, 20_000, 20_000);
        Assert.That(waiter.Received, Is.Empty);
        server.RunFor(5.1);

        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(200));
        gate.Open();
    }

    [Test]
    public void Of_streams_that_hold_each_other_up_the_newest_alone_is_503()
    {
        using ServerFixture server = Serving();
        HttpPeer[] peers = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            HttpPeer peer = server.ConnectNow();
            peer.Send(Post("/keep", new string('x', 2 * Block))[..^(Block + 1)]);
            server.Settle();
            return peer;
        })];
        TimeSpan begun = server.Driver.Now;
        Array.ForEach(peers, peer => peer.Send("xx"));
        server.RunTo(begun + TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(4), "each has a block and needs another");

        server.RunTo(begun + TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(1));
        Assert.That(peers.Select(one => one.Received == ""),
            Is.EqualTo(new[] { true, true, true, false }));
        Assert.That(peers[3].TakeOne("POST").Status, Is.EqualTo(503));
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(2), "the oldest has its block");
    }

    [TestCase(0x7FFFC000L, "")]
    [TestCase(0x7FFFC001L, "HTTP/1.1 413")]
    public void A_body_that_does_not_fit_into_one_array_is_413_before_it_is_read_whole(
        long bytes, string answer)
    {
        using ServerFixture server = Serving(new HttpServerOptions
        {
            Parser = new() { BodyBytesMax = 1L << 33 },
            Limits = new() { BodyBufferBytesMax = 1L << 33 },
        });
        HttpPeer peer = server.ConnectNow();
        peer.Send($"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\r\nx");
        server.Settle();

        Assert.That(peer.Received[..Math.Min(12, peer.Received.Length)], Is.EqualTo(answer));
    }

    [TestCase(100, 0)]
    [TestCase(101, 1)]
    public void A_small_body_that_came_with_its_head_is_counted_and_waits_if_there_is_no_room(
        int bytes, int waiting)
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget - 100);
        HttpPeer peer = server.ConnectNow();
        peer.Send(Post("/hold", new string('x', bytes - 1)));
        server.Settle();
        Assert.That(BudgetOf(server).UsedBytes, Is.EqualTo(Budget - 100 + bytes - 1));
        HttpPeer other = Begin(server, 1, 0);
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(waiting));

        gate.Open();
        Assert.That(Finish(server, other).Text, Is.EqualTo("1"));
    }

    [Test]
    public void The_memory_of_bodies_does_not_keep_what_the_first_handler_set()
    {
        using var gate = new Gate();
        var local = new AsyncLocal<string>();
        var seen = new List<string?>();
        int thread = Environment.CurrentManagedThreadId;
        // Not MetricCollector: it keeps measurements, but not the context they were made in.
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "reactor.http.server.shed_requests")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread) // other tests shed too
            {
                seen.Add(local.Value);
            }
        });
        listener.Start();
        using var server = new ServerFixture(
            app => app.Post("/", async request =>
            {
                local.Value = "the first handler's";
                await request.ReadAsync();
                await gate.Opened;
                return new Response();
            }),
            Options);
        server.Connect().Send(Post("/", new string('x', Budget)));
        server.Settle();
        HttpPeer waiter = Begin(server, Budget, 1);
        server.RunFor(5.01);

        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(503));
        Assert.That(seen, Is.EqualTo(new string?[] { null }));
        gate.Open();
    }

    private static async Coroutine Caught(Func<Coroutine> read)
    {
        try
        {
            await read();
        }
        catch (RequestBodyException)
        {
            // Its handler goes on without the body.
        }
    }
}
