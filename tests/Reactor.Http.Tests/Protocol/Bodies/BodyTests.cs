// Checklist lines 48 to 54: bodies (RFC 9112 6.3 and 7.1).
using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Testing.BodyCheck;

namespace Reactor.Http.Tests.Protocol;

public sealed class BodyTests
{
    [Test]
    public void A_body_with_a_length_ends_there()
    {
        BodyTrace trace = Read(BodyKind.ContentLength, 5, "helloGET / HTTP/1.1\r\n");
        Assert.That(trace, Is.EqualTo(new BodyTrace(
            BodyStatus.Done, Rejection.None, 0, "hello", 5, "", 0)));
        Assert.That(
            Read(BodyKind.ContentLength, 5, "hell").Status, Is.EqualTo(BodyStatus.NeedMore));
    }

    [Test]
    public void A_body_without_framing_has_no_bytes()
    {
        var decoder = new BodyDecoder();
        Assert.That(decoder.Start(BodyKind.None, -1, 100), Is.EqualTo(BodyStatus.Done));
        BodyTrace trace = Read(BodyKind.None, -1, "GET / HTTP/1.1\r\n");
        Assert.That(trace.Consumed, Is.Zero);
    }

    [TestCase(BodyKind.ContentLength, "hell")]
    [TestCase(BodyKind.Chunked, "5\r\nhell")]
    [TestCase(BodyKind.Chunked, "5\r\nhello")]
    [TestCase(BodyKind.Chunked, "5\r\nhello\r\n")]
    [TestCase(BodyKind.Chunked, "5\r\nhello\r\n0\r\n")]
    [TestCase(BodyKind.Chunked, "5\r\nhello\r\n0\r\n\r")]
    [TestCase(BodyKind.Chunked, "5\r\nhello\r\n0\r\nX: y\r\n")]
    public void H48_a_body_that_ends_too_early_is_incomplete(BodyKind kind, string payload)
    {
        Assert.That(Read(kind, 5, payload).Status, Is.EqualTo(BodyStatus.NeedMore));
        var decoder = new BodyDecoder();
        decoder.Start(kind, 5, 100);
        var rest = new ReadOnlySequence<byte>(Feed.Octets(payload));
        Assert.That(decoder.Read(rest, null, out _), Is.EqualTo(BodyStatus.NeedMore));
        Assert.That(decoder.ReadEnd(), Is.EqualTo(BodyStatus.Rejected));
        Assert.That(decoder.Rejection, Is.EqualTo(Rejection.BodyIncomplete));
        Assert.That(decoder.RejectionOffset, Is.EqualTo(payload.Length));
    }

    [TestCase("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [TestCase("a\r\n0123456789\r\n1\r\nx\r\n000\r\n\r\n", "0123456789x")]
    [TestCase("A\r\n0123456789\r\n00000001\r\nx\r\n0\r\n\r\n", "0123456789x")]
    [TestCase("0\r\n\r\n", "")]
    [TestCase("2\r\n\r\n\r\n0\r\n\r\n", "\r\n")]
    public void H49_chunks_are_joined(string payload, string content)
    {
        BodyTrace trace = Chunked(payload);
        Assert.That(trace, Is.EqualTo(new BodyTrace(
            BodyStatus.Done, Rejection.None, 0, content, payload.Length, "", 0)));
    }

    [TestCase("\u25B8\r\n")]
    [TestCase("\u25B8x\r\n")]
    [TestCase("0\u25B8x5\r\nhello\r\n")]
    [TestCase("\u25B8+5\r\nhello\r\n")]
    [TestCase("\u25B8-5\r\nhello\r\n")]
    [TestCase("\u25B8 5\r\nhello\r\n")]
    [TestCase("\u25B8_5\r\nhello\r\n")]
    [TestCase("5\u25B8_0\r\nhello\r\n")]
    [TestCase("5\u25B8h\r\nhello\r\n")]
    [TestCase("\u25B8;a=b\r\nhello\r\n")]
    [TestCase("5\u25B8\0\r\nhello\r\n")]
    [TestCase("5\r\nhello\r\n\u25B8\r\n5\r\n")]
    [TestCase("\u25B8\uFF15\r\nhello\r\n")]
    public void H49_a_chunk_size_is_hexadecimal_digits(string payload) =>
        Refused(payload.Replace('\uFF15', '\u00B5'), Rejection.ChunkSizeInvalid);

    [Test]
    public void H49_eight_digits_pass_and_nine_are_too_many()
    {
        Assert.That(Chunked("00000001\r\nx\r\n00000000\r\n\r\n").Content, Is.EqualTo("x"));
        Refused("00000000\u25B81\r\n", Rejection.ChunkSizeTooLong);
        Refused("1\r\nx\r\n00000000\u25B80\r\n", Rejection.ChunkSizeTooLong);
        var limits = new ParserLimits { BodyBytesMax = long.MaxValue };
        Assert.That(Chunked("ffffffff\r\nx", limits).Status, Is.EqualTo(BodyStatus.NeedMore));
        Refused("ffffffff\u25B8f\r\nx", Rejection.ChunkSizeTooLong, limits);
    }

    [TestCase("5\u25B8\nhello", Rejection.BareLineFeed)]
    [TestCase("5\r\u25B8hello", Rejection.BareCarriageReturn)]
    [TestCase("5\r\u25B8\r\nhello", Rejection.BareCarriageReturn)]
    [TestCase("5\r\nhello\u25B8\n0\r\n\r\n", Rejection.ChunkDataEnding)]
    [TestCase("5\r\nhello\r\u25B8X0\r\n\r\n", Rejection.ChunkDataEnding)]
    [TestCase("5\r\nhello\u25B8!\r\n0\r\n\r\n", Rejection.ChunkDataEnding)]
    [TestCase("5\r\nhel\r\n\u25B80\r\n\r\n", Rejection.ChunkDataEnding)]
    [TestCase("5\r\nhello\u25B80\r\n\r\n", Rejection.ChunkDataEnding)]
    [TestCase("0\u25B8\n\r\n", Rejection.BareLineFeed)]
    [TestCase("0\r\n\r\u25B8X", Rejection.BareCarriageReturn)]
    public void H50_lines_and_data_end_with_CRLF(string payload, Rejection reason) =>
        Refused(payload, reason);

    [TestCase(";a")]
    [TestCase(";a=b")]
    [TestCase(";a=b;c;d=e")]
    [TestCase(";a=\"\"")]
    [TestCase(";a=\"b c;d=\\\"\\\\\t\u00E9\"")]
    [TestCase(";a=\"b\";c")]
    public void H51_extensions_are_read_over(string extension) =>
        Assert.That(
            Chunked($"1{extension}\r\nx\r\n0{extension}\r\n\r\n").Content, Is.EqualTo("x"));

    [TestCase(";\u25B8\r\n")]
    [TestCase(";\u25B8;a\r\n")]
    [TestCase(";a\u25B8,b\r\n")]
    [TestCase(";a=\u25B8\r\n")]
    [TestCase(";a=\u25B8;b\r\n")]
    [TestCase(";\u25B8=b\r\n")]
    [TestCase(";a=b\u25B8=c\r\n")]
    [TestCase(";a=\"b\u25B8\r\n\"\r\n")]
    [TestCase(";a=\"b\u25B8\0\"\r\n")]
    [TestCase(";a=\"b\\\u25B8\r\n")]
    [TestCase(";a=\"b\"\u25B8c\r\n")]
    [TestCase(";a=b\u25B8\"c\"\r\n")]
    [TestCase(";a\u25B8\u0001\r\n")]
    [TestCase(";\u25B8\u00E9\r\n")]
    public void H51_malformed_extensions_are_refused(string extension) =>
        Refused($"1{extension}x\r\n0\r\n\r\n", Rejection.ChunkExtensionInvalid);

    [TestCase("1;a\u25B8\nx\r\n")]
    [TestCase("1;\u25B8\nx\r\n")]
    [TestCase("1;a=\"\u25B8\n\"\r\nx\r\n")]
    public void H51_a_line_feed_in_an_extension_is_refused(string payload) =>
        Refused(payload, Rejection.BareLineFeed);

    [Test]
    public void H51_a_carriage_return_alone_in_an_extension_is_refused() =>
        Refused("1;a\r\u25B8b\r\nx\r\n", Rejection.BareCarriageReturn);

    [Test]
    public void H51_extensions_of_256_bytes_in_a_line_pass_and_one_more_do_not()
    {
        string extension = ";" + new string('a', 255);
        Assert.That(Chunked($"1{extension}\r\nx\r\n0\r\n\r\n").Status, Is.EqualTo(BodyStatus.Done));
        Refused($"1{extension}\u25B8a\r\nx\r\n0\r\n\r\n", Rejection.ChunkExtensionTooLong);
    }

    [Test]
    public void H51_extensions_of_4096_bytes_in_a_body_pass_and_one_more_do_not()
    {
        string content = new('x', 512);
        string chunk = $"200;{new string('a', 255)}\r\n{content}\r\n";
        string body = string.Concat(Enumerable.Repeat(chunk, 16));
        Assert.That(Chunked($"{body}0\r\n\r\n").Content, Has.Length.EqualTo(16 * 512));
        Refused($"{body}1\u25B8;a\r\nx\r\n0\r\n\r\n", Rejection.ChunkExtensionsTooLarge);
    }

    [Test]
    public void H51_extensions_may_not_outweigh_the_content()
    {
        // Each line has 256 bytes of extension; 16 + 2 of them are paid for: 238 too many.
        // Eight lines make 1904; a ninth with 162 bytes makes exactly 2048, with 163 one too many.
        string chunk = $"1;{new string('a', 255)}\r\nx\r\n";
        string body = string.Concat(Enumerable.Repeat(chunk, 8));
        string exact = $"1;{new string('a', 161)}\r";
        Assert.That(Chunked($"{body}{exact}\nx\r\n0\r\n\r\n").Status, Is.EqualTo(BodyStatus.Done));
        string over = $"1;{new string('a', 162)}\r";
        Refused($"{body}{over}\u25B8\nx\r\n0\r\n\r\n", Rejection.ChunkExtensionsRatio);
    }

    [TestCase(" ;a")]
    [TestCase("\t\t  ;a")]
    [TestCase("; a")]
    [TestCase(";    a")]
    [TestCase(";a =b")]
    [TestCase(";a= b")]
    [TestCase(";a \t= \tb ; c")]
    [TestCase(";a ;b")]
    [TestCase(";a=\"b\" ;c")]
    public void H52_a_little_whitespace_round_semicolon_and_equals_is_taken(string extension) =>
        Assert.That(Chunked($"1{extension}\r\nx\r\n0\r\n\r\n").Content, Is.EqualTo("x"));

    [TestCase(" \u25B8\r\n")]
    [TestCase(";a \u25B8\r\n")]
    [TestCase(";a=b \u25B8\r\n")]
    [TestCase(";a=\"b\" \u25B8\r\n")]
    [TestCase("    \u25B8 ;a\r\n")]
    [TestCase(";    \u25B8 a\r\n")]
    [TestCase(";a\t\t\t\t\u25B8\t=b\r\n")]
    [TestCase(";a=    \u25B8 b\r\n")]
    [TestCase(" \u25B8a\r\n")]
    [TestCase(";a \u25B8b\r\n")]
    public void H52_whitespace_elsewhere_or_more_of_it_is_refused(string extension) =>
        Refused($"1{extension}x\r\n0\r\n\r\n", Rejection.ChunkExtensionInvalid);

    [TestCase("0\r\n")]
    [TestCase("0\r\n\r")]
    [TestCase("1\r\nx\r\n0\r\n")]
    [TestCase("0\r\nX: y\r\n")]
    public void H53_without_the_final_CRLF_the_body_is_not_complete(string payload) =>
        Assert.That(Chunked(payload).Status, Is.EqualTo(BodyStatus.NeedMore));

    [Test]
    public void H53_what_follows_the_last_chunk_is_a_trailer_section_or_CRLF() =>
        Refused("0\r\nXX\u25B8\r\n\r\n", Rejection.ColonMissing);

    [Test]
    public void H54_trailers_are_kept_apart()
    {
        BodyTrace trace = Chunked("1\r\nx\r\n0\r\nX-Sum: 1 \r\nY:2\r\n\r\n");
        Assert.That(trace.Trailers, Is.EqualTo("X-Sum: 1\nY: 2\n"));
        Assert.That(trace.Content, Is.EqualTo("x"));
        Assert.That(trace.Consumed, Is.EqualTo(27));
    }

    [Test]
    public void H54_fields_that_frame_or_route_are_dropped_and_counted()
    {
        BodyTrace trace = Chunked(
            "0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: b\r\nX: 1\r\n"
            + "Authorization: x\r\nContent-Type: a/b\r\nTE: trailers\r\n\r\n");
        Assert.That(trace.Trailers, Is.EqualTo("X: 1\n"));
        Assert.That(trace.Dropped, Is.EqualTo(6));
    }

    [TestCase("\u25B8 X: y\r\n\r\n", Rejection.FieldFolded)]
    [TestCase("X\u25B8 : y\r\n\r\n", Rejection.SpaceBeforeColon)]
    [TestCase("X: \u25B8\0\r\n\r\n", Rejection.FieldValueControl)]
    [TestCase("X: y\u25B8\n\r\n", Rejection.BareLineFeed)]
    [TestCase("X: y\r\n\u25B8\rX", Rejection.BareCarriageReturn)]
    [TestCase("\u25B8: y\r\n\r\n", Rejection.FieldNameEmpty)]
    [TestCase("\u25B8(: y\r\n\r\n", Rejection.FieldNameInvalid)]
    public void H54_trailers_obey_the_rules_of_fields(string section, Rejection reason) =>
        Refused("1\r\nx\r\n0\r\n" + section, reason);

    [Test]
    public void H54_sixteen_trailers_pass_and_one_more_is_too_many()
    {
        string fields = string.Concat(Enumerable.Range(1, 16).Select(i => $"X{i}: y\r\n"));
        Assert.That(Chunked($"0\r\n{fields}\r\n").Status, Is.EqualTo(BodyStatus.Done));
        Refused($"0\r\n{fields}\u25B8X: y\r\n\r\n", Rejection.TrailersTooMany);
        Assert.That(RejectionTable.Get(Rejection.TrailersTooMany).Close);
    }

    [Test]
    public void H54_a_trailer_section_of_4096_bytes_passes_and_one_more_does_not()
    {
        // "X: " + value + CRLF + CRLF
        string value = new('v', 4096 - 7);
        Assert.That(Chunked($"0\r\nX: {value}\r\n\r\n").Status, Is.EqualTo(BodyStatus.Done));
        Refused($"0\r\nX: {value}v\r\n\r\u25B8\n", Rejection.TrailersTooLarge);
        Refused($"0\r\nX: {value}vvvv\u25B8v", Rejection.TrailersTooLarge);
    }

    [Test]
    public void A_body_of_the_limit_passes_and_one_byte_more_is_too_large()
    {
        var limits = new ParserLimits { BodyBytesMax = 8 };
        Assert.That(
            Chunked("5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n", limits).Content, Is.EqualTo("helloabc"));
        Refused("5\r\nhello\r\n4\r\n\u25B8abcd\r\n0\r\n\r\n", Rejection.BodyTooLarge, limits);
        Refused("9\r\n\u25B8", Rejection.BodyTooLarge, limits);

        var decoder = new BodyDecoder(limits);
        Assert.That(decoder.Start(BodyKind.ContentLength, 8, 8), Is.EqualTo(BodyStatus.NeedMore));
        Assert.That(decoder.Start(BodyKind.ContentLength, 9, 8), Is.EqualTo(BodyStatus.Rejected));
        Assert.That(decoder.Rejection, Is.EqualTo(Rejection.BodyTooLarge));
        Assert.That(RejectionTable.Get(Rejection.BodyTooLarge).Status, Is.EqualTo(413));
    }

    [Test]
    public void A_body_until_close_ends_with_the_input()
    {
        var decoder = new BodyDecoder();
        decoder.Start(BodyKind.UntilClose, -1, 100);
        var bytes = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("hello"));
        var content = new ArrayBufferWriter<byte>();
        Assert.That(decoder.Read(bytes, content, out _), Is.EqualTo(BodyStatus.NeedMore));
        Assert.That(content.WrittenCount, Is.EqualTo(5));
        Assert.That(decoder.ReadEnd(), Is.EqualTo(BodyStatus.Done));
    }

    [TestCase(BodyKind.ContentLength, "hello")]
    [TestCase(BodyKind.UntilClose, "hello")]
    [TestCase(BodyKind.Chunked, "5\r\nhello\r\n0\r\n\r\n")]
    public void A_body_that_its_target_did_not_take_is_refused(BodyKind kind, string payload)
    {
        var decoder = new BodyDecoder();
        decoder.Start(kind, 5, 100);
        var bytes = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(payload));

        Assert.That(
            () => decoder.Read(bytes, new FullTarget(), out _),
            Throws.InstanceOf<InsufficientMemoryException>());
        Assert.That(
            (decoder.IsDone, decoder.Rejection), Is.EqualTo((false, Rejection.BodyNoRoom)));
        Assert.That(decoder.Read(bytes, null, out _), Is.EqualTo(BodyStatus.Rejected));
    }

    private sealed class FullTarget : IBufferWriter<byte>
    {
        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InsufficientMemoryException();

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InsufficientMemoryException();
    }
}
