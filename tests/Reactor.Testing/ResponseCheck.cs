// Runs a response through the parser in every way of `Feed` and demands one and the same outcome.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Testing;

/// <summary>All that can be seen of an attempt to parse a response; compares by value.</summary>
public sealed record ResponseTrace : MessageTrace
{
    public int Code { get; init; }

    public string Reason { get; init; } = "";

    public bool IsInterim { get; init; }

    public ResponseDeviations Deviations { get; init; }
}

/// <summary>The way that every test of the response parser goes.</summary>
public static class ResponseCheck
{
    /// <summary>Parses a payload in every way and gives the outcome that all of them had.</summary>
    public static ResponseTrace Parse(
        string payload, KnownMethod method = KnownMethod.Get, bool isTolerant = false)
    {
        byte[] octets = Feed.Octets(payload);
        var parser = new ResponseParser(isTolerant: isTolerant) { RequestMethod = method };
        ResponseTrace expected = Same(octets, parser, null);
        if (expected.Status != ParseStatus.NeedMore)
        {
            Same([.. octets, .. "HTTP/1.1 200 OK\r\n\r\n"u8], parser, expected);
        }

        return expected;
    }

    /// <summary>Demands that a payload is refused at the place of the mark.</summary>
    public static void Refused(string marked, Rejection reason, bool isTolerant = false) =>
        MarkedPayload.AssertRefused(marked, reason, payload =>
        {
            ResponseTrace trace = Parse(payload, isTolerant: isTolerant);
            return (trace.Status == ParseStatus.Rejected, trace.Rejection, trace.Offset);
        });

    private static ResponseTrace Same(
        byte[] octets, ResponseParser parser, ResponseTrace? expected)
    {
        var head = new ResponseHead();
        foreach (Feed feed in Feed.All(octets))
        {
            parser.Reset();
            ResponseTrace trace = Run(parser, head, feed);
            expected ??= trace;
            if (trace != expected)
            {
                Assert.That(trace, Is.EqualTo(expected), feed.Name);
            }
        }

        head.Release();
        return expected!;
    }

    private static ResponseTrace Run(ResponseParser parser, ResponseHead head, Feed feed)
    {
        foreach (ReadOnlySequence<byte> buffer in feed.Buffers())
        {
            ParseStatus status = parser.Parse(buffer, head, out SequencePosition consumed);
            if (status == ParseStatus.Rejected)
            {
                return new ResponseTrace
                {
                    Status = status,
                    Rejection = parser.Rejection,
                    Offset = parser.RejectionOffset,
                };
            }

            if (status == ParseStatus.Done)
            {
                long length = buffer.Slice(0, consumed).Length;
                feed.Wipe();
                return Describe(head, length);
            }
        }

        return new ResponseTrace { Status = ParseStatus.NeedMore };
    }

    private static ResponseTrace Describe(ResponseHead head, long consumed) => new()
    {
        Status = ParseStatus.Done,
        Consumed = consumed,
        Code = head.Status,
        Reason = MessageTrace.Text(head.Reason),
        VersionMinor = head.VersionMinor,
        Fields = MessageTrace.FieldsOf(head),
        BodyKind = head.BodyKind,
        ContentLength = head.ContentLength,
        KeepAlive = head.KeepAlive,
        IsInterim = head.IsInterim,
        Deviations = head.Deviations,
    };
}
