// multipart/form-data, octets in and steps out (RFC 7578, RFC 2046 5.1.1).
//
//     body   = [preamble CRLF] dash-boundary padding CRLF part *(CRLF dash-boundary … part) close
//     close  = CRLF dash-boundary "--" padding [CRLF epilogue]
//     part   = fields [CRLF content]
//
// Contract: `Read` takes pieces of any size, and says which octets it is done with. What it tells
// does not depend on how the octets arrive, except how the content is divided. Each call uses an
// octet or gives out held ones, so a caller that calls again always gets on.
//
// Strict where RFC 2046 leaves a choice: a boundary at the start of a line is a delimiter, and only
// "--", padding or the end of the line may follow it. A body without a part is taken, because
// browsers send one for an empty form.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>What <see cref="MultipartDecoder.Read"/> found.</summary>
internal enum MultipartStep : byte
{
    /// <summary>Nothing to tell; the rest is for the next call.</summary>
    NeedMore,

    /// <summary>A part begins: <see cref="MultipartDecoder.Part"/>.</summary>
    Part,

    /// <summary>Content of the part.</summary>
    Content,

    /// <summary>The part ends, after the content of this call.</summary>
    PartEnd,

    /// <summary>The body is refused: <see cref="MultipartDecoder.Rejection"/>.</summary>
    Rejected,
}

/// <summary>Divides one body into its parts. Used by one thread at a time.</summary>
internal sealed class MultipartDecoder(ReadOnlySpan<byte> boundary, MultipartLimits limits)
{
    private readonly DelimiterSearch _search = new(boundary);
    private readonly MultipartLimits _limits = limits;
    private Place _place = Place.Preamble;
    private long _outsideBytes;
    private int _paddingBytes;
    private int _parts;

    private enum Place : byte
    {
        Preamble,
        Line,
        LineFeed,
        Fields,
        Content,
        SecondDash,
        CloseLine,
        CloseLineFeed,
        Epilogue,
        Rejected,
    }

    public PartHead Head { get; } = new(limits.OfHead);

    /// <summary>What the fields of the last part say.</summary>
    public PartFields? Part { get; private set; }

    public MultipartRejection Rejection { get; private set; }

    /// <summary>
    /// Content of the last step that was held back from earlier pieces; if empty, the content is
    /// the run of the last call.
    /// </summary>
    public ReadOnlyMemory<byte> Held => _search.Held;

    /// <summary>Takes one step.</summary>
    /// <param name="piece">Octets that were not used yet; not empty.</param>
    /// <param name="run">Octets of content at the start of the piece.</param>
    /// <param name="used">Octets that are done with, the run included.</param>
    public MultipartStep Read(ReadOnlySpan<byte> piece, out int run, out int used)
    {
        Debug.Assert(!piece.IsEmpty, "There is something to read.");
        Debug.Assert(_place != Place.Rejected, "A refused body is not read on.");
        run = 0;
        switch (_place)
        {
            case Place.Preamble:
                return StepPreamble(piece, out used);
            case Place.Content:
                return StepContent(piece, out run, out used);
            case Place.Fields:
                return StepFields(piece, out used);
            case Place.Epilogue:
                used = piece.Length;
                return IsTooLong(used, _limits.EpilogueBytesMax)
                    ? Reject(MultipartRejection.EpilogueTooLong)
                    : MultipartStep.NeedMore;
            default:
                used = 1;
                return StepLine(piece[0]);
        }
    }

    /// <summary>
    /// The input has ended; false if the body is refused, because it is not whole.
    /// </summary>
    public bool End()
    {
        bool isWhole = _place is Place.CloseLine or Place.Epilogue;
        if (!isWhole)
        {
            Reject(MultipartRejection.Incomplete);
        }

        return isWhole;
    }

    private MultipartStep StepPreamble(ReadOnlySpan<byte> piece, out int used)
    {
        bool isFound = _search.Find(piece, out int run, out used);
        if (IsTooLong(run + _search.Held.Length, _limits.PreambleBytesMax))
        {
            return Reject(MultipartRejection.PreambleTooLong);
        }

        if (isFound)
        {
            BeginLine();
        }

        return MultipartStep.NeedMore;
    }

    private MultipartStep StepContent(ReadOnlySpan<byte> piece, out int run, out int used)
    {
        if (_search.Find(piece, out run, out used))
        {
            BeginLine();
            return MultipartStep.PartEnd;
        }

        return run > 0 || !_search.Held.IsEmpty ? MultipartStep.Content : MultipartStep.NeedMore;
    }

    private MultipartStep StepFields(ReadOnlySpan<byte> piece, out int used)
    {
        ParseStatus status = Head.Read(piece, out used);
        if (status != ParseStatus.Done)
        {
            return status == ParseStatus.NeedMore
                ? MultipartStep.NeedMore
                : Reject(Head.Rejection switch
                {
                    Protocol.Rejection.FieldsTooMany => MultipartRejection.HeadersTooMany,
                    Protocol.Rejection.FieldLineTooLong
                        or Protocol.Rejection.FieldSectionTooLarge =>
                        MultipartRejection.HeaderTooLong,
                    _ => MultipartRejection.HeaderInvalid,
                });
        }

        Part = PartFields.Read(Head, out MultipartRejection rejection);
        if (Part is null)
        {
            return Reject(rejection);
        }

        _place = Place.Content;
        _search.Begin();
        return MultipartStep.Part;
    }

    // What may follow a boundary in its line.
    private MultipartStep StepLine(byte octet)
    {
        switch (_place)
        {
            case Place.Line when octet == (byte)'-' && _paddingBytes == 0:
                _place = Place.SecondDash;
                return MultipartStep.NeedMore;
            case Place.SecondDash when octet == (byte)'-':
                _place = Place.CloseLine;
                return MultipartStep.NeedMore;
            case Place.Line or Place.CloseLine when Grammar.IsWhitespace(octet)
                && _paddingBytes < MultipartLimits.PaddingBytesMax:
                _paddingBytes++;
                return MultipartStep.NeedMore;
            case Place.Line or Place.CloseLine when octet == Grammar.Cr:
                _place = _place == Place.Line ? Place.LineFeed : Place.CloseLineFeed;
                return MultipartStep.NeedMore;
            case Place.CloseLineFeed when octet == Grammar.Lf:
                _place = Place.Epilogue;
                _outsideBytes = 0;
                return MultipartStep.NeedMore;
            case Place.LineFeed when octet == Grammar.Lf:
                return BeginPart();
            default:
                return Reject(MultipartRejection.DelimiterInvalid);
        }
    }

    private MultipartStep BeginPart()
    {
        if (_parts == _limits.PartsMax)
        {
            return Reject(MultipartRejection.PartsTooMany);
        }

        _parts++;
        Head.Reset();
        _place = Place.Fields;
        return MultipartStep.NeedMore;
    }

    private void BeginLine()
    {
        _place = Place.Line;
        _paddingBytes = 0;
    }

    private bool IsTooLong(int more, int bytesMax) => (_outsideBytes += more) > bytesMax;

    private MultipartStep Reject(MultipartRejection reason)
    {
        Rejection = reason;
        _place = Place.Rejected;
        return MultipartStep.Rejected;
    }
}
