using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// One record for each request that was begun, whatever became of it: answered, refused, cut off at
/// any byte by the client, or by us.
/// </summary>
public class AccessLogTests
{
    private readonly List<AccessRecord> _records = [];

    [SetUp]
    public void Clear() => _records.Clear();

    [Test]
    public void A_request_that_was_answered_has_one_with_everything_in_it()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.ConnectNow();
        peer.Send("GET /wait?secret=1 HT");
        server.RunFor(1);
        peer.Send("TP/1.1\r\nHost: test\r\n\r\n");
        server.RunFor(3);

        AccessRecord one = _records.Single();
        Assert.That(
            (one.Method, one.Path, one.Status, one.BodyBytes, one.Outcome),
            Is.EqualTo(("GET", "/wait", 200, 6L, RequestOutcome.Complete)));
        Assert.That(one.Duration.TotalSeconds, Is.EqualTo(3).Within(0.01), "from the first byte");
    }

    [Test]
    public void Pipelined_requests_have_one_each_in_order()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        peer.Send(Get("/ok") + Get("/none") + Post("/echo", "body") + Get("/stream"));
        server.Settle();

        Assert.That(
            _records.Select(one => (one.Method, one.Path, one.Status, one.BodyBytes)),
            Is.EqualTo(new[]
            {
                ("GET", "/ok", 200, 2L),
                ("GET", "/none", 404, 14L),
                ("POST", "/echo", 200, 4L),
                ("GET", "/stream", 200, 10L),
            }));
        Assert.That(_records.Select(one => one.Outcome), Is.All.EqualTo(RequestOutcome.Complete));
    }

    [Test]
    public void Head_and_304_count_no_bytes()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        peer.Send("HEAD /ok HTTP/1.1\r\nHost: test\r\n\r\n"
            + "HEAD /stream HTTP/1.1\r\nHost: test\r\n\r\n");
        server.Settle();

        Assert.That(_records.Select(one => one.BodyBytes), Is.EqualTo(new[] { 0L, 0L }));
    }

    [TestCase("BAD\r\n\r\n", 400, "", "", "")]
    [TestCase("GET / HTTP/9.9\r\n\r\n", 505, "", "", "")]
    [TestCase("GET /a?b=c HTTP/1.1\r\nHost: test\r\nbad\r\n\r\n", 400, "GET", "/a", "HTTP/1.1")]
    [TestCase("GET /a HTTP/1.0\r\n: bad\r\n\r\n", 400, "GET", "/a", "HTTP/1.0")]
    [TestCase("PUT /a HTTP/1.1\r\nNo-Host: test\r\n\r\n", 400, "PUT", "/a", "HTTP/1.1")]
    public void A_head_that_was_refused_has_one_with_what_its_first_line_said(
        string head, int status, string method, string path, string protocol)
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/ok"));
        _records.Clear();
        peer.Ask(head);
        peer.Close();
        server.Settle();

        AccessRecord one = _records.Single();
        Assert.That(
            (one.Method, one.Path, one.Protocol, one.Status, one.Outcome),
            Is.EqualTo((method, path, protocol, status, RequestOutcome.Complete)));
    }

    [Test]
    public void A_refused_head_has_its_first_line_however_it_arrives()
    {
        const string Head = "GET /path?q HTTP/1.1\r\nHost: test\r\nbad\r\n\r\n";
        using ServerFixture server = Serve();
        for (int split = 0; split <= Head.Length; split++)
        {
            _records.Clear();
            HttpPeer peer = server.ConnectNow();
            peer.Send(Head[..split]);
            server.Settle();
            peer.Send(Head[split..]);
            server.Settle();
            peer.Close();
            server.Settle();
            Assert.That(
                _records.Select(one => (one.Method, one.Path, one.Status)),
                Is.EqualTo(new[] { ("GET", "/path", 400) }),
                $"split at {split}");
        }

        _records.Clear();
        HttpPeer last = server.Connect();
        last.AskByteByByte(Head);
        last.Close();
        server.Settle();
        Assert.That(_records.Single().Path, Is.EqualTo("/path"));
    }

    [Test]
    public void A_head_that_is_late_has_its_first_line()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.ConnectNow();
        peer.Send("GET /late HTTP/1.1\r\nHost: te");
        server.RunFor(11);
        peer.End();
        server.Settle();

        Assert.That(
            _records.Select(one => (one.Method, one.Path, one.Status, one.Outcome)),
            Is.EqualTo(new[] { ("GET", "/late", 408, RequestOutcome.Complete) }));
    }

    [Test]
    public void It_has_the_peer_the_route_the_protocol_and_the_bytes_of_the_wire()
    {
        using ServerFixture server = Serve();
        string request = PostChunked("/echo", "bo", "dy");
        HttpPeer peer = server.Connect();
        peer.Send(Get("/hello/x") + request + Get("/none"));
        server.Settle();
        int received = peer.ReceivedBytes;

        Assert.That(
            _records.Select(one => (one.Route, one.Protocol, one.BytesIn)),
            Is.EqualTo(new[]
            {
                ("/hello/{name}", "HTTP/1.1", (long)Get("/hello/x").Length),
                ("/echo", "HTTP/1.1", request.Length),
                (null, "HTTP/1.1", Get("/none").Length),
            }));
        Assert.That(_records.Sum(one => one.BytesOut), Is.EqualTo(received));
        Assert.That(_records.Select(one => one.BytesOut), Is.All.GreaterThan(0));
        Assert.That(
            _records.Select(one => one.Peer?.ToString()).Distinct().Single(), Is.Not.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_request_that_was_cut_off_at_any_byte_has_exactly_one(bool isReset)
    {
        string request = PostChunked("/echo", "bo", "dy");
        int lineBytes = request.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        using ServerFixture server = Serve();
        for (int cut = 0; cut < request.Length; cut++)
        {
            _records.Clear();
            HttpPeer peer = server.ConnectNow();
            peer.Send(request[..cut]);
            server.Settle();
            if (isReset)
            {
                peer.Reset();
            }
            else
            {
                peer.End();
            }

            server.Settle();
            peer.Close();
            server.Settle();
            Assert.That(_records, Has.Count.EqualTo(cut == 0 ? 0 : 1), $"cut at {cut}");
            if (cut > 0)
            {
                Assert.That(
                    (_records[0].Outcome, _records[0].Path),
                    Is.EqualTo((
                        RequestOutcome.AbortedByClient, cut < lineBytes ? "" : "/echo")),
                    $"cut at {cut}");
            }
        }
    }

    [Test]
    public void A_client_that_goes_away_in_the_answer_has_aborted_it()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/long"));
        server.RunFor(1);
        Assert.That(_records, Is.Empty);
        peer.Reset();
        server.RunFor(1);

        Assert.That(
            _records.Select(one => (one.Status, one.Outcome)),
            Is.EqualTo(new[] { (200, RequestOutcome.AbortedByClient) }));
    }

    [TestCase("/breaks")]
    [TestCase("/short")]
    public void An_answer_that_we_break_off_is_aborted_by_us(string path)
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        peer.Send(Get(path));
        peer.End();
        server.Settle();

        Assert.That(peer.IsReset);
        Assert.That(
            _records.Select(one => (one.Path, one.Status, one.Outcome)),
            Is.EqualTo(new[] { (path, 200, RequestOutcome.AbortedByServer) }));
    }

    [Test]
    public void A_handler_that_the_shutdown_cancels_has_a_complete_503()
    {
        using (ServerFixture server = Serve())
        {
            HttpPeer peer = server.ConnectNow();
            peer.Send(Get("/forever"));
            server.Settle();
            server.BeginShutdown();
            server.RunFor(26);
            peer.End();
            server.Settle();
        }

        Assert.That(
            _records.Select(one => (one.Path, one.Status, one.Outcome)),
            Is.EqualTo(new[] { ("/forever", 503, RequestOutcome.Complete) }));
    }

    [Test]
    public void A_handler_that_throws_is_a_complete_500()
    {
        using ServerFixture server = Serve();
        server.Ask(Get("/throws"));

        Assert.That(
            _records.Select(one => (one.Status, one.Outcome)),
            Is.EqualTo(new[] { (500, RequestOutcome.Complete) }));
    }

    [Test]
    public void It_can_be_logged_and_is_off_by_default()
    {
        using (var silent = new ServerFixture(AddRoutes))
        {
            silent.Ask(Get("/ok"));
            Assert.That(silent.Logged(), Has.None.Contains("/ok"));
        }

        using var server = new ServerFixture(
            AddRoutes, new HttpServerOptions { Log = new() { LogsAccess = true } });
        server.Ask(Get("/ok?secret=1"));

        Assert.That(
            server.Logged(),
            Has.Exactly(1).StartsWith(
            "GET /ok 200 2 bytes, 0 ms, 0 ms on the loop, at most 0 ms at once, Complete, /ok, "));
        Assert.That(server.Logged(), Has.None.Contains("secret"));
    }

    [Test]
    public void A_log_that_throws_is_reported_and_ends_nothing()
    {
        using var server = new ServerFixture(AddRoutes, new HttpServerOptions
        {
            Log = new() { AccessLog = _ => throw new InvalidOperationException("on purpose") },
        });
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/ok"));

        Assert.That(peer.Ask(Get("/ok")).Status, Is.EqualTo(200));
        server.Logged();
        Assert.That(server.Log.Exceptions, Has.Count.EqualTo(2));
    }

    private ServerFixture Serve() =>
        new(AddRoutes, new HttpServerOptions { Log = new() { AccessLog = _records.Add } });

    private static void AddRoutes(Application app)
    {
        app.OnGet("/ok", "ok");
        app.OnGet("/hello/{name}", "hello");
        app.OnEcho();
        app.OnGet("/throws", _ => throw new InvalidOperationException("on purpose"));
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(2));
            return Response.Text("waited");
        });
        app.Get("/forever", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromDays(1));
            return new Response();
        });
        app.Get("/stream", request => Stream(request, null, 10));
        app.Get("/short", request => Stream(request, 11, 10));
        app.Get("/long", request => Stream(request, null, 1_000_000));
        app.Get("/breaks", async request =>
        {
            await Stream(request, null, 10);
            throw new InvalidOperationException("on purpose");
        });
    }

    private static async Coroutine<Response> Stream(Request request, long? length, int bytes)
    {
        var response = new StreamResponse(contentLength: length);
        response.Prepare(request);
        await response.WriteAsync(new byte[bytes]);
        return response;
    }
}
