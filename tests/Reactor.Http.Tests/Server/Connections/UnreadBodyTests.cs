using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A body that no handler read (RFC 9112 9.3): read and dropped if it is short enough, or else the
/// connection ends, because nobody can tell where the next request begins.
/// </summary>
public class UnreadBodyTests
{
    private const int DrainBytesMax = 256 * 1024;

    [TestCase(1, true)]
    [TestCase(DrainBytesMax, true)]
    [TestCase(DrainBytesMax + 1, false)]
    public void H55_a_body_of_known_length_is_dropped_up_to_the_limit(int bytes, bool isKept)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Post("/ignore", new string('x', bytes)));
        server.Settle();
        AssertFate(server, peer, isKept);
    }

    [TestCase(DrainBytesMax, true)]
    [TestCase(DrainBytesMax + 1, false)]
    public void H55_a_chunked_body_is_dropped_up_to_the_limit(int bytes, bool isKept)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        string[] chunks =
            [.. new string('x', bytes).Chunk(50_000).Select(chars => new string(chars))];
        peer.Send(PostChunked("/ignore", chunks));
        server.Settle();
        AssertFate(server, peer, isKept);
    }

    [Test]
    public void The_answer_does_not_wait_for_the_body_that_nobody_wants()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        string head = "POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n";
        Assert.That(peer.Ask(head + "five ").Text, Is.EqualTo("ignored"));
        Assert.That(peer.IsEnded, Is.False);

        Assert.That(peer.Ask("bytes" + Get("/")).Text, Is.EqualTo("index"));
    }

    [Test]
    public void H55_what_looks_like_a_request_in_an_unread_body_is_none()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Post("/ignore", Get("/smuggled")) + Get("/"));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "ignored", "index" }));
    }

    [TestCase("/nobody-is-here", 404)]
    [TestCase("/", 405)]
    public void H55_the_body_of_a_request_without_a_handler_is_dropped_too(string path, int status)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Post(path, Get("/smuggled")) + Get("/"));
        server.Settle();

        Assert.That(peer.Take().Select(answer => answer.Status), Is.EqualTo(new[] { status, 200 }));
    }

    [Test]
    public void H55_a_malformed_unread_body_closes_after_the_answer()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send("POST /ignore HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "bad\n" + Get("/"));
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("ignored"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void An_unread_body_that_never_ends_holds_no_memory()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Ask("POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n\r\n");
        for (int i = 0; i < 19; i++)
        {
            peer.Send(new byte[10_000]);
            server.Settle();
            Assert.That(server.RentedBlocks, Is.Zero);
        }

        peer.Send(new byte[10_000]);
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("index"));
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/", "index");
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
    }

    private static void AssertFate(ServerFixture server, HttpPeer peer, bool isKept)
    {
        Assert.That(peer.TakeOne().Text, Is.EqualTo("ignored"));
        Assert.That(peer.IsEnded, Is.EqualTo(!isKept));
        if (isKept)
        {
            Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("index"));
        }
        else
        {
            peer.Send(Get("/"));
            server.Settle();
            Assert.That(peer.Received, Is.Empty);
        }
    }
}
