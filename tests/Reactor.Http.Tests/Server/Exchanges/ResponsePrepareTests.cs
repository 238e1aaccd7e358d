using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The hook before every head: once for each final response, of a handler or of the server, and
/// what it throws is one 500.
/// </summary>
public class ResponsePrepareTests
{
    private static readonly HttpServerOptions s_options = new()
    {
        Times = new() { HandlerTimeout = TimeSpan.FromSeconds(1) },
        Overload = new() { RequestsInFlightMax = 1 },
        Parser = new() { BodyBytesMax = 4 },
    };

    [TestCase("/text", 200)]
    [TestCase("/stream", 200)]
    [TestCase("/hints", 200)]
    [TestCase("/throws", 500)]
    [TestCase("/conflict", 409)]
    [TestCase("/moved", 302)]
    [TestCase("/none", 404)]
    [TestCase("/late", 503)]
    [TestCase("/short", 500)]
    public void Every_final_head_has_what_the_hook_adds_once(string path, int status)
    {
        var seen = new List<string>();
        using var server = Serve((request, response) =>
        {
            seen.Add($"{request?.Path} {response.Status}");
            response.Headers.Set("X-Id", "7");
            response.SetCookie("a", "b");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get(path));
        server.RunFor(2);
        List<RawAnswer> answers = peer.Take();

        Assert.That((answers[^1].Status, answers[^1]["X-Id"]), Is.EqualTo((status, "7")));
        Assert.That(answers[^1]["Set-Cookie"], Does.StartWith("a=b"));
        Assert.That(seen[^1], Is.EqualTo($"{path} {status}"));
        Assert.That(
            seen, Has.Count.EqualTo(path == "/short" ? 2 : 1),
            "a response that is replaced had a head too");
        Assert.That(answers[..^1].Select(one => (one.Status, one["X-Id"])),
            Is.All.EqualTo((103, (string?)null)), "interim responses have none");
    }

    [TestCase("BAD\r\n\r\n", 400, null)]
    [TestCase("GET / HTTP/1.1\r\nHost: h\r\n", 408, null)]
    [TestCase("OPTIONS /text HTTP/1.1\r\nHost: h\r\n\r\n", 204, "/text")]
    [TestCase("PUT /text HTTP/1.1\r\nHost: h\r\n\r\n", 405, "/text")]
    [TestCase("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", 413, "/echo")]
    [TestCase(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", 413, "/echo")]
    public void The_request_is_null_only_if_its_head_was_refused(
        string request, int status, string? path)
    {
        using var server = Serve((request, response) => response.Headers.Set(
            "X-Path", request?.Path ?? "null"));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/text"));
        server.Settle();
        peer.Take();
        peer.Send(request);
        server.RunFor(20);
        RawAnswer answer = peer.TakeOne(request.Split(' ')[0]);

        Assert.That((answer.Status, answer["X-Path"]), Is.EqualTo((status, path ?? "null")));
    }

    [Test]
    public void A_request_that_is_turned_away_is_there_and_ends_with_its_response()
    {
        Request? kept = null;
        using var server = Serve((request, _) => kept = request);
        HttpPeer running = server.ConnectNow();
        running.Send(Get("/late"));
        server.Settle();
        HttpPeer peer = server.ConnectNow();

        Assert.That(peer.Ask(Get("/late")).Status, Is.EqualTo(503));
        Assert.That(() => kept!.Path, Throws.InvalidOperationException, "it has ended");
    }

    [TestCase("/text")]
    [TestCase("/stream")]
    [TestCase("/none")]
    [TestCase("/conflict")]
    [TestCase("/throws")]
    [TestCase("/late")]
    public void What_the_hook_throws_is_one_500_without_the_hook(string path)
    {
        int calls = 0;
        using var server = Serve((_, response) =>
        {
            calls++;
            response.Headers.Set("X-Half", "done");
            throw new InvalidOperationException("on purpose");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get(path));
        server.RunFor(2);
        RawAnswer answer = peer.TakeOne();

        Assert.That(
            (answer.Status, answer.Text, answer["X-Half"], calls),
            Is.EqualTo((500, "500: Internal Server Error", (string?)null, 1)));
        Assert.That(
            server.LoggedExceptions().Count(error => error.Message == "on purpose"), Is.EqualTo(1));
    }

    [TestCase("BAD\r\n\r\n")]
    [TestCase("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")]
    public void What_it_throws_outside_of_a_handler_is_a_500_too(string request)
    {
        using var server = Serve((_, _) => throw new InvalidOperationException("on purpose"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(request);

        Assert.That((answer.Status, answer.SaysClose, peer.IsEnded), Is.EqualTo((500, true, true)));
        Assert.That(server.LoggedExceptions().Single().Message, Is.EqualTo("on purpose"));
    }

    [Test]
    public void A_response_that_it_throws_is_answered_without_another_run()
    {
        int calls = 0;
        using var server = Serve((_, _) =>
        {
            calls++;
            throw HttpException.Forbidden("Not from there.");
        });
        RawAnswer answer = server.Ask(Get("/text"));

        Assert.That((answer.Status, calls), Is.EqualTo((403, 1)));
    }

    [Test]
    public void The_next_request_of_the_connection_has_the_hook_again()
    {
        int calls = 0;
        using var server = Serve((_, _) =>
        {
            if (calls++ == 0)
            {
                throw new InvalidOperationException("on purpose");
            }
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/text") + Get("/text"));
        server.Settle();

        Assert.That(peer.Take().Select(one => one.Status), Is.EqualTo(new[] { 500, 200 }));
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public void It_may_change_fields_type_and_reason_and_cannot_set_the_framing()
    {
        using var server = Serve((_, response) =>
        {
            response.Headers.Remove("X-Own");
            response.Headers.Set("X-Other", "changed");
            response.ContentType = "text/x";
            response.Reason = "Fine";
            Assert.That(
                () => response.Headers.Add("Content-Length", "1"), Throws.ArgumentException);
        });
        RawAnswer answer = server.Ask(Get("/text"));

        Assert.That(
            (answer.StatusLine, answer["X-Own"], answer["X-Other"], answer["Content-Type"]),
            Is.EqualTo(("HTTP/1.1 200 Fine", (string?)null, "changed", "text/x")));
    }

    [Test]
    public void H79_it_cannot_take_the_field_that_a_status_needs()
    {
        using var server = Serve((_, response) => response.Headers.Remove("Allow"));

        Assert.That(
            server.Ask("PUT /text HTTP/1.1\r\nHost: h\r\n\r\n").Status, Is.EqualTo(500));
    }

    [Test]
    public void H100_it_cannot_begin_another_response()
    {
        using var server = Serve((request, _) => new StreamResponse().Prepare(request!));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Get("/text"));

        Assert.That(answer.Status, Is.EqualTo(500));
        Assert.That(server.LoggedExceptions().Single().Message, Does.Contain("OnResponsePrepare"));
        Assert.That(peer.Ask(Get("/text")).Status, Is.EqualTo(500));
    }

    [Test]
    public void Several_hooks_run_in_their_order_until_one_throws()
    {
        var seen = new List<int>();
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/", "x");
            app.OnResponsePrepare.Add((_, _) => seen.Add(1));
            app.OnResponsePrepare.Add((_, _) =>
            {
                seen.Add(2);
                throw new InvalidOperationException("on purpose");
            });
            app.OnResponsePrepare.Add((_, _) => seen.Add(3));
        });
        Assert.That(server.Ask(Get("/")).Status, Is.EqualTo(500));
        Assert.That(seen, Is.EqualTo(new[] { 1, 2 }));
    }

    private static ServerFixture Serve(Action<Request?, Response> hook) => new(
        app =>
        {
            app.OnResponsePrepare.Add(hook);
            app.OnGet("/text", _ =>
            {
                var response = Response.Text("text");
                response.Headers.Add("X-Own", "1");
                return response;
            });
            app.Get("/stream", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                await response.WriteAsync("stream"u8.ToArray());
                return response;
            });
            app.OnGet("/hints", request =>
            {
                request.SendEarlyHints(new LinkHint("/style.css"));
                return Response.Text("hinted");
            });
            app.OnGet("/short", request =>
            {
                var response = new StreamResponse(contentLength: 1);
                response.Prepare(request);
                return response;
            });
            app.OnGet("/throws", _ => throw new InvalidOperationException("the handler's"));
            app.OnGet("/conflict", _ => throw HttpException.Conflict());
            app.OnGet("/moved", _ => throw HttpException.Redirect("/"));
            app.Get("/late", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return new Response();
            });
            app.OnEcho();
        },
        s_options);
}
