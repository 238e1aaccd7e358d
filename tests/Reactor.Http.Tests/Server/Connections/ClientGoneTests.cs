using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A client that goes while its request is answered: the handler that wants to know is told once,
/// and nothing is left, at whatever byte it went.
/// </summary>
public class ClientGoneTests
{
    private static readonly HttpServerOptions s_cancelling = new()
    {
        CancelHandlerOnDisconnect = true,
    };

    [Test]
    public void H67_a_reset_cancels_the_requests_token_at_once()
    {
        TimeSpan? toldAt = null;
        using var server = Serve(request => toldAt = request.Loop.Time);
        HttpPeer peer = WaitingClient(server);
        Assert.That(toldAt, Is.Null);

        TimeSpan now = server.Driver.Now;
        peer.Reset();
        server.Settle();
        Assert.That(toldAt, Is.EqualTo(now));
    }

    [Test]
    public void A_handler_is_told_once_whatever_else_happens()
    {
        int told = 0;
        using var server = Serve(_ => told++);
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/wait") + Get("/wait"));
        server.RunFor(1);
        peer.End();
        server.RunFor(1);
        peer.Reset();
        server.RunFor(20);

        Assert.That(told, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void H68_a_half_close_is_not_the_end_of_a_client()
    {
        int told = 0;
        using var server = Serve(_ => told++);
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/wait") + Get("/wait"));
        peer.End();
        server.RunFor(21);

        Assert.That(peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "w", "w" }));
        Assert.That(told, Is.Zero);
    }

    [Test]
    public void A_half_close_is_the_end_where_the_option_says_so()
    {
        int told = 0;
        using var server = Serve(
            _ => told++, new HttpServerOptions { HalfCloseIsDisconnect = true });
        HttpPeer peer = WaitingClient(server);
        peer.End();
        server.Settle();
        Assert.That(told, Is.EqualTo(1));

        server.RunFor(10);
        Assert.That(peer.TakeOne().Text, Is.EqualTo("w"), "it is told, and may answer");
    }

    [Test]
    public void A_failed_write_tells_after_a_half_close()
    {
        int told = 0;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            request.Aborted.Register(() => told++);
            var stream = new StreamResponse();
            stream.Prepare(request);
            while (!stream.IsClientGone)
            {
                await stream.WriteAsync(new byte[100]);
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }

            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return stream;
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        peer.End();
        server.RunFor(3);
        Assert.That(told, Is.Zero);

        peer.Reset();
        server.RunFor(3);
        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void A_stream_that_asks_nothing_ends_with_its_client_and_logs_nothing()
    {
        int written = 0;
        List<AccessRecord> records = [];
        var log = new ListLoggerFactory();
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                var stream = new StreamResponse();
                stream.Prepare(request);
                while (true)
                {
                    await stream.WriteAsync("tick\n"u8.ToArray());
                    written++;
                    await EventLoop.Delay(TimeSpan.FromSeconds(1));
                }
            }),
            new HttpServerOptions
            {
                Log = new() { AccessLog = records.Add, LoggerFactory = log },
            });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(2.5);
        Assert.That(written, Is.EqualTo(3));

        peer.Reset();
        server.RunFor(10);
        Assert.That(written, Is.EqualTo(4), "a write finds the reset, the next one throws");
        Assert.That(records.Single().Outcome, Is.EqualTo(RequestOutcome.AbortedByClient));
        Assert.That(log.Messages, Has.None.Contains("threw"));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_reset_behind_pipelined_bytes_is_found()
    {
        int told = 0;
        using var server = Serve(_ => told++);
        HttpPeer peer = WaitingClient(server);
        peer.Send(string.Concat(Enumerable.Repeat(Get("/wait"), 100)));
        server.RunFor(1);
        peer.Reset();
        server.Settle();

        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void No_more_than_64_KiB_are_read_ahead_and_all_of_it_is_served()
    {
        using var server = Serve(_ => { });
        HttpPeer peer = WaitingClient(server);
        int count = 200_000 / Get("/hi").Length;
        peer.Send(string.Concat(Enumerable.Repeat(Get("/hi"), count)));
        server.RunFor(1);
        Assert.That(server.RentedBlocks, Is.InRange(4, 5));
        Assert.That(peer.UnsentBytes, Is.GreaterThan(0), "the window is full, nothing is read");

        server.RunFor(10);
        Assert.That(peer.Take(), Has.Count.EqualTo(count + 1));
    }

    [Test]
    public void Nothing_is_read_ahead_where_nobody_wants_to_know()
    {
        using var server = new ServerFixture(app => app.Get("/", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(10));
            return Response.Text("x");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.Settle();
        peer.Send(new string('x', 10_000));
        server.RunFor(1);

        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void A_body_is_read_whole_beside_the_watch()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            _ = request.Aborted;
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Bytes(await request.ReadAsync());
        }));
        HttpPeer peer = server.ConnectNow();
        string body = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i:x5}"));
        peer.Send(Post("/", body));
        server.RunFor(2);
        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo(body));

        peer.Send(Post("/", body)[..^1]);
        server.RunFor(2);
        peer.Send(body[^1..]);
        server.Settle();
        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo(body));
    }

    [Test]
    public void A_handler_is_not_cancelled_unless_the_option_says_so()
    {
        bool hasEnded = false;
        using var server = Serve(_ => { }, onEnd: () => hasEnded = true);
        HttpPeer peer = WaitingClient(server);
        peer.Reset();
        server.RunFor(8);
        Assert.That(hasEnded, Is.False);
        server.RunFor(2);
        Assert.That(hasEnded);
    }

    [Test]
    public void A_handler_is_cancelled_where_the_option_says_so()
    {
        int cancelled = 0;
        using var server = new ServerFixture(
            app => app.Get("/", async _ =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                }
                catch (LoopCanceledException)
                {
                    cancelled++;
                    throw;
                }

                return Response.Text("never");
            }),
            s_cancelling);
        HttpPeer peer = WaitingClient(server, "/");
        peer.Reset();
        server.Settle();

        Assert.That((cancelled, server.ConnectionTasks), Is.EqualTo((1, 0)));
        Assert.That(server.Logged(), Has.None.Contains("threw"));
    }

    [Test]
    public void A_shutdown_still_ends_a_handler_that_was_cancelled_and_went_on()
    {
        using var server = new ServerFixture(
            app => app.Get("/", Handlers.Outlive(TimeSpan.FromHours(1))),
            s_cancelling);
        HttpPeer peer = WaitingClient(server, "/");
        peer.Reset();
        server.RunFor(1);
        Assert.That(server.ConnectionTasks, Is.EqualTo(1));

        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(26);
        Assert.That((shutdown.IsDone, server.ConnectionTasks), Is.EqualTo((true, 0)));
    }

    [TestCase("Reset")]
    [TestCase("End")]
    [TestCase("Silence")]
    public void A_client_that_goes_at_any_byte_leaves_nothing(string way)
    {
        int begun = 0;
        int ended = 0;
        using var server = new ServerFixture(
            app => app.Post("/", async request =>
            {
                begun++;
                try
                {
                    request.Aborted.ThrowIfCancellationRequested();
                    ReadOnlyMemory<byte> body = await request.ReadAsync();
                    await EventLoop.Delay(TimeSpan.FromSeconds(1));
                    return Response.Bytes(body);
                }
                finally
                {
                    ended++;
                }
            }),
            s_cancelling);
        string words = Post("/", "some body") + PostChunked("/", "one", "two") + Get("/none");
        for (int cut = 0; cut <= words.Length; cut++)
        {
            HttpPeer peer = server.ConnectNow();
            peer.Send(words[..cut]);
            server.RunFor(0.5);
            if (way == "Reset")
            {
                peer.Reset();
            }
            else if (way == "End")
            {
                peer.End();
            }

            server.RunFor(way == "Silence" ? 100 : 20);
            Assert.That(server.ConnectionTasks, Is.Zero, $"cut at {cut}");
            Assert.That(server.RentedBlocks, Is.Zero, $"cut at {cut}");
            Assert.That(ended, Is.EqualTo(begun), $"cut at {cut}");
        }
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_real_reset_is_noticed_while_the_handler_waits(string driver)
    {
        using var told = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var server = new RealServer(driver, app => app.Get("/", async request =>
        {
            request.Aborted.Register(told.Set);
            begun.Set();
            var gone = new TaskCompletionSource();
            using (request.Aborted.Register(() => gone.TrySetResult()))
            {
                await gone.Task;
            }

            return Response.Text("nobody hears it");
        }));
        using System.Net.Sockets.Socket socket = server.Connect();
        RealServer.Send(socket, Get("/"));
        Assert.That(begun.Wait(TimeSpan.FromSeconds(30)));
        socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        socket.Dispose();

        Assert.That(told.Wait(TimeSpan.FromSeconds(30)));
        server.WaitUntilQuiet();
    }

    /// <summary>A client whose request has a handler that does not answer yet.</summary>
    private static HttpPeer WaitingClient(ServerFixture server, string target = "/wait")
    {
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get(target));
        server.RunFor(1);
        return peer;
    }

    private static ServerFixture Serve(
        Action<Request> onGone, HttpServerOptions? options = null, Action? onEnd = null) => new(
        app =>
        {
            app.OnGet("/hi", "hi");
            app.Get("/wait", async request =>
            {
                request.Aborted.Register(() => onGone(request));
                await EventLoop.Delay(TimeSpan.FromSeconds(10));
                onEnd?.Invoke();
                return Response.Text("w");
            });
        },
        options);
}
