// Bytes in, request heads out: RFC 9112 2 to 6, strict, with no lenient mode.
//
// The order of judgement is fixed and independent of how the bytes arrive: the request line from
// left to right, then what it means, then the field lines from left to right, then what the fields
// mean together. Nothing is acted on before the whole head is there (RFC 9110 5.3).
using System.Buffers;

namespace Reactor.Http.Protocol;

/// <summary>
/// An incremental parser of request heads; see <see cref="HeadParser"/> for its contract.
/// </summary>
/// <remarks>One connection's; one thread at a time. Allocates nothing for a request.</remarks>
public sealed class RequestParser : HeadParser
{
    private RequestLineScanner _line;
    private FieldScanner _fields;
    private bool _inFields;

    /// <summary>Makes a parser with the default limits.</summary>
    public RequestParser()
        : this(ParserLimits.Default)
    {
    }

    /// <summary>Makes a parser.</summary>
    /// <param name="limits">Its bounds.</param>
    public RequestParser(ParserLimits limits)
        : base(limits)
    {
    }

    /// <summary>Tries to parse one request head from the start of a buffer.</summary>
    /// <param name="buffer">Begins at the same byte as in the calls that said NeedMore.</param>
    /// <param name="head">Filled in; the same object until Done.</param>
    /// <param name="consumed">
    /// Done: right after the head. Otherwise the start of the buffer.
    /// </param>
    /// <returns>
    /// One of the three outcomes; a rejection stands until <see cref="HeadParser.Reset"/>.
    /// </returns>
    public ParseStatus Parse(
        in ReadOnlySequence<byte> buffer, RequestHead head, out SequencePosition consumed) =>
        ParseHead(buffer, head, out consumed);

    /// <summary>
    /// The same for a head that lies in one piece, which is nearly every one: without the positions
    /// of a sequence. The calls for one head may be of either kind.
    /// </summary>
    /// <remarks>
    /// What a head means depends on its bytes and the limits alone. So one that begins with the
    /// very bytes of the last, as a client of an API sends them again and again, is not parsed
    /// again; ParserBenchmarks.Again measures it. Heads that may carry a secret are.
    /// </remarks>
    /// <param name="data">Begins at the same byte as in the calls that said NeedMore.</param>
    /// <param name="head">Filled in; the same object until Done.</param>
    /// <param name="consumed">Done: the length of the head; otherwise 0.</param>
    public ParseStatus Parse(ReadOnlySpan<byte> data, RequestHead head, out int consumed)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (IsIdle && head.IsAtStartOf(data, Limits))
        {
            consumed = head.Length;
            return ParseStatus.Done;
        }

        return ParseHead(data, head, out consumed);
    }

    /// <summary>
    /// The length of the request line, and what stands before it, if that was whole and in order,
    /// although the head may not be; else 0. Until the next head begins.
    /// </summary>
    internal int LineBytes => _inFields ? _line.Position : 0;

    private protected override void Begin()
    {
        _line.Begin();
        _inFields = false;
    }

    private protected override ParseStatus Scan(
        ReadOnlySpan<byte> data, MessageHead head, out int end)
    {
        end = 0;
        if (!_inFields)
        {
            ParseStatus line = _line.Scan(data, Limits);
            if (line != ParseStatus.Done)
            {
                return line == ParseStatus.NeedMore
                    ? line
                    : Reject(_line.Rejection, _line.Position);
            }

            Rejection wrong = RequestTarget.Resolve(data, _line, (RequestHead)head);
            if (wrong != Rejection.None)
            {
                return Reject(wrong, _line.TargetStart);
            }

            _inFields = true;
            _fields.Begin(_line.Position, Limits, trailers: false);
        }

        ParseStatus status = _fields.Scan(data, head);
        end = _fields.Position;
        return status == ParseStatus.Rejected ? Reject(_fields.Rejection, end) : status;
    }

    private protected override ParseStatus Complete(MessageHead head)
    {
        var request = (RequestHead)head;
        Rejection wrong = RequestRules.Apply(request, Limits, out int offset);
        if (wrong != Rejection.None)
        {
            return Reject(wrong, offset);
        }

        request.MarkSound(Limits);
        return ParseStatus.Done;
    }
}
