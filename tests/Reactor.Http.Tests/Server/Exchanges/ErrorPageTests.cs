using static System.StringComparison;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The page of an application for what the server answers itself: all of it goes through the page,
/// with what the page must know, and no page can break a response.
/// </summary>
public class ErrorPageTests
{
    private static readonly HttpServerOptions s_options = new()
    {
        Times = new()
        {
            HandlerTimeout = TimeSpan.FromSeconds(1),
            BodyIdleTimeout = TimeSpan.FromSeconds(0.5),
        },
        Overload = new() { RequestsInFlightMax = 1 },
        Parser = new() { BodyBytesMax = 4 },
    };

    [TestCase(400, "GET / HTTP/1.1\r\nHost : h\r\n\r\n")]
    [TestCase(400, "GET /%00 HTTP/1.1\r\nHost: h\r\nX: \0\r\n\r\n")]
    [TestCase(400, "OPTIONS / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")]
    [TestCase(400, "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n")]
    [TestCase(404, "GET /none HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(405, "PUT /echo HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(408, "GET / HTTP/1.1\r\nHost: h\r\n")]
    [TestCase(408, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx")]
    [TestCase(409, "GET /conflict HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(413, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")]
    [TestCase(415, "POST /json HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")]
    [TestCase(417, "GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n")]
    [TestCase(431, "GET / HTTP/1.1\r\nHost: h\r\nX: {8192}\r\n\r\n")]
    [TestCase(414, "GET /{8192} HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(500, "GET /throws HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(501, "BREW / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(503, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n")]
    [TestCase(505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n")]
    public void Every_response_that_the_server_makes_is_the_applications_page(
        int status, string request)
    {
        int calls = 0;
        using var server = Serve((in ErrorContext error) =>
        {
            calls++;
            return Response.Html($"<h1>{error.Status} {error.Title}</h1>", error.Status);
        });
        HttpPeer peer = server.Connect();
        peer.Send(request.Replace("{8192}", new string('x', 8192), Ordinal));
        server.RunFor(60);
        RawAnswer answer = peer.TakeOne(request.Split(' ')[0]);

        Assert.That((answer.Status, calls), Is.EqualTo((status, 1)));
        Assert.That(
            answer.Text, Is.EqualTo($"<h1>{answer.StatusLine["HTTP/1.1 ".Length..]}</h1>"));
        Assert.That(answer["Content-Type"], Is.EqualTo("text/html; charset=utf-8"));
    }

    [Test]
    public void What_a_server_turns_away_has_the_page_too_with_the_time_to_come_back()
    {
        TimeSpan? retryAfter = null;
        using var server = Serve((in ErrorContext error) =>
        {
            retryAfter = error.RetryAfter;
            return Response.Text("full", 503);
        });
        HttpPeer running = server.ConnectNow();
        running.Send(Get("/late"));
        server.Settle();
        RawAnswer answer = server.Ask(Get("/late"));

        Assert.That(
            (answer.Text, answer["Retry-After"], retryAfter),
            Is.EqualTo(("full", "1", (TimeSpan?)TimeSpan.FromSeconds(1))));
    }

    [TestCase("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n", 200)]
    [TestCase("GET /own404 HTTP/1.1\r\nHost: h\r\n\r\n", 404)]
    [TestCase("GET /moved HTTP/1.1\r\nHost: h\r\n\r\n", 302)]
    [TestCase("OPTIONS /ok HTTP/1.1\r\nHost: h\r\n\r\n", 204)]
    [TestCase("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 204)]
    public void What_is_no_error_of_the_server_has_no_page(string request, int status)
    {
        using var server = Serve((in ErrorContext _) => throw new InvalidOperationException());

        Assert.That(server.Ask(request).Status, Is.EqualTo(status));
        Assert.That(server.LoggedExceptions(), Is.Empty);
    }

    [Test]
    public void A_page_knows_the_error()
    {
        var seen = new List<string>();
        using var server = Serve((in ErrorContext error) =>
        {
            seen.Add($"{error.Status} {error.Detail ?? "-"} {error.Format} {error.Rejection} "
                + $"{(error.Head is { } head ? head.GetHeader("X-Id") : "no head")} "
                + $"{error.Exception?.GetType().Name ?? "-"} {error.Peer is not null} "
                + $"{error.Errors?.Count}");
            return null;
        });
        HttpPeer peer = server.Connect();
        string fields = "Host: h\r\nX-Id: 7\r\nAccept: text/html\r\n\r\n";
        peer.Send($"GET /none HTTP/1.1\r\n{fields}GET /throws HTTP/1.1\r\n{fields}"
            + $"GET /conflict HTTP/1.1\r\n{fields}GET / HTTP/1.1\r\nX-Id: 8\r\n\r\n");
        server.Settle();

        Assert.That(seen, Is.EqualTo(new[]
        {
            "404 - Html None 7 - True ",
            "500 - Html None 7 InvalidOperationException True ",
            "409 Not now. Html None 7 HttpException True 1",
            "400 The Host field is missing. Text HostMissing no head - True ",
        }));
        Assert.That(
            peer.Take().Select(answer => answer["Content-Type"]![..9]),
            Is.EqualTo(new[] { "text/html", "text/html", "text/html", "text/plai" }),
            "null is the default page");
    }

    [Test]
    public void The_fields_of_the_error_are_added_to_the_page()
    {
        using var server = Serve((in ErrorContext error) =>
        {
            var page = Response.Text("mine", error.Status);
            page.Headers.Add("Allow", "EVERYTHING");
            page.Headers.Add("X-Page", "1");
            page.Headers.Add("Vary", "Cookie, accept");
            return page;
        });
        RawAnswer answer = server.Ask("PUT /ok HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.That(
            (answer.Text, answer["Allow"], answer["X-Page"], answer["Vary"]),
            Is.EqualTo(("mine", "GET, HEAD, OPTIONS", "1", "Cookie, accept")));
        Assert.That(
            server.Ask(Get("/conflict"))["X-Of"], Is.EqualTo("the exception"));
    }

    [Test]
    public void A_page_may_hide_a_status_behind_another()
    {
        using var server = Serve((in ErrorContext _) => Response.Text("nothing here", 404));

        Assert.That(server.Ask(Get("/conflict")).Status, Is.EqualTo(404));
    }

    [TestCase("throws")]
    [TestCase("cancels")]
    [TestCase("stream")]
    [TestCase("ok")]
    [TestCase("redirect")]
    [TestCase("401")]
    public void Instead_of_a_page_that_is_unusable_the_default_one_is_sent_and_it_is_logged(
        string kind)
    {
        using var server = Serve((in ErrorContext _) => kind switch
        {
            "throws" => throw new InvalidOperationException("on purpose"),
            "cancels" => throw new LoopCanceledException(),
            "stream" => new StreamResponse(404),
            "ok" => Response.Text("fine"),
            "redirect" => Response.Redirect("/"),
            _ => new Response(401), // without its field
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/none") + Get("/ok"));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text),
            Is.EqualTo(new[] { "404: Not Found", "ok" }));
        Assert.That(server.Logged(), Has.Exactly(1).Contains("The error page for 404"));

        RawAnswer refused = server.Ask("BAD\r\n\r\n");
        Assert.That(refused.Status, Is.EqualTo(400), "and outside of a handler");
    }

    [Test]
    public void A_page_that_always_throws_does_not_flood_the_log()
    {
        using var server = Serve(
            (in ErrorContext _) => throw new InvalidOperationException("on purpose"),
            s_options with { Log = new() { FailureLinesPerSecond = 2 } });
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/none"), 100)));
        server.Settle();

        Assert.That(peer.Take(), Has.Count.EqualTo(100));
        Assert.That(server.Logged(), Has.Exactly(2).Contains("The error page for 404"));
    }

    [TestCase("/sub/throws", "sub 500")]
    [TestCase("/sub/none", "sub 404")]
    [TestCase("/plain/none", "outer 404")]
    [TestCase("/none", "outer 404")]
    public void A_sub_application_has_a_page_of_its_own_or_that_of_the_one_around_it(
        string path, string expected)
    {
        var hooks = new List<string>();
        using var server = new ServerFixture(app =>
        {
            app.ErrorPage = (in ErrorContext error) =>
                Response.Text($"outer {error.Status}", error.Status);
            app.OnResponsePrepare.Add((_, _) => hooks.Add("outer"));
            Application sub = app.Group("/sub");
            sub.ErrorPage = (in ErrorContext error) =>
                Response.Text($"sub {error.Status}", error.Status);
            sub.OnResponsePrepare.Add((_, _) => hooks.Add("sub"));
            sub.OnGet("/throws", _ => throw new InvalidOperationException("on purpose"));
            app.Group("/plain").OnGet("/x", "x");
        });

        Assert.That(server.Ask(Get(path)).Text, Is.EqualTo(expected));
        Assert.That(hooks, Has.One.EqualTo("outer"));
        Assert.That(hooks.Contains("sub"), Is.EqualTo(expected.StartsWith("sub", Ordinal)));
        Assert.That(server.Ask("BAD\r\n\r\n").Text, Is.EqualTo("outer 400"));
    }

    [Test]
    public void A_handlers_own_response_is_not_replaced()
    {
        using var server = Serve((in ErrorContext _) => Response.Text("page", 500));

        Assert.That(server.Ask(Get("/own404")).Text, Is.EqualTo("mine"));
    }

    [Test]
    public void A_hook_before_the_head_sees_the_page()
    {
        string? seen = null;
        using var server = new ServerFixture(app =>
        {
            app.ErrorPage = (in ErrorContext error) => new Response(error.Status);
            app.OnResponsePrepare.Add((request, response) =>
                seen = $"{request?.Path} {response.Status} {response.Headers.Contains("Vary")}");
        });
        server.Ask(Get("/none"));

        Assert.That(seen, Is.EqualTo("/none 404 True"));
    }

    private static ServerFixture Serve(ErrorPage page, HttpServerOptions? options = null) => new(
        app =>
        {
            app.ErrorPage = page;
            app.OnGet("/ok", "ok");
            app.OnGet("/own404", _ => Response.Text("mine", 404));
            app.OnGet("/moved", _ => throw HttpException.Redirect("/ok"));
            app.OnGet("/throws", _ => throw new InvalidOperationException("on purpose"));
            app.OnGet("/conflict", _ =>
            {
                var error = new HttpException(409, "Not now.")
                {
                    Errors = new Dictionary<string, string[]> { ["a"] = ["b"] },
                };
                error.Headers.Add("X-Of", "the exception");
                throw error;
            });
            app.Get("/late", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return new Response();
            });
            app.OnEcho();
            app.Post("/json", async request => Response.Text(
                $"{await request.JsonAsync(NumberJson.Default.JsonElement)}"));
        },
        options ?? s_options);
}
