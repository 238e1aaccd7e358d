using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Responses as a peer sends them byte by byte: every framing of RFC 9112 6.3, in any pieces, and
/// what is malformed or cut off.
/// </summary>
public sealed class ResponseFramingTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    // A response, what it means as "status body", and whether the connection can be used again.
    private static readonly (string Sent, string Meaning, bool IsKept)[] s_responses =
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ", true),
        ("HTTP/1.1 204 No Content\r\n\r\n", "204 ", true),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 ", true),
        // RFC 9110 8.6: these may not have a length. Content behind it would be the next response.
        ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "204 ", true),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n", "204 ", false),
        ("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "204 ", false),
        ("HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 x", false),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", "404 no",
            false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", "200 ok",
            true),
        (Chunked + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "200 abcde", true),
        (Chunked + "0\r\nX-Sum: 1\r\n\r\n", "200 ", true),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 x", true),
        ("HTTP/1.1 200\r\nContent-Length: 1, 1\r\n\r\nx", "200 x", true), // tolerated
    ];

    private static IEnumerable<TestCaseData> Responses() => s_responses.Select(
        (one, index) => new TestCaseData(one.Sent, one.Meaning, one.IsKept)
            .SetArgDisplayNames($"response {index}"));

    [TestCaseSource(nameof(Responses))]
    public void A_response_means_the_same_in_any_two_pieces(
        string sent, string meaning, bool isKept)
    {
        using var world = new ClientWorld();
        int cut = 0;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                int at = cut; // the client may have moved on after the delay
                await RawPeer.SendAsync(connection, sent[..at]);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
                await RawPeer.SendAsync(connection, sent[at..]);
            }
        });
        for (; cut <= sent.Length; cut++)
        {
            Assert.That(world.Get(url), Is.EqualTo(meaning), $"cut at {cut}");
            Assert.That(world.Session.IdleConnections, Is.EqualTo(isKept ? 1 : 0));
        }
    }

    [TestCaseSource(nameof(Responses))]
    public void A_response_means_the_same_byte_by_byte(string sent, string meaning, bool isKept)
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                foreach (char octet in sent)
                {
                    await RawPeer.SendAsync(connection, $"{octet}");
                    await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
                }
            }
        });
        Assert.That(world.Get(url), Is.EqualTo(meaning));
        Assert.That(world.Session.IdleConnections, Is.EqualTo(isKept ? 1 : 0));
    }

    [Test]
    public void A_body_without_framing_ends_with_the_connection()
    {
        using var world = new ClientWorld();
        string url = world.Answer("HTTP/1.1 200 OK\r\n\r\nall of it", ends: true);
        Assert.That(world.Get(url), Is.EqualTo("200 all of it"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void A_reset_is_no_end_of_a_body_without_framing()
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, "HTTP/1.1 200 OK\r\n\r\npart");
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            connection.Abort();
        });
        var error = world.Fail<ClientDisconnectedException>(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await response.ReadAsync();
        });
        Assert.That(error.HasResponseBytes);
    }

    [Test]
    public void A_response_to_head_has_the_length_and_no_body()
    {
        using var world = new ClientWorld();
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.HeadAsync(url);
            Assert.That(response.ContentLength, Is.EqualTo(5));
            Assert.That(await response.TextAsync(), Is.Empty);
        });
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    [Test]
    public void Trailers_follow_the_body_and_outlive_the_response()
    {
        using var world = new ClientWorld();
        string url = world.Answer(
            Chunked + "3\r\nabc\r\n0\r\nX-Sum: 6\r\nContent-Length: 9\r\n\r\n");
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            Assert.Throws<InvalidOperationException>(() => _ = response.Trailers);
            await response.ReadAsync();
            ClientResponseHeaders trailers = response.Trailers;
            response.Dispose();
            Assert.That(trailers["x-sum"], Is.EqualTo("6"));
            Assert.That(trailers, Has.Count.EqualTo(1), "RFC 9110 6.5.1: no framing");
        });
    }

    [TestCase("HTTP/2.0 200 OK\r\n\r\n", Rejection.VersionUnsupported)]
    [TestCase("HTTP/1.1 20 OK\r\n\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        Rejection.LengthRepeated)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        Rejection.LengthAndCoding)]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        Rejection.StatusLineInvalid)]
    public void A_malformed_head_is_refused_and_ends_the_connection(string sent, Rejection reason)
    {
        using var world = new ClientWorld();
        string url = world.Answer(sent);
        var error = world.Fail<ClientProtocolException>(
            () => world.Session.GetAsync(url).Discarded());
        Assert.That(error.Reason, Is.EqualTo(reason));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void A_malformed_chunk_is_refused_after_the_content_before_it()
    {
        using var world = new ClientWorld();
        string url = world.Answer(Chunked + "3\r\nabc\r\nx\r\n");
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            ReadResult read = await response.Body.ReadAsync();
            Assert.That(Encoding.UTF8.GetString(read.Buffer.ToArray()), Is.EqualTo("abc"));
            response.Body.AdvanceTo(read.Buffer.End);
            try
            {
                await response.Body.ReadAsync();
                Assert.Fail("nothing was thrown");
            }
            catch (ClientProtocolException error)
            {
                Assert.That(error.Reason, Is.EqualTo(Rejection.ChunkSizeInvalid));
            }

            Assert.That(world.Session.OpenConnections, Is.Zero);
        });
    }

    [TestCase("", false)]
    [TestCase("HTTP/1.1 200", true)]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\n", true)]
    public void A_connection_that_ends_before_the_head_is_told_with_what_had_arrived(
        string sent, bool hasBytes)
    {
        using var world = new ClientWorld();
        string url = world.Answer(sent, ends: true);
        var error = world.Fail<ClientDisconnectedException>(
            () => world.Session.GetAsync(url).Discarded());
        Assert.That(error.HasResponseBytes, Is.EqualTo(hasBytes));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [TestCase(Chunked + "5\r\nhello\r\n0\r\n")]
    public void A_body_that_is_cut_off_is_an_error(string sent)
    {
        using var world = new ClientWorld();
        string url = world.Answer(sent, ends: true);
        Assert.Throws<ClientDisconnectedException>(() => world.Get(url));
    }

    [Test]
    public void Bytes_after_a_response_end_its_connection()
    {
        using var world = new ClientWorld();
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK");
        Assert.That(world.Get(url), Is.EqualTo("200 x"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void The_content_of_a_disposed_response_is_gone()
    {
        using var world = new ClientWorld();
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        ClientResponse response = world.Run(() => world.Session.GetAsync(url));
        world.Run(async () => await response.ReadAsync());
        response.Dispose();
        response.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => world.Run(async () => await response.ReadAsync()));
        Assert.Throws<ObjectDisposedException>(() => _ = response.Body);
        Assert.That(response.Status, Is.EqualTo(200));
    }

    [Test]
    public void The_request_has_the_head_of_rfc_9112()
    {
        using var world = new ClientWorld();
        string? head = null;
        string url = world.Serve(async connection =>
        {
            head = await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        });
        world.Get($"{url}/a%2Fb?q=%20#fragment");
        string host = url["http://".Length..];
        Assert.That(head, Does.Match(
            "^GET /a%2Fb\\?q=%20 HTTP/1\\.1\r\n"
            + $"Host: {host}\r\nUser-Agent: reactor/[0-9.]+\r\nAccept: \\*/\\*\r\n\r\n$"));
        world.Ask(new("POST", url));
        Assert.That(head, Does.EndWith("\r\nContent-Length: 0\r\n\r\n"), "RFC 9110 8.6");
        world.Ask(new("POST", url) { Headers = { { "accept", "text/html" } } });
        Assert.That(head, Does.Not.Contain("*/*").And.Contain("\r\naccept: text/html\r\n"));
    }
}

/// <summary>Short ways to end a request of a test.</summary>
internal static class ClientSteps
{
    /// <summary>Sends a request and disposes of the response.</summary>
    public static async Coroutine Discarded(this Coroutine<ClientResponse> sending) =>
        (await sending).Dispose();
}
