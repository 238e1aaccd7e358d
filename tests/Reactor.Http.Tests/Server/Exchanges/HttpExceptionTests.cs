using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Exceptions that are responses: what each factory says, from wherever it is thrown, and what is
/// logged of it.
/// </summary>
public class HttpExceptionTests
{
    private static readonly Dictionary<string, string[]> s_errors = new()
    {
        ["name"] = ["It is required."],
    };

    private static IEnumerable<TestCaseData> Factories() =>
    [
        Case(400, HttpException.BadRequest),
        Case(403, HttpException.Forbidden),
        Case(404, HttpException.NotFound),
        Case(406, HttpException.NotAcceptable),
        Case(409, HttpException.Conflict),
        Case(410, HttpException.Gone),
        Case(412, HttpException.PreconditionFailed),
        Case(413, HttpException.ContentTooLarge),
        Case(415, HttpException.UnsupportedMediaType),
        Case(422, detail => HttpException.UnprocessableContent(detail)),
        Case(401, detail => HttpException.Unauthorized("Basic", detail),
            "WWW-Authenticate", "Basic"),
        Case(405, detail => HttpException.MethodNotAllowed("GET, PUT", detail),
            "Allow", "GET, PUT"),
        Case(405, detail => HttpException.MethodNotAllowed("", detail), "Allow", ""),
        Case(429, detail => HttpException.TooManyRequests(TimeSpan.FromSeconds(1.1), detail),
            "Retry-After", "2"),
        Case(503, detail => HttpException.ServiceUnavailable(TimeSpan.Zero, detail),
            "Retry-After", "0"),
    ];

    private static TestCaseData Case(
        int status, Func<string?, HttpException> make, string name = "X", string? value = null) =>
        new TestCaseData(status, make, name, value).SetArgDisplayNames($"{status}", name);

    [TestCaseSource(nameof(Factories))]
    public void Each_factory_is_its_status_with_the_detail_and_the_field_it_needs(
        int status, Func<string?, HttpException> make, string name, string? value)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/detail", _ => throw make("Not so."));
            app.OnGet("/plain", _ => throw make(null));
        });
        HttpPeer peer = server.Connect();
        RawAnswer detail = peer.Ask(Get("/detail"));
        RawAnswer plain = peer.Ask(Get("/plain"));

        Assert.That((detail.Status, detail.Text), Is.EqualTo((status, $"{status}: Not so.")));
        Assert.That(
            plain.Text, Is.EqualTo(detail.StatusLine["HTTP/1.1 ".Length..].Insert(3, ":")));
        Assert.That((detail[name], plain[name]), Is.EqualTo((value, value)));
        Assert.That(server.LoggedExceptions(), Has.Count.EqualTo(status < 500 ? 0 : 2));
    }

    [Test]
    public void What_a_status_needs_is_required_by_its_factory()
    {
        Assert.That(() => HttpException.Unauthorized(" "), Throws.ArgumentException);
        Assert.That(() => HttpException.Unauthorized(null!), Throws.ArgumentNullException);
        Assert.That(() => HttpException.Unauthorized("a\r\nb"), Throws.ArgumentException);
        Assert.That(() => HttpException.MethodNotAllowed(null!), Throws.ArgumentNullException);
        Assert.That(
            () => HttpException.TooManyRequests(TimeSpan.FromTicks(-1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(299)]
    [TestCase(600)]
    public void A_status_that_is_neither_a_redirect_nor_an_error_is_refused(int status) =>
        Assert.That(
            () => new HttpException(status), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("/a b", "/a%20b")]
    [TestCase("//evil.example", "/evil.example")]
    [TestCase("/\\evil.example", "/evil.example")]
    [TestCase("\\\\evil.example/x", "/evil.example/x")]
    [TestCase("https://good.example/?q=é", "https://good.example/?q=%C3%A9")]
    [TestCase("/x\r\nSet-Cookie: a=b", "/x%0D%0ASet-Cookie:%20a=b")]
    public void H95_a_redirect_is_encoded_and_a_path_never_becomes_another_host(
        string location, string encoded)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => throw HttpException.Redirect(location, 303)));
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That(
            (answer.Status, answer["Location"], answer.Text), Is.EqualTo((303, encoded, "")));
        Assert.That(server.LoggedExceptions(), Is.Empty);
    }

    [TestCase("javascript:alert(1)", 302)]
    [TestCase("", 302)]
    [TestCase("/", 200)]
    [TestCase("/", 304)]
    public void What_is_no_redirect_throws_where_it_is_made(string location, int status) =>
        Assert.That(
            () => HttpException.Redirect(location, status), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Its_fields_and_cookies_are_those_of_the_response()
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            HttpException error = HttpException.NotFound();
            error.Headers.Add("Cache-Control", "no-store");
            error.Headers.Add("Set-Cookie", "a=1");
            error.Headers.Add("Set-Cookie", "b=2");
            error.Headers.Add("X-Content-Type-Options", "none");
            error.Headers.Add("Vary", "Origin");
            throw error;
        }));
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That(answer["Cache-Control"], Is.EqualTo("no-store"));
        Assert.That(answer.All("Set-Cookie"), Is.EqualTo(new[] { "a=1", "b=2" }));
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("none"), "the author's counts");
        Assert.That(answer.All("Vary"), Is.EqualTo(new[] { "Accept", "Origin" }));
    }

    [TestCase("/throws", 409)]
    [TestCase("/later", 409)]
    [TestCase("/task", 409)]
    public void It_may_come_from_any_handler(string path, int status)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/throws", _ => throw HttpException.Conflict());
            app.Get("/later", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                throw HttpException.Conflict();
            });
            app.Get("/task", async Task<Response> (_) =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                throw HttpException.Conflict();
            });
            app.OnGet("/ok", "ok");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get(path) + Get("/ok"));
        server.RunFor(2);

        Assert.That(
            peer.Take().Select(answer => answer.Status), Is.EqualTo(new[] { status, 200 }),
            "the connection goes on");
        Assert.That(server.LoggedExceptions(), Is.Empty);
    }

    [Test]
    public void It_may_come_from_a_middleware_which_may_also_catch_that_of_a_handler()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(async (request, next) =>
            {
                if (request.Path == "/forbidden")
                {
                    throw HttpException.Forbidden();
                }

                try
                {
                    return await next(request);
                }
                catch (HttpException error) when (error.Status == 410)
                {
                    return Response.Text("caught", 299);
                }
            });
            app.OnGet("/forbidden", "never");
            app.OnGet("/gone", _ => throw HttpException.Gone());
        });
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get("/forbidden")).Status, Is.EqualTo(403));
        Assert.That(peer.Ask(Get("/gone")).Text, Is.EqualTo("caught"));
    }

    [Test]
    public void From_before_the_body_was_read_it_leaves_the_connection_in_step()
    {
        using var server = new ServerFixture(app =>
        {
            app.On("POST", "/", _ => throw HttpException.BadRequest());
            app.OnGet("/", "ok");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Post("/", Get("/")) + Get("/"));
        server.Settle();

        Assert.That(
            peer.Take("POST", "GET").Select(answer => answer.Status),
            Is.EqualTo(new[] { 400, 200 }));
    }

    [Test]
    public void A_body_and_a_query_that_cannot_be_read_are_such_exceptions()
    {
        Exception? body = null;
        using var server = new ServerFixture(app =>
        {
            app.Post("/", async request =>
            {
                try
                {
                    return Response.Bytes(await request.ReadAsync());
                }
                catch (HttpException error)
                {
                    body = error;
                    throw;
                }
            });
            app.OnGet("/", request => Response.Text($"{request.Query.Count}"));
        });
        RawAnswer refused = server.Ask(
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n");
        Assert.That((refused.Status, refused.SaysClose), Is.EqualTo((400, true)));
        Assert.That(
            body, Is.InstanceOf<RequestBodyException>().With.Property("Reason")
                .EqualTo(Rejection.ChunkSizeInvalid));

        RawAnswer query = server.Ask(Get("/?a=%ff"));
        Assert.That(
            (query.Status, query.SaysClose, query.Text),
            Is.EqualTo((400, false, "400: The query has an escape that is no UTF-8 text.")));
        Assert.That(server.LoggedExceptions(), Is.Empty);
    }

    [TestCase(401, "WWW-Authenticate")]
    [TestCase(405, "Allow")]
    [TestCase(407, "Proxy-Authenticate")]
    [TestCase(426, "Upgrade")]
    public void H79_without_the_field_that_its_status_needs_it_is_500_and_logged(
        int status, string name)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/", _ => throw new HttpException(status));
            app.OnGet("/ok", "ok");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + Get("/ok"));
        server.Settle();

        Assert.That(peer.Take().Select(one => one.Status), Is.EqualTo(new[] { 500, 200 }));
        Assert.That(server.Logged(), Has.Exactly(1).Contains($"response {status}"));
        Assert.That(server.LoggedExceptions().Single().Message, Does.Contain(name));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void After_a_response_has_begun_it_is_a_failure_like_any_other(bool isReset)
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            if (isReset)
            {
                await response.WriteAsync(new byte[100_000]);
            }

            throw HttpException.NotFound("too late");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(peer.IsReset, Is.EqualTo(isReset));
        Assert.That(server.LoggedExceptions().Single(), Is.InstanceOf<HttpException>());
        if (!isReset)
        {
            Assert.That(peer.TakeOne().Status, Is.EqualTo(500));
        }
    }

    [TestCase(404, 0)]
    [TestCase(500, 1)]
    public void For_a_client_that_is_gone_it_is_no_response_and_only_a_failure_is_logged(
        int status, int logged)
    {
        using var server = new ServerFixture(app => app.Get("/", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            throw new HttpException(status);
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.Settle();
        peer.Reset();
        server.RunFor(2);

        Assert.That(server.LoggedExceptions(), Has.Count.EqualTo(logged));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_500_on_purpose_shows_its_detail_and_is_logged()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => throw new HttpException("The disk is full.")));
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((500, "500: The disk is full.")));
        Assert.That(server.Logged(), Has.Exactly(1).Contains("its response is 500"));
    }

    [Test]
    public void Its_cause_is_told_in_development_only()
    {
        foreach (bool isDev in new[] { false, true })
        {
            using var server = new ServerFixture(
                app => app.OnGet("/", _ => throw new HttpException(
                    400, "Not so.", new InvalidOperationException("the inside"))),
                new HttpServerOptions { DevMode = isDev });
            string text = server.Ask(Get("/")).Text;

            Assert.That(text.Contains("the inside", StringComparison.Ordinal), Is.EqualTo(isDev));
            Assert.That(text, Does.Not.Contain(nameof(HttpException)), "a response is no failure");
        }
    }

    [Test]
    public void Errors_by_field_are_part_of_each_format()
    {
        using var server = new ServerFixture(app => app.OnGet(
            "/", _ => throw HttpException.UnprocessableContent("Check the fields.", s_errors)));

        Assert.That(
            server.Ask(Get("/")).Text,
            Is.EqualTo("422: Check the fields.\n\nname: It is required."));
        Assert.That(
            server.Ask("GET / HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n").Text,
            Is.EqualTo(
                """{"type":"about:blank","title":"Unprocessable Content","status":422"""
                + ""","detail":"Check the fields.","errors":{"name":["It is required."]}}"""));
        Assert.That(
            server.Ask("GET / HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n\r\n").Text,
            Does.Contain("<p>Check the fields.</p>\n<p>name: It is required.</p>"));
    }
}
