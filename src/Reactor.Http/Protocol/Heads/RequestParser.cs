// RFC 9112 2 to 6, strict. The order of judgement does not depend on how the bytes arrive: the
// request line, its meaning, the field lines, their meaning together once all are there.
using System.Buffers;

namespace Reactor.Http.Protocol;

/// <summary>
/// An incremental parser of request heads; <see cref="HeadParser"/> states its contract.
/// </summary>
/// <remarks>Serves one connection, on one thread at a time. Allocates nothing.</remarks>
public sealed class RequestParser : HeadParser
{
    /// <summary>Makes a parser.</summary>
    /// <param name="limits">Null for <see cref="ParserLimits.Default"/>.</param>
    public RequestParser(ParserLimits? limits = null) : base(limits ?? ParserLimits.Default)
    {
    }

    /// <summary>Tries to parse one request head from the start of a buffer.</summary>
    /// <param name="buffer">Begins at the same byte as in calls that returned NeedMore.</param>
    /// <param name="head">Filled in; the same object until Done.</param>
    /// <param name="consumed">The end of the head, or the start of the buffer.</param>
    /// <returns>The outcome; a rejection stands until <see cref="HeadParser.Reset"/>.</returns>
    public ParseStatus Parse(
        in ReadOnlySequence<byte> buffer, RequestHead head, out SequencePosition consumed) =>
        ParseHead(buffer, head, out consumed);

    /// <summary>The same for contiguous bytes. Calls for one head may be of either kind.</summary>
    /// <inheritdoc cref="Parse(in ReadOnlySequence{byte}, RequestHead, out SequencePosition)"/>
    public ParseStatus Parse(ReadOnlySpan<byte> data, RequestHead head, out int consumed) =>
        ParseHead(data, head, out consumed);

    private protected override ParseStatus ScanLine(
        ReadOnlySpan<byte> data, MessageHead head, out int end)
    {
        var request = (RequestHead)head;
        ref RequestLineScanner line = ref request.Line;
        ParseStatus status = line.Scan(data, Limits);
        end = line.Position;
        if (status != ParseStatus.Done)
        {
            return status == ParseStatus.Rejected ? Reject(line.Rejection, end) : status;
        }

        Rejection wrong = RequestTarget.Resolve(data, request);
        return wrong == Rejection.None ? status : Reject(wrong, line.TargetStart);
    }

    private protected override ParseStatus Complete(ReadOnlySpan<byte> bytes, MessageHead head)
    {
        Rejection wrong = RequestRules.Apply(bytes, (RequestHead)head, Limits, out int offset);
        return wrong == Rejection.None ? ParseStatus.Done : Reject(wrong, offset);
    }
}
