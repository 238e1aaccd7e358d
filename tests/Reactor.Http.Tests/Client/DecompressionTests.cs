using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Content codings of responses (RFC 9110 8.4): what is asked for, what is undone, in any pieces
/// and read in any way, and what a response then shows.
/// </summary>
public sealed class DecompressionTests
{
    // A field value, a body, and what it means.
    private static readonly (string Coding, string Body)[] s_hellos =
    [
        ("gzip", Coded.GzipHello),
        ("X-GZip", Coded.GzipHello),
        ("deflate", Coded.ZlibHello),
        ("deflate", Coded.RawHello),
        ("br", Coded.BrotliHello),
        ("identity, gzip,, IDENTITY", Coded.GzipHello),
        ("gzip", Coded.Encode("gzip", "hel"u8.ToArray()) + Coded.Encode("gzip", "lo"u8.ToArray())),
        ("gzip, br", Coded.Encode("gzip, br", "hello"u8.ToArray())),
        ("br, deflate, gzip", Coded.Encode("br, deflate, gzip", "hello"u8.ToArray())),
    ];

    private static IEnumerable<TestCaseData> Hellos() =>
        from hello in s_hellos.Index()
        from framing in (string[])["length", "chunks", "close"]
        select new TestCaseData(hello.Item.Coding, hello.Item.Body, framing)
            .SetArgDisplayNames($"{hello.Index}", hello.Item.Coding, framing);

    [TestCaseSource(nameof(Hellos))]
    public void A_coded_body_means_the_same_in_any_two_pieces(
        string coding, string body, string framing)
    {
        string sent = Coded.Response(coding, body, framing);
        using var world = new ClientWorld(Coded.All);
        int cut = 0;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                int at = cut;
                await RawPeer.SendAsync(connection, sent[..at]);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
                await RawPeer.SendAsync(connection, sent[at..]);
                if (framing == "close")
                {
                    return;
                }
            }
        });
        for (; cut <= sent.Length; cut++)
        {
            Assert.That(world.Get(url), Is.EqualTo("200 hello"), $"cut at {cut}");
            Assert.That(world.Session.IdleConnections, Is.EqualTo(framing == "close" ? 0 : 1));
        }
    }

    [TestCaseSource(nameof(Hellos))]
    public void A_coded_body_means_the_same_byte_by_byte(
        string coding, string body, string framing)
    {
        using var world = new ClientWorld(Coded.All);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            foreach (char octet in Coded.Response(coding, body, framing))
            {
                await RawPeer.SendAsync(connection, $"{octet}");
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("200 hello"));
    }

    [Test]
    public void A_long_body_can_be_read_in_every_way(
        [Values("gzip", "deflate", "br", "deflate, br, gzip")] string coding,
        [Values("length", "chunks", "close")] string framing, [Values] bool isDense)
    {
        byte[] content = isDense ? new byte[300_000] : Coded.Random(300_000);
        string sent = Coded.Response(coding, Coded.Encode(coding, content), framing);
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer(sent, ends: framing == "close");
        world.Run(async () =>
        {
            using ClientResponse whole = await world.Session.GetAsync(url);
            Assert.That((await whole.ReadAsync()).Span.SequenceEqual(content));
            Assert.That((await whole.ReadAsync()).Span.SequenceEqual(content), "once more");

            using ClientResponse stream = await world.Session.GetAsync(url);
            var copy = new MemoryStream();
            await stream.Body.CopyToAsync(copy);
            Assert.That(copy.ToArray().AsSpan().SequenceEqual(content));

            using ClientResponse pieces = await world.Session.GetAsync(url);
            Assert.That(await Coded.ReadStreamAsync(pieces), Is.EqualTo(content.Length));
            Assert.That(pieces.Trailers, Is.Empty);
        });
        Assert.That(world.Session.IdleConnections, Is.EqualTo(framing == "close" ? 0 : 1));
    }

    [Test]
    public void Text_and_json_are_read_from_what_was_decoded()
    {
        using var world = new ClientWorld(Coded.All);
        string json = Coded.Encode("gzip", Encoding.Latin1.GetBytes("[\"\u00E4\"]"));
        string url = world.Answer(Coded.Response("gzip", json)
            .Replace("\r\nContent-Length", "\r\nContent-Type: a/b;charset=latin1\r\nContent-Length",
                StringComparison.Ordinal));
        Assert.That(world.Get(url), Is.EqualTo("200 [\"\u00E4\"]"));
        url = world.Answer(Coded.Response("br", Coded.Encode("br", "[1,2]"u8.ToArray())));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            var options = new JsonSerializerOptions
            {
                TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            };
            var type = (JsonTypeInfo<int[]>)options.GetTypeInfo(typeof(int[]));
            Assert.That(await response.JsonAsync(type), Is.EqualTo(new[] { 1, 2 }));
        });
    }

    // A sync flush (RFC 1951: an empty stored block) is how servers send events through gzip.
    [Test]
    public void What_was_flushed_is_there_before_more_is_sent([Values("gzip", "br")] string coding)
    {
        using var world = new ClientWorld(Coded.All);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, Coded.Response(coding, "", "close"));
            using var coded = new MemoryStream();
            using Stream coder = coding == "gzip"
                ? new GZipStream(coded, CompressionMode.Compress)
                : new BrotliStream(coded, CompressionMode.Compress);
            for (int i = 0; i < 3; i++)
            {
                coder.Write(Encoding.ASCII.GetBytes($"event {i}"));
                coder.Flush();
                await RawPeer.SendAsync(connection, Coded.Text(coded.ToArray()));
                coded.SetLength(0);
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }
        });
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            for (int i = 0; i < 3; i++)
            {
                ReadResult read = await response.Body.ReadAsync();
                Assert.That(Encoding.ASCII.GetString(read.Buffer), Is.EqualTo($"event {i}"));
                response.Body.AdvanceTo(read.Buffer.End);
            }
        });
    }

    [TestCase(DecompressionMethods.None, null)]
    [TestCase(DecompressionMethods.GZip, "gzip")]
    [TestCase(DecompressionMethods.Deflate, "deflate")]
    [TestCase(DecompressionMethods.Brotli, "br")]
    [TestCase(DecompressionMethods.Deflate | DecompressionMethods.Brotli, "br, deflate")]
    [TestCase(DecompressionMethods.All, "br, gzip, deflate")]
    public void The_chosen_codings_are_asked_for_and_only_they_are_undone(
        DecompressionMethods chosen, string? asked)
    {
        using var world = new ClientWorld(new ClientOptions { Decompression = chosen });
        Assert.That(Ask(world, new("GET", "")).Asked, Is.EqualTo(asked));
        foreach ((string coding, string body) in s_hellos)
        {
            string url = world.Answer(Coded.Response(coding, body));
            IEnumerable<string> names = coding.ToUpperInvariant().Split(',', ' ')
                .Where(name => name is not ("" or "IDENTITY"));
            bool isUndone = names.All(name => asked?.ToUpperInvariant().Split(", ")
                .Contains(name == "X-GZIP" ? "GZIP" : name) == true);
            Assert.That(Read(world, new("GET", url)).Body, Is.EqualTo(isUndone ? "hello" : body));
        }
    }

    [TestCase("Accept-Encoding", "gzip", "gzip")]
    [TestCase("accept-encoding", "identity", "identity")]
    [TestCase("Range", "bytes=0-", null)]
    public void A_request_with_fields_of_its_own_gets_what_comes(
        string name, string value, string? asked)
    {
        foreach (bool isDefault in (bool[])[false, true])
        {
            var own = new ClientHeaders { { name, value } };
            using var world = new ClientWorld(
                Coded.All with { DefaultHeaders = isDefault ? own : [] });
            var request = new ClientRequest("GET", "");
            request.Headers.AddMissing(isDefault ? [] : own);
            (string? sent, (string Shown, string Body) read) = Ask(world, request);
            Assert.That(sent, Is.EqualTo(asked));
            Assert.That(read, Is.EqualTo(($"gzip {Coded.GzipHello.Length}", Coded.GzipHello)));
        }
    }

    [Test]
    public void A_decoded_response_shows_neither_coding_nor_length()
    {
        using var world = new ClientWorld(Coded.All);
        Assert.That(Ask(world, new("GET", "")).Read, Is.EqualTo((" ", "hello")));
    }

    [TestCase("zstd")]
    [TestCase("gzip, compress")]
    [TestCase("gzip, gzip, gzip, gzip", Description = "more than three")]
    [TestCase("\"gzip\"")]
    [TestCase("gzip;q=1")]
    public void What_was_not_asked_for_is_handed_out_as_it_comes(string coding)
    {
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer(Coded.Response(coding, Coded.GzipHello));
        Assert.That(
            Read(world, new("GET", url)),
            Is.EqualTo(($"{coding} {Coded.GzipHello.Length}", Coded.GzipHello)));
    }

    // Their Content-Encoding speaks of a representation that is not here, or not whole.
    [TestCase("HEAD", "200 OK", "Content-Length: 9\r\n\r\n", "gzip 9", "")]
    [TestCase("GET", "304 Not Modified", "Content-Length: 9\r\n\r\n", "gzip 9", "")]
    [TestCase("GET", "204 No Content", "\r\n", "gzip ", "")]
    [TestCase("GET", "200 OK", "Content-Length: 0\r\n\r\n", "gzip 0", "")]
    [TestCase("GET", "200 OK", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", " ", "")]
    [TestCase("GET", "206 Partial Content", "Content-Length: 2\r\n\r\nxx", "gzip 2", "xx")]
    public void A_body_that_is_empty_or_a_part_is_not_decoded(
        string method, string status, string rest, string shown, string body)
    {
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer($"HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\n{rest}");
        Assert.That(Read(world, new(method, url)), Is.EqualTo((shown, body)));
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    [Test]
    public void The_body_of_a_redirect_is_dropped_undecoded()
    {
        using var world = new ClientWorld(Coded.All);
        var asked = new List<bool>();
        int connections = 0;
        string url = world.Serve(async connection =>
        {
            connections++;
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                asked.Add(head.Contains("Accept-Encoding: br, gzip, deflate\r\n",
                    StringComparison.Ordinal));
                await RawPeer.SendAsync(connection, asked.Count == 1
                    ? "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Encoding: gzip\r\n"
                        + "Content-Length: 7\r\n\r\nno gzip"
                    : Coded.Response("gzip", Coded.GzipHello));
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("200 hello"));
        Assert.That(asked, Is.EqualTo(new[] { true, true }));
        Assert.That(connections, Is.EqualTo(1));
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    [Test]
    public void Other_bits_are_refused()
    {
        Assert.That(
            () => new ClientOptions { Decompression = (DecompressionMethods)7 }, Throws.Nothing);
        Assert.That(
            () => new ClientOptions { Decompression = (DecompressionMethods)8 },
            Throws.InstanceOf<ArgumentException>()
                .With.Message.Contains("Decompression").And.Message.Contains("Brotli"));
    }

    // What a request to a peer that answers with gzip has in Accept-Encoding, and what comes back.
    private static (string? Asked, (string Shown, string Body) Read) Ask(
        ClientWorld world, ClientRequest request)
    {
        string? asked = null;
        string url = world.Serve(async connection =>
        {
            string head = (await RawPeer.ReadHeadAsync(connection))!;
            asked = head.Split("\r\n")
                .SingleOrDefault(line => line.StartsWith(
                    "accept-encoding: ", StringComparison.OrdinalIgnoreCase))
                ?.Split(": ")[1];
            await RawPeer.SendAsync(connection, Coded.Response("gzip", Coded.GzipHello));
        });
        var sent = new ClientRequest(request.Method, url);
        sent.Headers.AddMissing(request.Headers);
        (string Shown, string Body) read = Read(world, sent);
        return (asked, read);
    }

    // Coding and length as the response shows them, and its body.
    private static (string Shown, string Body) Read(ClientWorld world, ClientRequest request)
    {
        (string, string) read = default;
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.SendAsync(request);
            Assert.That(
                response.ContentLength?.ToString(provider: null),
                Is.EqualTo(response.Headers["Content-Length"]));
            read = ($"{response.Headers["Content-Encoding"]} {response.ContentLength}",
                Coded.Text((await response.ReadAsync()).ToArray()));
        });
        return read;
    }
}
