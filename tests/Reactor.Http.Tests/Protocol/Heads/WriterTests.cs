// What we write: heads, chunk lines and dates (RFC 9112 4, 7.1 and 11.1, RFC 9110 5.6.7).
using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

public sealed class WriterTests
{
    private delegate void Write(ref ResponseHeadWriter writer);

    [Test]
    public void A_head_is_written_as_it_was_said()
    {
        string head = Written((ref ResponseHeadWriter writer) =>
        {
            writer.StatusLine(200);
            writer.Field(KnownHeader.Server, "reactor"u8);
            writer.Field("Content-Type", "text/plain");
            writer.Field("X-\u0041"u8, "\u00E9"u8);
            writer.ContentLength(13);
            writer.Chunked();
            writer.ConnectionClose();
            writer.ConnectionKeepAlive();
        });
        Assert.That(head, Is.EqualTo(
            "HTTP/1.1 200 OK\r\nServer: reactor\r\nContent-Type: text/plain\r\n"
            + "X-A: \u00C3\u00A9\r\n"
            + "Content-Length: 13\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
            + "Connection: keep-alive\r\n\r\n"));
    }

    [TestCase(404, "HTTP/1.1 404 Not Found\r\n\r\n")]
    [TestCase(299, "HTTP/1.1 299 \r\n\r\n")]
    [TestCase(999, "HTTP/1.1 999 \r\n\r\n")]
    public void H60_the_status_line_keeps_its_space(int status, string head) => Assert.That(
        Written((ref ResponseHeadWriter writer) => writer.StatusLine(status)), Is.EqualTo(head));

    [Test]
    public void A_reason_of_the_programs_own_is_written() => Assert.That(
        Written((ref ResponseHeadWriter writer) => writer.StatusLine(200, "Fine \u00E9")),
        Is.EqualTo("HTTP/1.1 200 Fine \u00E9\r\n\r\n"));

    [TestCase(99)]
    [TestCase(1000)]
    [TestCase(-1)]
    public void A_status_has_three_digits(int status) => Assert.That(
        () => Written((ref ResponseHeadWriter writer) => writer.StatusLine(status)),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0L, "0")]
    [TestCase(9L, "9")]
    [TestCase(long.MaxValue, "9223372036854775807")]
    public void A_length_is_written_in_digits(long length, string digits) => Assert.That(
        Written((ref ResponseHeadWriter writer) => writer.ContentLength(length)),
        Is.EqualTo($"Content-Length: {digits}\r\n\r\n"));

    [TestCase("a\rb")]
    [TestCase("a\nb")]
    [TestCase("a\r\nSet-Cookie: x")]
    [TestCase("a\0b")]
    [TestCase("a\u007F")]
    [TestCase("a\u0001")]
    public void H93_controls_in_a_value_or_reason_are_refused(string value)
    {
        Assert.Multiple(() =>
        {
            Assert.That(FieldRules.IsValue(value), Is.False);
            Assert.That(FieldRules.IsValue(Feed.Octets(value)), Is.False);
            Assert.That(FieldRules.IsReason(value), Is.False);
            Assert.That(() => FieldRules.RequireValue(value), Throws.ArgumentException);
            Assert.That(() => FieldRules.RequireReason(value), Throws.ArgumentException);
            Refuses((ref ResponseHeadWriter writer) => writer.Field("X", value));
            Refuses((ref ResponseHeadWriter writer) => writer.Field("X"u8, Feed.Octets(value)));
            Refuses((ref ResponseHeadWriter writer) =>
                writer.Field(KnownHeader.Server, Feed.Octets(value)));
            Refuses((ref ResponseHeadWriter writer) => writer.StatusLine(200, value));
        });
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a:")]
    [TestCase("a\r\nb")]
    [TestCase("a\n")]
    [TestCase("a\0")]
    [TestCase("\u00E9")]
    [TestCase("a(")]
    public void H93_a_name_is_a_token(string name)
    {
        Assert.Multiple(() =>
        {
            Assert.That(FieldRules.IsName(name), Is.False);
            Assert.That(FieldRules.IsName(Feed.Octets(name)), Is.False);
            Assert.That(() => FieldRules.RequireName(name), Throws.ArgumentException);
            Refuses((ref ResponseHeadWriter writer) => writer.Field(name, "x"));
            Refuses((ref ResponseHeadWriter writer) => writer.Field(Feed.Octets(name), "x"u8));
        });
    }

    [Test]
    public void H93_a_value_beyond_Latin_1_is_refused() =>
        Refuses((ref ResponseHeadWriter writer) => writer.Field("X", "\u010A"));

    [TestCase("GET /", "/")]
    [TestCase("GET", "/ HTTP/1.1\r\nX: y")]
    [TestCase("GET", "")]
    [TestCase("GET\r\n", "/")]
    public void A_request_line_takes_no_whitespace(string method, string target) => Refuses(
        (ref ResponseHeadWriter writer) =>
            writer.RequestLine(Feed.Octets(method), Feed.Octets(target)));

    [Test]
    public void A_head_larger_than_the_span_of_the_output_is_written_in_pieces()
    {
        string value = new('v', 3000);
        string head = Written((ref ResponseHeadWriter writer) =>
        {
            writer.RequestLine("GET"u8, "/"u8);
            for (int i = 0; i < 40; i++)
            {
                writer.Field("X", value);
                writer.ContentLength(i);
            }
        });
        IEnumerable<string> fields =
            Enumerable.Range(0, 40).Select(i => $"X: {value}\r\nContent-Length: {i}\r\n");
        Assert.That(
            head, Is.EqualTo("GET / HTTP/1.1\r\n" + string.Concat(fields) + "\r\n"));
    }

    [TestCase(1, "1\r\n")]
    [TestCase(15, "f\r\n")]
    [TestCase(16, "10\r\n")]
    [TestCase(4096, "1000\r\n")]
    [TestCase(int.MaxValue, "7fffffff\r\n")]
    public void A_chunk_line_is_the_size_in_hexadecimal(int length, string line)
    {
        byte[] target = new byte[ChunkFraming.LineBytesMax];
        int written = ChunkFraming.WriteLine(length, target);
        Assert.That(Encoding.ASCII.GetString(target, 0, written), Is.EqualTo(line));
    }

    [Test]
    public void A_chunk_of_nothing_would_end_the_body() => Assert.That(
        () => ChunkFraming.WriteLine(0, new byte[16]),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static string Written(Write write)
    {
        var output = new ArrayBufferWriter<byte>(16);
        var writer = new ResponseHeadWriter(output);
        write(ref writer);
        writer.End();
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    private static void Refuses(Write write) =>
        Assert.That(() => Written(write), Throws.InstanceOf<ArgumentException>());
}
