using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A client that ends its direction and still listens: it gets an answer to every request that was
/// whole, then the end.
/// </summary>
public class HalfCloseTests
{
    [Test]
    public void Every_whole_request_is_answered_then_the_connection_ends()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/a") + Get("/b") + Get("/c"));
        peer.End();
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_request_that_waits_when_the_end_comes_is_answered()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait") + Get("/b"));
        server.Settle();
        peer.End();
        server.RunFor(1);

        Assert.That(peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "w", "b" }));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void What_is_not_whole_is_dropped_and_the_rest_is_answered()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/a") + Get("/b") + "GET /c HTTP/1.1\r\nHost: te");
        peer.End();
        server.Settle();

        Assert.That(peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "a", "b" }));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_request_with_a_whole_body_is_answered()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send(PostChunked("/echo", "one", "two"));
        peer.End();
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("onetwo"));
    }

    [Test]
    public void A_stream_goes_on_after_the_end()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/stream"));
        peer.End();
        server.RunFor(10);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("01234"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void A_handler_that_fails_after_the_end_is_still_500_and_logged()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await request.ReadAsync();
            }
            catch (RequestBodyException)
            {
                // The end was seen; what follows is a mistake of the handler all the same.
            }

            throw new InvalidOperationException("on purpose");
        }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nhalf");
        peer.End();
        server.Settle();

        Assert.That(peer.TakeOne().Status, Is.EqualTo(500));
        Assert.That(server.Logged(), Has.Some.Contains("threw"));
    }

    [Test]
    public void An_end_without_a_request_is_answered_with_the_end()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.ConnectNow();
        peer.End();
        server.Settle();

        Assert.That((peer.Received, peer.IsEnded, peer.IsReset), Is.EqualTo(("", true, false)));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void An_end_at_every_place_of_two_requests_gives_the_answers_of_the_whole_ones()
    {
        using var server = new ServerFixture(AddRoutes);
        string requests = Get("/a") + Get("/b");
        for (int cut = 0; cut <= requests.Length; cut++)
        {
            HttpPeer peer = server.Connect();
            peer.Send(requests[..cut]);
            peer.End();
            server.Settle();
            string[] expected = cut < Get("/a").Length ? []
                : cut < requests.Length ? ["a"]
                : ["a", "b"];

            Assert.That(peer.Take().Select(answer => answer.Text), Is.EqualTo(expected));
            Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)), $"cut at {cut}");
        }
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/a", "a");
        app.OnGet("/b", "b");
        app.OnGet("/c", "c");
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("w");
        });
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            for (int i = 0; i < 5; i++)
            {
                await response.WriteAsync(new[] { (byte)('0' + i) });
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }

            return response;
        });
    }
}
