using System.IO.Compression;
using System.Text;
using System.Text.Json.Serialization;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>What contents write and announce, and whether they can be resent.</summary>
public sealed partial class ClientContentTests
{
    [Test]
    public void Bytes_text_and_JSON_are_written_as_they_are_and_can_be_resent()
    {
        (ClientContent Content, string Type, string Written)[] all =
        [
            (ClientContent.Bytes("ab"u8.ToArray()), "application/octet-stream", "ab"),
            (ClientContent.Bytes(default, "x/y"), "x/y", ""),
            (ClientContent.Text("ä€"), "text/plain; charset=utf-8", "ä€"),
            (ClientContent.Json(new Point(1, 2), ContentJsonContext.Default.Point),
                "application/json", """{"X":1,"Y":2}"""),
        ];
        foreach ((ClientContent content, string type, string written) in all)
        {
            byte[] first = WrittenContent.Of(content);
            Assert.Multiple(() =>
            {
                Assert.That(content.ContentType, Is.EqualTo(type));
                Assert.That(Encoding.UTF8.GetString(first), Is.EqualTo(written));
                Assert.That(content.Length, Is.EqualTo(first.Length));
                Assert.That(content.CanResend, Is.True);
                Assert.That(WrittenContent.Of(content), Is.EqualTo(first));
            });
        }
    }

    // The serializer of WHATWG URL 5.2: only *-._ and alphanumerics stay, a blank is a plus.
    [TestCase("a", "b", "a=b")]
    [TestCase("a b", "c&d=e", "a+b=c%26d%3De")]
    [TestCase("*-._", "~!'()", "*-._=%7E%21%27%28%29")]
    [TestCase("ü", "€+%", "%C3%BC=%E2%82%AC%2B%25")]
    [TestCase("", "", "=")]
    [TestCase("n", "\r\n\0", "n=%0D%0A%00")]
    public void A_form_is_urlencoded(string name, string value, string expected)
    {
        ClientContent one = ClientContent.Form([new(name, value)]);
        ClientContent two = ClientContent.Form([new(name, value), new("x", "y")]);
        Assert.Multiple(() =>
        {
            Assert.That(one.ContentType, Is.EqualTo("application/x-www-form-urlencoded"));
            Assert.That(Encoding.ASCII.GetString(WrittenContent.Of(one)), Is.EqualTo(expected));
            Assert.That(
                Encoding.ASCII.GetString(WrittenContent.Of(two)), Is.EqualTo(expected + "&x=y"));
        });
    }

    [Test]
    public void A_stream_that_can_seek_is_sent_from_its_position_and_can_be_resent(
        [Values] bool hasExecutor)
    {
        byte[] bytes = Numbers(200_000);
        using var stream = new MemoryStream(bytes) { Position = 1000 };
        ThreadPoolExecutor? executor = hasExecutor ? new() : null;
        ClientContent content = ClientContent.Stream(stream, executor: executor);
        Assert.Multiple(() =>
        {
            Assert.That(content.Length, Is.EqualTo(199_000));
            Assert.That(content.CanResend, Is.True);
            Assert.That(WrittenContent.Of(content), Is.EqualTo(bytes[1000..]));
            Assert.That(WrittenContent.Of(content), Is.EqualTo(bytes[1000..]));
        });
        executor?.Shutdown();
    }

    [Test]
    public void A_stream_that_cannot_seek_is_sent_once_and_in_chunks()
    {
        byte[] bytes = Numbers(100_000);
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(bytes);
        }

        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        ClientContent content = ClientContent.Stream(stream);
        Assert.Multiple(() =>
        {
            Assert.That(content.Length, Is.Null);
            Assert.That(content.CanResend, Is.False);
            Assert.That(WrittenContent.Of(content), Is.EqualTo(bytes));
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_536)]
    [TestCase(65_537)]
    [TestCase(99_999)]
    public void A_length_ends_a_stream_before_its_end(int length)
    {
        byte[] bytes = Numbers(100_000);
        using var stream = new MemoryStream(bytes);
        ClientContent content = ClientContent.Stream(stream, length);
        Assert.Multiple(() =>
        {
            Assert.That(content.Length, Is.EqualTo(length));
            Assert.That(WrittenContent.Of(content), Is.EqualTo(bytes[..length]));
            Assert.That(stream.Position, Is.EqualTo(length));
        });
    }

    [Test]
    public void A_large_stream_is_written_in_pieces()
    {
        using var stream = new MemoryStream(new byte[1_000_000]);
        var written = new WrittenContent();
        using var loop = new SimulatedLoop();
        loop.Run(() => ClientContent.Stream(stream).WriteAsync(written));
        Assert.Multiple(() =>
        {
            Assert.That(written.Bytes.Length, Is.EqualTo(1_000_000));
            Assert.That(written.LargestPiece, Is.LessThanOrEqualTo(64 * 1024));
        });
    }

    [Test]
    public void A_resending_waits_for_the_read_of_a_cancelled_sending()
    {
        byte[] bytes = Numbers(100);
        using var stream = new HeldStream(bytes);
        ClientContent content = ClientContent.Stream(stream);
        var written = new WrittenContent();
        using var loop = new SimulatedLoop();
        loop.Run(async () =>
        {
            LoopTask first = EventLoop.Current.CreateTask(content.WriteAsync(written));
            await EventLoop.Yield();
            first.Cancel();
            await EventLoop.Wait([first]);
            LoopTask second = EventLoop.Current.CreateTask(content.WriteAsync(written));
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(stream.Reads, Is.EqualTo(1), "two reads at once");
            stream.Release();
            await second;
        });
        Assert.That(written.Bytes.ToArray(), Is.EqualTo(bytes));
    }

    [Test]
    public void The_error_of_a_stream_reaches_the_sending([Values] bool hasExecutor)
    {
        ThreadPoolExecutor? executor = hasExecutor ? new() : null;
        using var stream = new HeldStream([1]) { Error = new InvalidDataException("broken") };
        ClientContent content = ClientContent.Stream(stream, executor: executor);
        Assert.That(
            () => WrittenContent.Of(content), Throws.TypeOf<InvalidDataException>());
        executor?.Shutdown();
    }

    [Test]
    public void A_function_writes_a_content()
    {
        ClientContent content = ClientContent.Generated(
            async body =>
            {
                await body.WriteAsync("a"u8.ToArray());
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                await body.WriteAsync("b"u8.ToArray());
            },
            "text/plain");
        Assert.Multiple(() =>
        {
            Assert.That(WrittenContent.Of(content), Is.EqualTo("ab"u8.ToArray()));
            Assert.That(content.ContentType, Is.EqualTo("text/plain"));
            Assert.That(content.Length, Is.Null);
            Assert.That(content.CanResend, Is.False);
        });
    }

    [Test]
    public void A_type_with_a_line_end_and_a_negative_length_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => ClientContent.Bytes(default, "a\r\nb"), Throws.ArgumentException);
        Assert.That(() => ClientContent.Text("", "a\0"), Throws.ArgumentException);
        Assert.That(
            () => ClientContent.Stream(new MemoryStream(), -1),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => ClientContent.Generated(_ => default, length: -1),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    private static byte[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(number => (byte)(number % 251))];

    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    private sealed partial class ContentJsonContext : JsonSerializerContext;

    /// <summary>A stream whose first read lasts until it is released.</summary>
    private sealed class HeldStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _released = new();

        public int Reads { get; private set; }

        public Exception? Error { get; init; }

        public void Release() => _released.SetResult();

        public override int Read(Span<byte> buffer) => Error is null
            ? base.Read(buffer)
            : throw Error;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Error is not null)
            {
                throw Error;
            }

            Reads++;
            await _released.Task;
            return Read(buffer.Span);
        }
    }
}
