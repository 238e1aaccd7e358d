using System.Text;
using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Trailer fields (RFC 9110 6.5): those of a request stay apart and come after its body; those of a
/// response go only to a client that takes them.
/// </summary>
public class TrailerTests
{
    private const string Chunked =
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n";

    [TestCase(false)]
    [TestCase(true)]
    public void H54_the_trailers_of_a_request_are_there_after_its_body_and_apart(bool isStreamed)
    {
        string told = "";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            Assert.That(() => request.Trailers, Throws.InvalidOperationException);
            if (isStreamed)
            {
                await request.Body.CopyToAsync(Stream.Null);
            }
            else
            {
                await request.ReadAsync();
            }

            told = $"{request.Trailers.GetHeader("x-sum")}, {request.GetHeader("X-Sum")}";
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Chunked + "X-Sum: 42\r\n\r\n").Status, Is.EqualTo(200));
        Assert.That(told, Is.EqualTo("42, "), "nothing is merged into the head");
        Assert.That(peer.Ask(Chunked + "\r\n").Status, Is.EqualTo(200));
        Assert.That(told, Is.EqualTo(", "), "nor kept for the next request");
    }

    [TestCase("Content-Length: 5")]
    [TestCase("Transfer-Encoding: gzip")]
    [TestCase("Host: evil")]
    [TestCase("Authorization: Basic eA==")]
    [TestCase("Content-Type: text/html")]
    [TestCase("Content-Encoding: gzip")]
    [TestCase("TE: trailers")]
    [TestCase("Trailer: X-Other")]
    [TestCase("Connection: close")]
    [TestCase("Expect: 100-continue")]
    [TestCase("Cookie: a=b")]
    public void H54_what_frames_routes_authenticates_or_describes_is_dropped_and_counted(
        string field)
    {
        string told = "";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await request.ReadAsync();
            TrailerSection trailers = request.Trailers;
            string name = field.Split(':')[0];
            told = $"{trailers.Count} {trailers.DroppedCount} {trailers.GetHeader(name)}";
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Chunked + $"X-Sum: 42\r\n{field}\r\n\r\n");

        Assert.That(told, Is.EqualTo("1 1 "));
        Assert.That((answer.SaysClose, peer.IsEnded), Is.EqualTo((false, false)));
    }

    [TestCase("X Sum: 1\r\n\r\n", 400)]
    [TestCase("X-Sum : 1\r\n\r\n", 400)]
    [TestCase("X-Sum: 1\n\r\n", 400)]
    [TestCase("X-Sum: a\u0001b\r\n\r\n", 400)]
    [TestCase(" folded\r\n\r\n", 400)]
    public void H54_trailers_are_held_to_the_rules_of_header_fields(string trailers, int status)
    {
        using var server = new ServerFixture(app => app.OnEcho("/"));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Chunked + trailers).Status, Is.EqualTo(status));
        Assert.That(peer.IsEnded);
    }

    [TestCase(16, 200)]
    [TestCase(17, 431)]
    public void H54_sixteen_trailers_are_taken_and_no_more(int count, int status)
    {
        using var server = new ServerFixture(app => app.OnEcho("/"));
        string trailers = string.Concat(Enumerable.Repeat("X-Sum: 1\r\n", count));

        Assert.That(server.Ask(Chunked + trailers + "\r\n").Status, Is.EqualTo(status));
    }

    [Test]
    public void A_request_without_a_body_has_no_trailers()
    {
        int? count = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            count = request.Trailers.Count;
            return new Response();
        }));
        server.Ask(Get("/"));

        Assert.That(count, Is.Zero);
    }

    [TestCase("TE: trailers\r\n", true)]
    [TestCase("TE: gzip;q=0.5, Trailers\r\n", true)]
    [TestCase("TE: gzip\r\nTE: trailers\r\n", true)]
    [TestCase("", false)]
    [TestCase("TE: gzip\r\n", false)]
    [TestCase("TE: trailers-not\r\n", false)]
    public void Trailers_of_a_response_go_to_a_client_that_takes_them(string field, bool takes)
    {
        bool? isSent = null;
        using var server = new ServerFixture(app => AddSum(app, sends => isSent = sends));
        HttpPeer peer = server.Connect();
        peer.Send($"GET / HTTP/1.1\r\nHost: test\r\n{field}\r\n");
        server.Settle();

        Assert.That(isSent, Is.EqualTo(takes));
        Assert.That(peer.Received, Does.EndWith(takes
            ? "4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n"
            : "4\r\nbody\r\n0\r\n\r\n"));
        Assert.That(peer.Received.Contains(
            "\r\nTrailer: X-Sum, X-Unset\r\n", StringComparison.Ordinal), Is.EqualTo(takes));
    }

    [Test]
    public void Trailers_are_never_sent_to_1_0()
    {
        using var server = new ServerFixture(app => AddSum(app, _ => { }));
        RawAnswer answer = server.Ask("GET / HTTP/1.0\r\nTE: trailers\r\n\r\n");

        Assert.That((answer.Text, answer["Trailer"]), Is.EqualTo(("body", (string?)null)));
    }

    [Test]
    public void Head_announces_the_trailers_that_get_would_send_and_sends_none()
    {
        using var server = new ServerFixture(app => AddSum(app, _ => { }));
        HttpPeer peer = server.Connect();
        peer.Send("HEAD / HTTP/1.1\r\nHost: test\r\nTE: trailers\r\n\r\n");
        server.Settle();

        Assert.That(peer.Received, Does.Contain("\r\nTrailer: X-Sum, X-Unset\r\n"));
        Assert.That(peer.Received, Does.EndWith("\r\n\r\n").And.Not.Contains("42"));
    }

    [TestCase("Content-Length")]
    [TestCase("transfer-encoding")]
    [TestCase("Set-Cookie")]
    [TestCase("Content-Type")]
    [TestCase("a b")]
    [TestCase("")]
    public void What_must_stand_in_the_head_cannot_be_announced(string name) => Assert.That(
        () => new StreamResponse().AnnounceTrailer(name), Throws.ArgumentException);

    [Test]
    public void Misuse_of_trailers_throws()
    {
        var response = new StreamResponse();
        Assert.That(() => response.SetTrailer("X-Sum", "1"), Throws.InvalidOperationException);
        response.AnnounceTrailer("X-Sum");
        Assert.That(() => response.SetTrailer("X-Other", "1"), Throws.InvalidOperationException);
        Assert.That(() => response.SetTrailer("X-Sum", "1\r\nX: 2"), Throws.ArgumentException);

        var late = new List<string>();
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            response.Prepare(request);
            Assert.That(
                () => response.AnnounceTrailer("X-Late"), Throws.InvalidOperationException);
            await response.WriteEofAsync();
            Assert.That(() => response.SetTrailer("X-Sum", "1"), Throws.InvalidOperationException);
            late.Add("checked");
            return response;
        }));
        server.Ask(Get("/"));
        Assert.That(late, Has.Count.EqualTo(1));
    }

    private static void AddSum(Application app, Action<bool> onPrepared) =>
        app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.AnnounceTrailer("X-Sum");
            response.AnnounceTrailer("X-Unset");
            response.Prepare(request);
            onPrepared(response.SendsTrailers);
            await response.WriteAsync(Encoding.ASCII.GetBytes("body"));
            response.SetTrailer("X-Sum", "42");
            return response;
        });
}
