using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The size of a body by route: what one route takes another refuses, before a byte of it is read
/// where its length was announced.
/// </summary>
public class RouteLimitTests
{
    [TestCase("/small", 4, 200)]
    [TestCase("/small", 5, 413)]
    [TestCase("/default", 10, 200)]
    [TestCase("/default", 11, 413)]
    [TestCase("/large", 100, 200)]
    [TestCase("/large", 101, 413)]
    [TestCase("/none", 0, 200)]
    [TestCase("/none", 1, 413)]
    [TestCase("/nobody-is-here", 10, 404)]
    [TestCase("/nobody-is-here", 11, 413)]
    public void An_announced_length_beyond_the_limit_of_the_route_is_413(
        string path, int bytes, int status)
    {
        using var server = Serve();
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Post(path, new string('x', bytes)));

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((status, status == 413)));
        Assert.That(peer.IsEnded, Is.EqualTo(status == 413));
    }

    [TestCase("/small", 4, 200)]
    [TestCase("/small", 5, 413)]
    [TestCase("/large", 100, 200)]
    [TestCase("/large", 101, 413)]
    [TestCase("/none", 1, 413)]
    public void A_chunked_body_is_refused_where_it_passes_the_limit_of_the_route(
        string path, int bytes, int status)
    {
        using var server = Serve();
        string[] chunks = [.. Enumerable.Repeat("x", bytes)];

        Assert.That(server.Ask(PostChunked(path, chunks)).Status, Is.EqualTo(status));
    }

    [TestCase("/small", 5)]
    [TestCase("/none", 1)]
    public void H75_no_100_is_sent_for_a_body_that_is_announced_too_large(string path, int bytes)
    {
        using var server = Serve();
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(
            $"POST {path} HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
            + $"Content-Length: {bytes}\r\n\r\n");

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((413, true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void The_handler_of_a_refused_body_is_not_called()
    {
        int called = 0;
        using var server = new ServerFixture(app => app.Router.AddRoute("POST", "/", Count, new()
        {
            BodyBytesMax = 1,
        }));
        async Coroutine<Response> Count(Request request)
        {
            called++;
            await EventLoop.Yield();
            return new Response();
        }

        Assert.That(server.Ask(Post("/", "xx")).Status, Is.EqualTo(413));
        Assert.That(called, Is.Zero);
    }

    [Test]
    public void A_negative_limit_is_refused() => Assert.That(
        () => new RouteOptions { BodyBytesMax = -1 },
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static ServerFixture Serve()
    {
        return new ServerFixture(
            app =>
            {
                app.Post("/default", Answer);
                app.Post("/small", Answer, new RouteOptions { BodyBytesMax = 4 });
                app.Post("/large", Plain, new RouteOptions { BodyBytesMax = 100 });
                app.Post("/none", Answer, new RouteOptions { BodyBytesMax = 0 });
            },
            new HttpServerOptions { Parser = new ParserLimits { BodyBytesMax = 10 } });

        static async Coroutine<Response> Answer(Request request) =>
            Response.Bytes(await request.ReadAsync());

        static async Task<Response> Plain(Request request) =>
            Response.Bytes(await request.ReadAsync());
    }
}
