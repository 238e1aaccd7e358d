using System.Globalization;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What a response must hold, what it may hold, and what it tells: fields that a status asks for,
/// reason phrases, the server's name, and nothing of the inside.
/// </summary>
public class ResponseSafetyTests
{
    private static readonly HttpServerOptions s_dev = new() { DevMode = true };

    [TestCase(401, "WWW-Authenticate", "Basic realm=\"x\"")]
    [TestCase(405, "Allow", "GET")]
    [TestCase(407, "Proxy-Authenticate", "Basic realm=\"x\"")]
    [TestCase(426, "Upgrade", "websocket")]
    public void H79_a_status_has_the_field_that_it_is_about(int status, string name, string value)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/without", _ => Response.Text("x", status));
            app.Get("/stream", async request =>
            {
                var response = new StreamResponse(status);
                response.Prepare(request);
                await response.WriteEofAsync();
                return response;
            });
            app.OnGet("/with", _ =>
            {
                var response = Response.Text("x", status);
                response.Headers.Add(name, value);
                return response;
            });
        });
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Get("/without")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/stream")).Status, Is.EqualTo(500));
        Assert.That(server.Logged(), Has.Exactly(2).Contains("/without").Or.Contains("/stream"));
        Assert.That(server.Log.Exceptions.First().Message, Does.Contain(name), "and says which");

        RawAnswer answer = peer.Ask(Get("/with"));
        Assert.That((answer.Status, answer[name]), Is.EqualTo((status, value)));
    }

    [TestCase("", "upgrade")]
    [TestCase("Connection: close\r\n", "upgrade, close")]
    public void H79_an_upgrade_is_offered_for_this_hop(string field, string connection)
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = new Response(426);
            response.Headers.Add("Upgrade", "websocket");
            return response;
        }));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask($"GET / HTTP/1.1\r\nHost: test\r\n{field}\r\n");

        Assert.That(answer["Connection"], Is.EqualTo(connection), "RFC 9110 7.8");
        Assert.That(peer.IsEnded, Is.EqualTo(field.Length > 0));
    }

    [Test]
    public void H80_trace_is_405_also_where_a_route_takes_every_method()
    {
        using var server = new ServerFixture(app => app.On(
            "*", "/", request => Response.Text(request.GetHeader("Cookie") ?? "")));
        RawAnswer answer = server.Ask("TRACE / HTTP/1.1\r\nHost: test\r\nCookie: secret\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(405));
        Assert.That(answer.Text, Does.Not.Contain("secret"));
        Assert.That(
            answer["Allow"]!.Split(", "),
            Is.EquivalentTo(new[]
            {
                "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
            }));
    }

    [Test]
    public void H80_trace_is_served_where_a_route_names_it()
    {
        using var server = new ServerFixture(
            app => app.On("TRACE", "/", _ => Response.Text("traced")));

        Assert.That(
            server.Ask("TRACE / HTTP/1.1\r\nHost: test\r\n\r\n").Text, Is.EqualTo("traced"));
    }

    [TestCase("reactor")]
    [TestCase(null)]
    public void H92_the_server_field_is_a_name_and_can_be_left_out(string? name)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), new HttpServerOptions { ServerName = name });

        Assert.That(server.Ask(Get("/"))["Server"], Is.EqualTo(name));
        Assert.That(server.Ask("BAD\r\n\r\n")["Server"], Is.EqualTo(name));
    }

    [Test]
    public void H92_the_server_field_can_be_a_handlers_and_cannot_inject()
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = new Response();
            response.Headers.Add("server", "mine");
            return response;
        }));

        Assert.That(server.Ask(Get("/"))["Server"], Is.EqualTo("mine"), "once");
        Assert.That(
            () => new HttpServerOptions { ServerName = "a\r\nX: y" }, Throws.ArgumentException);
    }

    [TestCase("Fine")]
    [TestCase("")]
    [TestCase("a\tb é")]
    public void H60_H93_a_reason_phrase_can_be_set_and_may_be_empty(string reason)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => new Response(299) { Reason = reason }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(peer.Received, Does.StartWith($"HTTP/1.1 299 {reason}\r\n"));
    }

    [TestCase("a\r\nX: y")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase("a\u007fb")]
    [TestCase("a\u010ab")]
    public void H93_a_reason_phrase_has_no_control(string reason) => Assert.That(
        () => new Response { Reason = reason }, Throws.ArgumentException);

    [TestCase("Content-Length", "5")]
    [TestCase("Transfer-Encoding", "chunked")]
    [TestCase("Connection", "keep-alive")]
    [TestCase("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Trailer", "X-Sum")]
    [TestCase("content-type", "text/html")]
    public void H96_what_the_server_says_itself_cannot_be_added(string name, string value)
    {
        Assert.That(() => new Response().Headers.Add(name, value), Throws.ArgumentException);
        Assert.That(() => new Response().Headers.Set(name, value), Throws.ArgumentException);
    }

    [Test]
    public void H99_the_text_of_an_exception_is_told_in_development_only()
    {
        foreach (HttpServerOptions? options in new[] { null, s_dev })
        {
            using var server = new ServerFixture(
                app => app.OnGet("/", _ => throw new InvalidOperationException("the inside")),
                options);
            RawAnswer answer = server.Ask(Get("/"));

            Assert.That(answer.Status, Is.EqualTo(500));
            Assert.That(
                answer.Text.Contains("the inside", StringComparison.Ordinal),
                Is.EqualTo(options is not null));
            Assert.That(answer["Content-Type"], Does.StartWith("text/plain"));
            Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        }
    }

    [TestCase("GET / HTTP/1.1\r\nHost : test\r\n\r\n", "HDR-SPACE-BEFORE-COLON")]
    [TestCase("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9999999\r\n\r\n", "BODY-LARGE")]
    public void H99_the_id_of_a_refusal_is_told_in_development_only(string request, string id)
    {
        foreach (HttpServerOptions? options in new[] { null, s_dev })
        {
            using var server = new ServerFixture(app => app.OnEcho("/"), options);

            Assert.That(
                server.Ask(request).Text.Contains(id, StringComparison.Ordinal),
                Is.EqualTo(options is not null));
        }
    }

    [TestCase("GET /secret HTTP/1.1\r\nHost: test\r\n\r\n")]
    [TestCase("GET /?secret HTTP/9.1\r\nHost: test\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: secret secret\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nExpect: secret\r\n\r\n")]
    [TestCase("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: secret\r\n\r\n")]
    [TestCase("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n")]
    public void H98_no_error_of_the_server_echoes_the_request_not_even_in_development(
        string request)
    {
        using var server = new ServerFixture(app => app.OnEcho("/"), s_dev);
        HttpPeer peer = server.Connect();
        peer.Send(request);
        server.Settle();

        Assert.That(peer.Received, Does.StartWith("HTTP/1.1 ").And.Not.Contains("secret"));
    }

    [Test]
    public void H100_a_request_has_one_final_answer()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var first = new StreamResponse(contentLength: 1);
            first.Prepare(request);
            await first.WriteAsync("x"u8.ToArray());
            Assert.That(
                () => new StreamResponse().Prepare(request), Throws.InvalidOperationException);
            return first;
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("x"));
        Assert.That(peer.IsReset, Is.False);
    }

    [TestCase("GET", "1.1", 200, "chunked", null, true)]
    [TestCase("HEAD", "1.1", 200, "chunked", null, true)]
    [TestCase("GET", "1.0", 200, null, null, false)]
    [TestCase("HEAD", "1.0", 200, null, null, false)]
    [TestCase("GET", "1.1", 204, null, null, true)]
    [TestCase("GET", "1.0", 204, null, null, true)]
    [TestCase("GET", "1.1", 205, null, "0", true)]
    [TestCase("GET", "1.1", 304, null, null, true)]
    public void H56_H57_H58_H61_a_stream_without_a_length_is_framed_as_its_client_and_status_allow(
        string method, string version, int status, string? coding, string? length, bool isKept)
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(status);
            response.Prepare(request);
            await response.WriteAsync("body"u8.ToArray());
            return response;
        }));
        HttpPeer peer = server.Connect();
        peer.Send($"{method} / HTTP/{version}\r\nHost: test\r\nConnection: keep-alive\r\n\r\n");
        server.Settle();
        bool hasBody = method == "GET" && status == 200;
        Assert.That(
            peer.Received.Contains("body", StringComparison.Ordinal), Is.EqualTo(hasBody));
        RawAnswer answer = peer.TakeOne(method);

        Assert.That(
            (answer["Transfer-Encoding"], answer["Content-Length"]),
            Is.EqualTo((coding, length)));
        Assert.That(peer.IsEnded, Is.EqualTo(!isKept));
    }

    [TestCase(200, "4")]
    [TestCase(204, null)]
    [TestCase(205, "0")]
    [TestCase(304, null)]
    public void H57_H58_H59_a_whole_answer_has_its_length_where_its_status_may(
        int status, string? length)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Text("body", status)));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + Get("/none"));
        server.Settle();
        List<RawAnswer> answers = peer.Take();

        Assert.That(answers[0]["Content-Length"], Is.EqualTo(length));
        Assert.That(
            answers[0].Text.Length.ToString(CultureInfo.InvariantCulture),
            Is.EqualTo(length ?? "0"));
        Assert.That(answers[1].Status, Is.EqualTo(404), "in step");
    }

    [Test]
    public void H97_writing_more_than_announced_throws()
    {
        using ServerFixture server = Writing(4, "hello");
        HttpPeer peer = server.Connect();

        // The head was not sent: it is replaced, and the connection is kept.
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(500));
        server.Logged();
        Assert.That(
            server.Log.Exceptions.Select(error => error.Message), Is.All.Contains("4 bytes"));
    }

    [Test]
    public void H97_writing_less_than_announced_resets_and_is_logged()
    {
        using ServerFixture server = Writing(6, "hello");
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + Get("/"));
        server.Settle();

        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((true, false)));
        Assert.That(
            server.Logged(), Has.One.Contains("less than it announced").And.One.Contains("GET /"));
    }

    private static ServerFixture Writing(int length, string body) => new(
        app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: length);
            response.Prepare(request);
            await response.WriteAsync(System.Text.Encoding.ASCII.GetBytes(body));
            await response.WriteEofAsync();
            return response;
        }));
}
