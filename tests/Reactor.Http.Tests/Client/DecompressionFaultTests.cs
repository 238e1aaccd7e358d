using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Coded bodies that are cut off, corrupt, too large or endless: each fails with a reason, and its
/// connection is closed.
/// </summary>
public sealed class DecompressionFaultTests
{
    private static readonly (string Coding, string Body)[] s_hellos =
    [
        ("gzip", Coded.GzipHello), ("deflate", Coded.ZlibHello), ("deflate", Coded.RawHello),
        ("br", Coded.BrotliHello), ("gzip, br", Coded.Encode("gzip, br", "hello"u8.ToArray())),
        ("br, gzip", Coded.Encode("br, gzip", "hello"u8.ToArray())),
    ];

    private static IEnumerable<TestCaseData> Hellos() => s_hellos.Select((hello, index) =>
        new TestCaseData(hello.Coding, hello.Body).SetArgDisplayNames($"{index}", hello.Coding));

    private static IEnumerable<TestCaseData> Others() => Named(
        ("gzip", "no gzip", ""), ("br", "no brotli", ""), ("gzip, br", Coded.BrotliHello, ""),
        ("deflate", "\u0007 no deflate", ""), ("deflate", "\u0078 no zlib", ""),
        ("deflate", "\u0078\u0020\0\0\0\0", Coded.RawHello)); // a dictionary is missing

    // Anything, and what begins as another member does.
    private static IEnumerable<TestCaseData> Tails() => Named(
        ("gzip", Coded.GzipHello, "\0"), ("gzip", Coded.GzipHello, "x"),
        ("gzip", Coded.GzipHello, "\u001F"), ("gzip", Coded.GzipHello, "\u001Fx"),
        ("gzip", Coded.GzipHello, "\u001F\u008B"), ("br", Coded.BrotliHello, "\0"));

    // Names without the octets, which runners cannot print.
    private static IEnumerable<TestCaseData> Named(
        params (string Coding, string Body, string Tail)[] rows) => rows.Select((row, index) =>
            new TestCaseData(row.Coding, row.Body, row.Tail)
                .SetArgDisplayNames($"{index}", row.Coding));

    // The last byte of gzip is the top byte of a length: 0, as the probe for the end is.
    [TestCaseSource(nameof(Hellos))]
    public void Coded_data_that_is_cut_off_anywhere_is_refused(string coding, string body)
    {
        for (int length = 1; length < body.Length; length++)
        {
            Refused(Coded.Response(coding, body[..length]), Rejection.ContentCodingInvalid);
            Refused(
                Coded.Response(coding, body[..length], "chunks"), Rejection.ContentCodingInvalid);
        }
    }

    // Of gzip the deflate data and what follows, not the flags of the header.
    [TestCase("gzip", 10)]
    [TestCase("deflate", 0)]
    public void A_flipped_bit_is_refused(string coding, int from)
    {
        string body = coding == "gzip" ? Coded.GzipHello : Coded.ZlibHello;
        int block = body.IndexOf(Coded.RawHello, StringComparison.Ordinal);
        for (int bit = from * 8; bit < body.Length * 8; bit++)
        {
            if (bit / 8 == block && bit % 8 > 2)
            {
                continue; // padding of a stored block, which means nothing
            }

            char[] flipped = body.ToCharArray();
            flipped[bit / 8] ^= (char)(1 << (bit % 8));
            Refused(Coded.Response(coding, new(flipped)), Rejection.ContentCodingInvalid);
        }
    }

    [TestCaseSource(nameof(Others))]
    public void What_is_not_coded_so_is_refused(string coding, string body, string rest) =>
        Refused(Coded.Response(coding, body + rest), Rejection.ContentCodingInvalid);

    [TestCaseSource(nameof(Tails))]
    public void What_follows_the_end_of_coded_data_is_refused_wherever_it_is_cut(
        string coding, string body, string tail)
    {
        string sent = Coded.Response(coding, body + tail);
        for (int cut = sent.Length - body.Length - tail.Length; cut < sent.Length; cut++)
        {
            Refused(sent, Rejection.ContentCodingInvalid, cut);
        }
    }

    // RFC 1950 2.3: it is not part of the zlib stream.
    [Test]
    public void What_follows_the_end_of_zlib_data_is_dropped([Values(0, 1, 2)] int early)
    {
        using var world = new ClientWorld(Coded.All);
        string sent = Coded.Response("deflate", Coded.ZlibHello + "xx");
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, sent[..^early]);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            await RawPeer.SendAsync(connection, sent[^early..]);
        });
        Assert.That(world.Get(url), Is.EqualTo("200 hello"));
    }

    [Test]
    public void The_limit_of_a_whole_body_counts_what_was_decoded(
        [Values("gzip", "deflate", "br", "gzip, br")] string coding,
        [Values(1, 5000, 8192, 100_000)] int limit, [Values("length", "chunks")] string framing)
    {
        ClientOptions options = Coded.All with { BodyBytesMax = limit };
        foreach (bool isDense in (bool[])[false, true]) // longer or shorter than its coded form
        {
            byte[] content = isDense ? new byte[limit + 1] : Coded.Random(limit + 1);
            Refused(
                Coded.Response(coding, Coded.Encode(coding, content), framing),
                Rejection.BodyTooLarge, options: options);
            using var world = new ClientWorld(options);
            string url = world.Answer(
                Coded.Response(coding, Coded.Encode(coding, content[1..]), framing));
            world.Run(async () =>
            {
                using ClientResponse response = await world.Session.GetAsync(url);
                Assert.That((await response.ReadAsync()).Span.SequenceEqual(content.AsSpan(1)));
            });
            Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
        }
    }

    // 100 MB of zeros; gzip makes 1:1000 of them, Brotli much less.
    [Test]
    public void A_bomb_is_streamed_in_a_block_of_memory_and_refused_whole(
        [Values("gzip", "br", "gzip, gzip")] string coding)
    {
        const int Bytes = 100_000_000;
        const int MemoryMax = 64 * 1024;
        string bomb = Coded.Response(coding, Coded.Encode(
            coding, new byte[Bytes], CompressionLevel.SmallestSize));
        Assert.That(bomb, Has.Length.LessThan(Bytes / 200));
        Refused(bomb, Rejection.BodyTooLarge, options: Coded.All);
        using var world = new ClientWorld(Coded.All with { BodyBufferBytesMax = MemoryMax });
        string url = world.Answer(bomb);
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long held = 0;
            long bytes = await Coded.ReadStreamAsync(
                response, () => held = Math.Max(held, world.Session.HeldBodyBytes));
            Assert.That(bytes, Is.EqualTo(Bytes));
            Assert.That(held, Is.InRange(1, MemoryMax));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(allocated, Is.LessThan(Bytes / 4), "some objects for a piece of 8 KiB");
        });
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    // Other tasks run, and the body ends: members without content would go on for ever.
    [TestCase("gzip")]
    [TestCase("gzip, gzip")]
    public void Data_that_decodes_to_nothing_for_ever_is_refused(string coding)
    {
        string all = string.Concat(Enumerable.Repeat(
            Coded.GzipNothing, (128 * 1024 / Coded.GzipNothing.Length) + 500));
        Refused(
            coding == "gzip"
                ? Coded.Response(coding, all)
                : Coded.Response(coding, Coded.Encode("gzip", Encoding.Latin1.GetBytes(all))),
            Rejection.ContentCodingInvalid);
    }

    [Test]
    public void A_header_of_gzip_may_have_an_extra_field_of_64_KiB()
    {
        using var world = new ClientWorld(Coded.All);
        string header = Coded.GzipHello[..10].Remove(3, 1).Insert(3, "\u0004"); // FEXTRA
        string url = world.Answer(Coded.Response(
            "gzip", $"{header}\u00FF\u00FF{new string('x', 65535)}{Coded.GzipHello[10..]}"));
        Assert.That(world.Get(url), Is.EqualTo("200 hello"));
    }

    [Test]
    public void Other_tasks_run_while_a_bomb_is_read([Values] bool isWhole)
    {
        const int Bytes = 10_000_000;
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer(Coded.Response("br", Coded.Encode("br", new byte[Bytes])));
        long turns = 0;
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            bool isOver = false;
            LoopTask<Unit> other = EventLoop.Current.CreateTask(Count());
            _ = isWhole
                ? (await response.ReadAsync()).Length
                : await Coded.ReadStreamAsync(response);
            isOver = true;
            await other;

            async Coroutine Count()
            {
                for (; !isOver; turns++)
                {
                    await EventLoop.Yield();
                }
            }
        });
        Assert.That(turns, Is.GreaterThan(Bytes / (64 * 1024) / 2), "one for 64 KiB, or more");
    }

    [Test]
    public void What_came_before_a_fault_is_given_first()
    {
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer(Coded.Response("gzip", Coded.GzipHello + "garbage"));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            ReadResult read = await response.Body.ReadAsync();
            Assert.That(Encoding.ASCII.GetString(read.Buffer), Is.EqualTo("hello"));
            Assert.That(read.IsCompleted, Is.False);
            response.Body.AdvanceTo(read.Buffer.End);
            try
            {
                await response.Body.ReadAsync();
                Assert.Fail("nothing was thrown");
            }
            catch (ClientProtocolException error)
            {
                Assert.That(error.Reason, Is.EqualTo(Rejection.ContentCodingInvalid));
                Assert.That(error.Message, Does.Contain("Content-Encoding"));
            }

            Assert.That(world.Session.OpenConnections, Is.Zero);
        });
    }

    [Test]
    public void A_connection_that_ends_within_the_framing_is_told_as_that(
        [Values("length", "chunks")] string framing)
    {
        using var world = new ClientWorld(Coded.All);
        string sent = Coded.Response("gzip", Coded.GzipHello + Coded.GzipHello, framing);
        int second = sent.Length - (framing == "length" ? Coded.GzipHello.Length : 7);
        string url = world.Answer(sent[..second], ends: true);
        Assert.Throws<ClientDisconnectedException>(() => world.Get(url));
    }

    private static void Refused(
        string sent, Rejection reason, int cut = 0, ClientOptions? options = null)
    {
        using var world = new ClientWorld(options ?? Coded.All);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, sent[..cut]);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            await RawPeer.SendAsync(connection, sent[cut..]);
            await RawPeer.ReadHeadAsync(connection);
        });
        var error = world.Fail<ClientProtocolException>(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await response.ReadAsync();
        });
        Assert.That(error.Reason, Is.EqualTo(reason));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }
}
