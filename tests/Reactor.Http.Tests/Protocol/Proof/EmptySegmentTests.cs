// A sequence may begin behind the last byte of a segment: a reader that advanced exactly to there
// gets such a one. Nothing of it is content and nothing of it is a reason to wait.
using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

public sealed class EmptySegmentTests
{
    private static readonly byte[] s_head = "GET /ab HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_body = "5\r\nhello\r\n0\r\nT: 1\r\n\r\n"u8.ToArray();

    [Test]
    [CancelAfter(10_000)]
    public void A_body_that_begins_behind_the_end_of_a_segment_is_read(CancellationToken token)
    {
        byte[] octets = [.. "head"u8, .. s_body];
        for (int cut = 5; cut < octets.Length; cut++)
        {
            var feed = Feed.Pieces(octets, [4, cut - 4], segmented: true);
            ReadOnlySequence<byte> rest = BehindFirst(feed.Buffers().Last());
            var decoder = new BodyDecoder();
            decoder.Start(BodyKind.Chunked, -1, 100);
            var content = new ArrayBufferWriter<byte>();
            while (!decoder.IsDone && !token.IsCancellationRequested)
            {
                decoder.Read(rest, content, out SequencePosition consumed, chunksMax: 1);
                rest = rest.Slice(consumed);
            }

            string read = Encoding.ASCII.GetString(content.WrittenSpan);
            Assert.That(read, Is.EqualTo("hello"), $"cut at {cut}");
        }
    }

    [Test]
    public void A_head_that_begins_behind_the_end_of_a_segment_is_parsed()
    {
        byte[] octets = [.. "last"u8, .. s_head];
        for (int cut = 5; cut < octets.Length; cut++)
        {
            var feed = Feed.Pieces(octets, [4, cut - 4], segmented: true);
            var parser = new RequestParser();
            var head = new RequestHead();
            ReadOnlySequence<byte> rest = BehindFirst(feed.Buffers().Last());
            ParseStatus status = parser.Parse(rest, head, out SequencePosition consumed);
            Assert.That(status, Is.EqualTo(ParseStatus.Done), $"cut at {cut}");
            Assert.That(rest.Slice(consumed).IsEmpty, $"cut at {cut}");
            Assert.That(head.Path.SequenceEqual("/ab"u8), $"cut at {cut}");
        }
    }

    // By position, as a pipe slices, and not by length, which steps into the next segment.
    private static ReadOnlySequence<byte> BehindFirst(ReadOnlySequence<byte> sequence)
    {
        var end = new SequencePosition(sequence.Start.GetObject(), sequence.Start.GetInteger() + 4);
        ReadOnlySequence<byte> rest = sequence.Slice(end);
        Assert.That(rest.FirstSpan.IsEmpty, "the case is the case");
        return rest;
    }
}
