namespace Reactor.Http.Tests.Server;

/// <summary>
/// What serves a request is kept for later requests, hundreds of them at most: nothing large of the
/// request that it served may be kept with it.
/// </summary>
public sealed class KeptExchangeTests
{
    /// <summary>Room for the head of a browser, which is kept on purpose.</summary>
    private const int KeptBytesMax = 2048;

    [Test]
    public void A_body_that_was_read_whole_is_not_kept()
    {
        using var server = new ServerFixture(app => app.Post(
            "/", async request => Response.Text($"{(await request.ReadAsync()).Length}")));
        string body = new('x', 512 * 1024);

        AssertNothingLargeIsKept(server, "POST", $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    [Test]
    public void A_large_head_is_not_kept()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        string field = $"X: {new string('x', 7000)}\r\n";

        AssertNothingLargeIsKept(server, "GET", $"{field}{field}{field}\r\n");
    }

    [Test]
    public void Large_trailers_are_not_kept()
    {
        using var server = new ServerFixture(app => app.Post(
            "/", async request => Response.Text($"{(await request.ReadAsync()).Length}")));
        string field = $"X: {new string('x', 1000)}\r\n";

        AssertNothingLargeIsKept(
            server, "POST", $"Transfer-Encoding: chunked\r\n\r\n0\r\n{field}{field}{field}\r\n");
    }

    private static void AssertNothingLargeIsKept(ServerFixture server, string method, string rest)
    {
        HttpPeer[] peers = [server.Connect(), server.Connect()];
        foreach (HttpPeer peer in peers)
        {
            string request = $"{method} / HTTP/1.1\r\nHost: test\r\n{rest}";
            Assert.That(peer.Ask(request).Status, Is.EqualTo(200));
        }

        Exchange[] kept = [.. ObjectGraph.Of(server.Http).OfType<Exchange>()];
        Assert.That(kept, Is.Not.Empty, "or nothing is asked");
        Assert.That(kept.Select(one => one.Body.Buffer.Held), Is.All.Zero);
        Assert.That(
            kept.Select(one => one.Head.RentedBytes),
            Is.All.LessThanOrEqualTo(KeptBytesMax));
        Assert.That(
            kept.Select(one => one.Body.Trailers.RentedBytes),
            Is.All.LessThanOrEqualTo(KeptBytesMax));
    }
}
