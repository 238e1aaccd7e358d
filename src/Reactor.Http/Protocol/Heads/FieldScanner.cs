// The field section of RFC 9112 5, incremental: header sections and trailer sections alike.
//
// Contract: `Scan` is given a span that begins at the first byte of the message and is longer at
// each call. It looks at every byte once, from left to right, and refuses at the first byte from
// which no valid section can follow, so the outcome does not depend on how the bytes arrived.
// "Need more" leaves the place of the next byte in the fields below and nothing else.
//
// Each line is scanned twice by vectorised searches: the name for the first byte that is no tchar,
// which must be the colon, and the value for the first control character, which must be the CR.
// A line must show its CR within `_lineBytesMax`, and the section its last LF within its own
// limit: the search windows end there, so no limit can be overrun by an unlucky split.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

internal struct FieldScanner
{
    private enum Place : byte
    {
        LineStart,
        Name,
        Value,
        EmptyLine,
    }

    private Place _place;
    private bool _trailers;
    private bool _refuseUnderscore;
    private int _next;
    private int _lineStart;
    private int _colon;
    private int _sectionStart;
    private int _sectionEndMax;
    private int _lineBytesMax;
    private int _fieldsMax;
    private Rejection _rejection;

    public readonly Rejection Rejection => _rejection;

    /// <summary>
    /// Where the next byte to look at stands: of a rejection, or right after the section.
    /// </summary>
    public readonly int Position => _next;

    public void Begin(int start, ParserLimits limits, bool trailers)
    {
        _place = Place.LineStart;
        _trailers = trailers;
        _refuseUnderscore = limits.RefuseUnderscoreNames;
        _next = start;
        _lineStart = start;
        _sectionStart = start;
        _sectionEndMax = start + (trailers ? limits.TrailerBytesMax : limits.SectionBytesMax);
        _lineBytesMax = limits.FieldLineBytesMax;
        _fieldsMax = trailers ? limits.TrailersMax : limits.FieldsMax;
        _rejection = Rejection.None;
    }

    public ParseStatus Scan(ReadOnlySpan<byte> data, MessageHead head)
    {
        Debug.Assert(_rejection == Rejection.None, "A refused section is not read on.");
        Debug.Assert(_next <= data.Length, "The span grows from call to call.");
        while (true)
        {
            if (_place == Place.LineStart && !StartLine(data, head.Count))
            {
                return Stopped();
            }

            if (_place == Place.EmptyLine)
            {
                return EndSection(data);
            }

            if (_place == Place.Name && !ScanName(data))
            {
                return Stopped();
            }

            if (!ScanValue(data, head))
            {
                return Stopped();
            }
        }
    }

    private readonly ParseStatus Stopped() =>
        _rejection == Rejection.None ? ParseStatus.NeedMore : ParseStatus.Rejected;

    private bool StartLine(ReadOnlySpan<byte> data, int count)
    {
        _lineStart = _next;
        if (_next >= _sectionEndMax)
        {
            return Reject(TooLarge, _next);
        }

        if (_next >= data.Length)
        {
            return false;
        }

        byte b = data[_next];
        if (b == Grammar.Cr)
        {
            _place = Place.EmptyLine;
            return true;
        }

        if (Grammar.IsWhitespace(b))
        {
            bool first = _next == _sectionStart && !_trailers;
            return Reject(first ? Rejection.WhitespaceBeforeFields : Rejection.FieldFolded, _next);
        }

        if (count >= _fieldsMax)
        {
            return Reject(_trailers ? Rejection.TrailersTooMany : Rejection.FieldsTooMany, _next);
        }

        _place = Place.Name;
        return true;
    }

    private ParseStatus EndSection(ReadOnlySpan<byte> data)
    {
        int lf = _lineStart + 1;
        if (lf >= _sectionEndMax)
        {
            Reject(TooLarge, lf);
        }
        else if (lf >= data.Length)
        {
            return ParseStatus.NeedMore;
        }
        else if (data[lf] != Grammar.Lf)
        {
            Reject(Rejection.BareCarriageReturn, _lineStart);
        }
        else
        {
            _next = lf + 1;
            return ParseStatus.Done;
        }

        return ParseStatus.Rejected;
    }

    private bool ScanName(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> window = Window(data);
        int stop = window.IndexOfAnyExcept(Grammar.Token);
        if (stop < 0)
        {
            return Exhausted(data, window.Length);
        }

        int end = _next + stop;
        byte b = data[end];
        if (b == (byte)':' && end > _lineStart)
        {
            if (_refuseUnderscore && data[_lineStart..end].Contains((byte)'_'))
            {
                return Reject(Rejection.FieldNameUnderscore, _lineStart);
            }

            _colon = end;
            _next = end + 1;
            _place = Place.Value;
            return true;
        }

        return b switch
        {
            (byte)':' => Reject(Rejection.FieldNameEmpty, end),
            Grammar.Cr => EndsEarly(data, end),
            Grammar.Lf => Reject(Rejection.BareLineFeed, end),
            Grammar.Space or Grammar.Tab => Reject(Rejection.SpaceBeforeColon, end),
            _ => Reject(Rejection.FieldNameInvalid, end),
        };
    }

    // A CR where the colon should be: what it is depends on the next byte.
    private bool EndsEarly(ReadOnlySpan<byte> data, int cr)
    {
        _next = cr;
        if (cr + 1 >= _sectionEndMax)
        {
            return Reject(TooLarge, cr + 1);
        }

        if (cr + 1 >= data.Length)
        {
            return false;
        }

        bool ends = data[cr + 1] == Grammar.Lf;
        return Reject(ends ? Rejection.ColonMissing : Rejection.BareCarriageReturn, cr);
    }

    private bool ScanValue(ReadOnlySpan<byte> data, MessageHead head)
    {
        ReadOnlySpan<byte> window = Window(data);
        int stop = window.IndexOfAny(Grammar.Control);
        if (stop < 0)
        {
            return Exhausted(data, window.Length);
        }

        int cr = _next + stop;
        byte b = data[cr];
        if (b != Grammar.Cr)
        {
            return Reject(
                b == Grammar.Lf ? Rejection.BareLineFeed : Rejection.FieldValueControl, cr);
        }

        _next = cr;
        if (cr + 1 >= _sectionEndMax)
        {
            return Reject(TooLarge, cr + 1);
        }

        if (cr + 1 >= data.Length)
        {
            return false;
        }

        if (data[cr + 1] != Grammar.Lf)
        {
            return Reject(Rejection.BareCarriageReturn, cr);
        }

        AddField(data, cr, head);
        _next = cr + 2;
        _place = Place.LineStart;
        return true;
    }

    private readonly void AddField(ReadOnlySpan<byte> data, int end, MessageHead head)
    {
        int start = _colon + 1;
        while (start < end && Grammar.IsWhitespace(data[start]))
        {
            start++;
        }

        while (end > start && Grammar.IsWhitespace(data[end - 1]))
        {
            end--;
        }

        int nameLength = _colon - _lineStart;
        KnownHeader known = KnownHeaders.Find(data.Slice(_lineStart, nameLength));
        head.AddField(new FieldEntry(_lineStart, nameLength, start, end - start, known));
    }

    // The bytes in which the line must show its next landmark: a CR may stand one byte beyond the
    // longest line, and nothing beyond the section counts.
    private readonly ReadOnlySpan<byte> Window(ReadOnlySpan<byte> data)
    {
        int end = Math.Min(data.Length, Math.Min(_lineStart + _lineBytesMax + 1, _sectionEndMax));
        return data[_next..end];
    }

    // The landmark is not in the window: wait for more bytes, unless a limit ended the window.
    private bool Exhausted(ReadOnlySpan<byte> data, int windowLength)
    {
        int end = _next + windowLength;
        if (end >= _sectionEndMax)
        {
            return Reject(TooLarge, end);
        }

        if (end > _lineStart + _lineBytesMax)
        {
            return Reject(Rejection.FieldLineTooLong, end - 1);
        }

        Debug.Assert(end == data.Length, "Only the limits and the end of input end a window.");
        _next = end;
        return false;
    }

    private readonly Rejection TooLarge =>
        _trailers ? Rejection.TrailersTooLarge : Rejection.FieldSectionTooLarge;

    private bool Reject(Rejection reason, int offset)
    {
        _rejection = reason;
        _next = offset;
        return false;
    }
}
