// Runs a request through the parser in every way of `Feed` and demands one and the same outcome.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Testing;

/// <summary>All that can be seen of an attempt to parse a request; compares by value.</summary>
public sealed record RequestTrace : MessageTrace
{
    public KnownMethod Known { get; init; }

    public string Method { get; init; } = "";

    public TargetForm Form { get; init; }

    public string Target { get; init; } = "";

    public string Path { get; init; } = "";

    public string Query { get; init; } = "";

    public string Authority { get; init; } = "";

    public bool ExpectContinue { get; init; }

    public bool HasUpgrade { get; init; }
}

/// <summary>The way that every test of the request parser goes.</summary>
public static class RequestCheck
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";

    /// <summary>Parses a payload in every way and gives the outcome that all of them had.</summary>
    public static RequestTrace Parse(string payload, ParserLimits? limits = null)
    {
        byte[] octets = Feed.Octets(payload);
        RequestTrace expected = Same(octets, limits, null);
        if (expected.Status != ParseStatus.NeedMore)
        {
            byte[] followed = [.. octets, .. Feed.Octets(Next)];
            RequestTrace trailed = Same(followed, limits, expected);
            Assert.That(trailed, Is.EqualTo(expected), "with a request behind it");
        }

        return expected;
    }

    /// <summary>
    /// Demands that a payload is refused at the place of the mark, which is taken out.
    /// </summary>
    public static void Refused(string marked, Rejection reason, ParserLimits? limits = null) =>
        MarkedPayload.AssertRefused(marked, reason, payload =>
        {
            RequestTrace trace = Parse(payload, limits);
            return (trace.Status == ParseStatus.Rejected, trace.Rejection, trace.Offset);
        });

    private static RequestTrace Same(byte[] octets, ParserLimits? limits, RequestTrace? expected)
    {
        var parser = new RequestParser(limits ?? ParserLimits.Default);
        var head = new RequestHead();
        bool followed = expected is not null;
        foreach (Feed feed in Feed.All(octets))
        {
            AssertSame(feed, asPiece: false, "as a sequence");
        }

        foreach (Feed feed in Feed.All(octets).Where(one => !one.IsSegmented))
        {
            AssertSame(feed, asPiece: true, "as one piece");
        }

        void AssertSame(Feed feed, bool asPiece, string how)
        {
            parser.Reset();
            RequestTrace trace = Run(parser, head, feed, followed, asPiece);
            expected ??= trace;
            if (trace != expected)
            {
                Assert.That(trace, Is.EqualTo(expected), $"{how}, {feed.Name}");
            }
        }

        head.Release();
        return expected!;
    }

    /// <summary>Parses a payload that arrives so many bytes at a time.</summary>
    public static RequestTrace ParsePieces(string payload, int pieceBytes)
    {
        byte[] octets = Feed.Octets(payload);
        var head = new RequestHead();
        var feed = Feed.Pieces(
            octets, Enumerable.Repeat(pieceBytes, octets.Length), segmented: false);
        RequestTrace trace =
            Run(new RequestParser(), head, feed, followed: false, asPiece: true);
        head.Release();
        return trace;
    }

    private static RequestTrace Run(
        RequestParser parser, RequestHead head, Feed feed, bool followed, bool asPiece)
    {
        var status = ParseStatus.NeedMore;
        long consumedBytes = 0;
        foreach (ReadOnlySequence<byte> buffer in feed.Buffers())
        {
            if (asPiece)
            {
                status = parser.Parse(buffer.FirstSpan, head, out int bytes);
                consumedBytes = bytes;
            }
            else
            {
                status = parser.Parse(buffer, head, out SequencePosition consumed);
                consumedBytes = buffer.Slice(0, consumed).Length;
            }

            if (status != ParseStatus.NeedMore)
            {
                break;
            }

            Assert.That(consumedBytes, Is.Zero, "needing more consumes nothing");
        }

        RequestTrace trace = status == ParseStatus.Done
            ? Describe(head, consumedBytes, feed, wipe: !followed)
            : new RequestTrace
            {
                Status = status,
                Rejection = parser.Rejection,
                Offset = parser.RejectionOffset,
            };
        if (followed && status == ParseStatus.Done)
        {
            ParseNext(parser, head, feed.Buffers().Last().Slice(consumedBytes));
        }

        return trace;
    }

    private static void ParseNext(
        RequestParser parser, RequestHead head, ReadOnlySequence<byte> rest)
    {
        ParseStatus status = parser.Parse(rest, head, out SequencePosition end);
        if (status != ParseStatus.Done || !head.Path.SequenceEqual("/next"u8) || head.Count != 1
            || head.BodyKind != BodyKind.None || !end.Equals(rest.End) && !rest.Slice(end).IsEmpty)
        {
            Assert.Fail($"the request behind it: {status} {parser.Rejection}");
        }
    }

    private static RequestTrace Describe(RequestHead head, long consumed, Feed feed, bool wipe)
    {
        if (wipe)
        {
            feed.Wipe();
        }

        return new RequestTrace
        {
            Status = ParseStatus.Done,
            Consumed = consumed,
            Known = head.Method,
            Method = MessageTrace.Text(head.MethodBytes),
            Form = head.Form,
            Target = MessageTrace.Text(head.Target),
            Path = MessageTrace.Text(head.Path),
            Query = MessageTrace.Text(head.Query),
            Authority = MessageTrace.Text(head.Authority),
            VersionMinor = head.VersionMinor,
            Fields = MessageTrace.FieldsOf(head),
            BodyKind = head.BodyKind,
            ContentLength = head.ContentLength,
            KeepAlive = head.KeepAlive,
            ExpectContinue = head.ExpectContinue,
            HasUpgrade = head.HasUpgrade,
        };
    }
}
