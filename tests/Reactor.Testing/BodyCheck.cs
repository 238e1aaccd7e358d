// Runs a body through the decoder in every way of `Feed` and demands one and the same outcome.
using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Testing;

/// <summary>All that can be seen of an attempt to read a body; compares by value.</summary>
public sealed record BodyTrace(
    BodyStatus Status,
    Rejection Rejection,
    long Offset,
    string Content,
    long Consumed,
    string Trailers,
    int Dropped);

/// <summary>The way that every test of the body decoder goes.</summary>
public static class BodyCheck
{
    private const string Next = "GET /next HTTP/1.1\r\n";

    /// <summary>
    /// Reads a chunked body in every way and gives the outcome that all of them had.
    /// </summary>
    public static BodyTrace Chunked(string payload, ParserLimits? limits = null) =>
        Read(BodyKind.Chunked, -1, payload, limits);

    /// <summary>Reads a body in every way and gives the outcome that all of them had.</summary>
    public static BodyTrace Read(
        BodyKind kind, long length, string payload, ParserLimits? limits = null)
    {
        byte[] octets = Feed.Octets(payload);
        BodyTrace expected = Same(kind, length, octets, limits, null);
        if (expected.Status != BodyStatus.NeedMore)
        {
            byte[] followed = [.. octets, .. Feed.Octets(Next)];
            Same(kind, length, followed, limits, expected);
        }

        return expected;
    }

    /// <summary>Demands that a chunked body is refused at the place of the mark.</summary>
    public static void Refused(string marked, Rejection reason, ParserLimits? limits = null) =>
        MarkedPayload.AssertRefused(marked, reason, payload =>
        {
            BodyTrace trace = Chunked(payload, limits);
            return (trace.Status == BodyStatus.Rejected, trace.Rejection, trace.Offset);
        });

    private static BodyTrace Same(
        BodyKind kind, long length, byte[] octets, ParserLimits? limits, BodyTrace? expected)
    {
        var decoder = new BodyDecoder(limits ?? ParserLimits.Default);
        foreach (Feed feed in Feed.All(octets))
        {
            decoder.Start(kind, length, (limits ?? ParserLimits.Default).BodyBytesMax);
            BodyTrace trace = Run(decoder, feed);
            expected ??= trace;
            if (trace != expected)
            {
                Assert.That(trace, Is.EqualTo(expected), feed.Name);
            }
        }

        decoder.Release();
        return expected!;
    }

    private static BodyTrace Run(BodyDecoder decoder, Feed feed)
    {
        var content = new ArrayBufferWriter<byte>();
        var status = BodyStatus.NeedMore;
        long used = 0;
        foreach (ReadOnlySequence<byte> buffer in feed.Buffers())
        {
            ReadOnlySequence<byte> rest = buffer.Slice(used);
            status = decoder.Read(rest, content, out SequencePosition consumed);
            used += rest.Slice(0, consumed).Length;
            rest = rest.Slice(consumed);
            if (status != BodyStatus.NeedMore)
            {
                break;
            }

            Assert.That(rest.IsEmpty, "what is understood is consumed");
        }

        var trailers = new StringBuilder();
        for (int i = 0; status == BodyStatus.Done && i < decoder.Trailers.Count; i++)
        {
            Field field = decoder.Trailers[i];
            trailers.Append(Encoding.Latin1.GetString(field.Name)).Append(": ")
                .Append(Encoding.Latin1.GetString(field.Value)).Append('\n');
        }

        bool rejected = status == BodyStatus.Rejected;
        return new BodyTrace(
            status,
            decoder.Rejection,
            decoder.RejectionOffset,
            Encoding.Latin1.GetString(content.WrittenSpan),
            rejected ? 0 : used,
            trailers.ToString(),
            rejected ? 0 : decoder.Trailers.DroppedCount);
    }
}
