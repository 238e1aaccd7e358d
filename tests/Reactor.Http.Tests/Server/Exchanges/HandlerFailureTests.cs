using System.Text.Json.Serialization;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A handler that fails: 500 for its request, a log with the stack, and life goes on.
/// </summary>
public class HandlerFailureTests
{
    [Test]
    public void An_exception_is_500_and_is_logged_with_its_stack()
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(Get("/throws"));

        Assert.That(answer.Status, Is.EqualTo(500));
        Assert.That(answer.Text, Does.Not.Contain("on purpose"), "nothing of the inside is told");
        Assert.That(server.Logged(), Has.Some.Contains("GET").And.Contains("/throws"));
        Assert.That(
            server.Log.Exceptions.Single().ToString(),
            Does.Contain("on purpose").And.Contains(nameof(Thrower)));
    }

    [Test]
    public void A_response_that_had_begun_is_not_said_to_be_500()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(201);
            response.Prepare(request);
            await response.WriteAsync("begun"u8.ToArray());
            throw new InvalidOperationException("on purpose");
        }));
        server.Connect().Send(Get("/"));
        server.Settle();

        Assert.That(server.Logged(), Has.Exactly(1).Contains(
            "The handler of GET / threw after its response 201 had begun; the connection is "
            + "reset"));
        Assert.That(server.Logged(), Has.None.Contains("500"));
    }

    [TestCase(0, "its response is 500")]
    [TestCase(100_000, "the connection is reset")]
    public void A_response_that_ends_too_early_is_logged_with_what_became_of_it(
        int writtenBytes, string consequence)
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 200_000);
            response.Prepare(request);
            if (writtenBytes > 0)
            {
                await response.WriteAsync(new byte[writtenBytes]);
            }

            return response;
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.RunFor(10);

        Assert.That(server.Logged(), Has.Exactly(1).EqualTo(
            "The handler of GET / ended its response after less than it announced; "
            + consequence));
        Assert.That(peer.IsReset, Is.EqualTo(writtenBytes > 0));
    }

    [Test]
    public void The_same_connection_and_others_go_on()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer one = server.Connect();
        HttpPeer other = server.Connect();
        one.Send(Get("/wait"));
        other.Send(Get("/throws") + Get("/ok"));
        server.Settle();

        Assert.That(other.Take().Select(a => a.Status), Is.EqualTo(new[] { 500, 200 }));
        Assert.That(other.Ask(Get("/ok")).Status, Is.EqualTo(200));
        server.RunFor(1);
        Assert.That(one.TakeOne().Status, Is.EqualTo(200));
    }

    [TestCase("/null")]
    [TestCase("/unprepared")]
    [TestCase("/later")]
    [TestCase("/cancelled-itself")]
    [TestCase("/timeout")]
    [TestCase("/header")]
    [TestCase("/task-throws")]
    [TestCase("/null-coroutine")]
    public void Every_other_way_to_fail_is_500_and_logged(string path)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get(path));
        server.RunFor(2);
        RawAnswer answer = peer.TakeOne();

        Assert.That((answer.Status, answer["Connection"]), Is.EqualTo((500, (string?)null)));
        Assert.That(server.Logged(), Has.Some.Contains(path));
        Assert.That(server.Log.Exceptions, Has.Count.EqualTo(1));
        Assert.That(peer.Ask(Get("/ok")).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_failed_head_has_no_body()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        Assert.That(
            peer.Ask("HEAD /throws HTTP/1.1\r\nHost: test\r\n\r\n").Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/ok")).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_failure_before_the_body_was_read_leaves_the_connection_in_step()
    {
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            app.On("POST", "/throws", _ => throw new InvalidOperationException("on purpose"));
        });
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Post("/throws", "GET /ok HTTP/1.1\r\n")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/ok")).Status, Is.EqualTo(200));
    }

    [TestCase("{\"n\": 3}", 200, "3")]
    [TestCase("{\"n\": ", 400, null)]
    [TestCase("not json", 400, null)]
    [TestCase("", 400, null)]
    public void A_body_that_is_not_the_json_it_should_be_is_400(
        string body, int status, string? expected)
    {
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            app.OnJson("/json");
        });
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(JsonPost("/json", body));

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(expected ?? answer.Text, Is.EqualTo(answer.Text));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
        Assert.That(peer.Ask(Get("/ok")).Status, Is.EqualTo(200), "the body was read: in step");
    }

    [TestCase(64, 200)]
    [TestCase(65, 400)]
    public void Json_may_be_64_levels_deep(int depth, int status)
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await request.JsonAsync(NumberJson.Default.JsonElement);
            return new Response();
        }));
        string json = new string('[', depth) + new string(']', depth);

        Assert.That(server.Ask(JsonPost("/", json)).Status, Is.EqualTo(status));
    }

    private static string JsonPost(string target, string body) => Post(target, body).Replace(
        "\r\n\r\n", "\r\nContent-Type: application/json\r\n\r\n", StringComparison.Ordinal);

    private static void AddRoutes(Application app)
    {
        app.OnGet("/ok", "ok");
        app.OnGet("/throws", _ => Thrower());
        app.OnGet("/null", _ => null!);
        app.OnGet("/unprepared", _ => new StreamResponse());
        app.OnGet("/cancelled-itself", _ => throw new LoopCanceledException());
        app.OnGet("/timeout", _ => throw new OperationCanceledException("a foreign one"));
        app.OnGet("/header", _ =>
        {
            var response = new Response();
            response.Headers.Add("X-Bad", "a\r\nSet-Cookie: b");
            return response;
        });
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("waited");
        });
        app.Get("/later", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Thrower();
        });
        app.Get("/task-throws", Task<Response> (_) => Task.FromException<Response>(
            new InvalidOperationException("in a task")));
        app.Get("/null-coroutine", Task<Response> (_) => null!);
    }

    private static Response Thrower() => throw new InvalidOperationException("on purpose");
}

internal sealed record Number([property: JsonPropertyName("n")] int N);

[JsonSerializable(typeof(Number))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class NumberJson : JsonSerializerContext;
