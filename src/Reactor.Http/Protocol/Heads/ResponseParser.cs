// Interim (1xx) heads are returned like final ones. A response is judged as strictly as a request:
// a length beside a coding, two lengths and any coding but chunked are refused.
//
// A tolerant parser forgives what `ResponseDeviations` names, and nothing else: no response whose
// end could be another for its server.
using System.Buffers;

namespace Reactor.Http.Protocol;

/// <summary>
/// An incremental parser of response heads; <see cref="HeadParser"/> states its contract.
/// </summary>
/// <remarks>Serves one connection, on one thread at a time. Allocates nothing.</remarks>
public sealed class ResponseParser : HeadParser
{
    private readonly bool _isTolerant;
    private int _interim;

    /// <summary>Makes a parser.</summary>
    /// <param name="limits">
    /// Null for <see cref="ParserLimits.Default"/>, or for <see cref="ParserLimits.Tolerant"/> if
    /// <paramref name="isTolerant"/>.
    /// </param>
    /// <param name="isTolerant">
    /// Whether <see cref="ResponseDeviations"/> are forgiven, and named in
    /// <see cref="ResponseHead.Deviations"/>.
    /// </param>
    public ResponseParser(ParserLimits? limits = null, bool isTolerant = false)
        : base(limits ?? (isTolerant ? ParserLimits.Tolerant : ParserLimits.Default), isTolerant) =>
        _isTolerant = isTolerant;

    /// <summary>
    /// The method of the request; a response to HEAD has no body (RFC 9112 6.3).
    /// </summary>
    public KnownMethod RequestMethod { get; set; } = KnownMethod.Get;

    /// <summary>Tries to parse one response head from the start of a buffer.</summary>
    /// <param name="buffer">Begins at the same byte as in calls that returned NeedMore.</param>
    /// <param name="head">Filled in; the same object until Done.</param>
    /// <param name="consumed">The end of the head, or the start of the buffer.</param>
    /// <returns>The outcome; a rejection stands until <see cref="HeadParser.Reset"/>.</returns>
    public ParseStatus Parse(
        in ReadOnlySequence<byte> buffer, ResponseHead head, out SequencePosition consumed)
    {
        ParseStatus status = ParseHead(buffer, head, out consumed);
        if (status == ParseStatus.Done && IsFolded(head))
        {
            head.Unfold(); // the base has copied the bytes as they came
        }

        return status;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _interim = 0;
    }

    private protected override ParseStatus ScanLine(
        ReadOnlySpan<byte> data, MessageHead head, out int end)
    {
        ref StatusLineScanner line = ref ((ResponseHead)head).Line;
        ParseStatus status = line.Scan(data, Limits, _isTolerant);
        end = line.Position;
        return status == ParseStatus.Rejected ? Reject(line.Rejection, end) : status;
    }

    private protected override ParseStatus Complete(ReadOnlySpan<byte> bytes, MessageHead head)
    {
        var response = (ResponseHead)head;
        _interim = response.IsInterim ? _interim + 1 : 0;
        if (_interim > Limits.InterimResponsesMax)
        {
            return Reject(Rejection.InterimResponsesTooMany, 0);
        }

        response.Deviations = response.Line.Deviations | FieldDeviations;
        if (IsFolded(response))
        {
            response.Adopt(bytes);
            response.Unfold();
            bytes = response.Bytes;
        }

        Rejection wrong = ApplyFields(bytes, response, out int offset);
        return wrong == Rejection.None ? ParseStatus.Done : Reject(wrong, offset);
    }

    private static bool IsFolded(ResponseHead head) =>
        (head.Deviations & ResponseDeviations.FoldedField) != 0;

    private Rejection ApplyFields(ReadOnlySpan<byte> bytes, ResponseHead head, out int offset)
    {
        var options = new ConnectionOptions(Limits.ListEmptyElementsMax);
        bool coded = false;
        bool sized = false;
        foreach (ref readonly FieldEntry entry in head.Entries)
        {
            offset = entry.ValueStart;
            ReadOnlySpan<byte> value = bytes.Slice(entry.ValueStart, entry.ValueLength);
            Rejection wrong = Rejection.None;
            switch (entry.Known)
            {
                case KnownHeader.Connection:
                    wrong = options.Add(value);
                    break;
                case KnownHeader.ContentLength:
                    wrong = ApplyLength(head, value, sized);
                    sized = true;
                    break;
                case KnownHeader.TransferEncoding:
                    wrong = coded ? Rejection.CodingRepeated : ApplyCoding(head, value);
                    coded = true;
                    break;
            }

            if (wrong != Rejection.None)
            {
                return wrong;
            }
        }

        offset = bytes.Length;
        return Decide(head, coded, sized, options);
    }

    private Rejection Decide(
        ResponseHead head, bool coded, bool sized, in ConnectionOptions options)
    {
        bool empty = RequestMethod == KnownMethod.Head || head.Status is < 200 or 204 or 304;
        if (coded && sized)
        {
            return Rejection.LengthAndCoding;
        }

        if (coded && head.VersionMinor == 0)
        {
            return Rejection.CodingInOldVersion;
        }

        head.BodyKind = (empty, coded, sized) switch
        {
            (true, _, _) => BodyKind.None,
            (_, true, _) => BodyKind.Chunked,
            (_, _, true) => head.ContentLength == 0 ? BodyKind.None : BodyKind.ContentLength,
            _ => BodyKind.UntilClose,
        };
        // RFC 9110 8.6: a 1xx or 204 has no length. Content that follows nevertheless would be read
        // as the next response.
        bool mayHaveContent = head.Status is < 200 or 204 && (coded || head.ContentLength > 0);
        head.KeepAlive = head.BodyKind != BodyKind.UntilClose && head.Status != 101
            && !mayHaveContent && options.KeepsAlive(head.VersionMinor);
        return Rejection.None;
    }

    private Rejection ApplyLength(ResponseHead head, ReadOnlySpan<byte> value, bool isRepeated)
    {
        if (isRepeated && !_isTolerant)
        {
            return Rejection.LengthRepeated;
        }

        Rejection wrong = Framing.ParseLength(value, out long length);
        if (wrong == Rejection.LengthRepeated && _isTolerant)
        {
            wrong = Framing.ParseEqualLengths(value, out length);
            head.Deviations |= ResponseDeviations.RepeatedLength;
        }

        if (isRepeated)
        {
            head.Deviations |= ResponseDeviations.RepeatedLength;
            return wrong == Rejection.None && length != head.ContentLength
                ? Rejection.LengthRepeated
                : wrong;
        }

        head.ContentLength = length;
        return wrong;
    }

    private Rejection ApplyCoding(ResponseHead head, ReadOnlySpan<byte> value)
    {
        Rejection wrong = Framing.CheckCoding(value);
        if (wrong == Rejection.CodingUnknown && _isTolerant)
        {
            head.Deviations |= ResponseDeviations.CodingBeforeChunked;
            return Rejection.None;
        }

        return wrong;
    }
}
