// The field section of RFC 9112 5, incremental: header sections and trailer sections alike.
//
// Contract: `Scan` gets a span that begins with the message and is longer at each call. It refuses
// at the first byte from which no valid section can follow, so the outcome does not depend on how
// the bytes arrive.
//
// `ScanWholeLines` takes whole lines that are in order. All others are left to the steps. Only the
// steps know what a tolerant section forgives: a fold and a bare LF.
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

internal struct FieldScanner(ParserLimits limits, bool trailers, bool isTolerant = false)
{
    private enum Place : byte
    {
        LineStart,
        Name,
        Value,
        Fold,
        EmptyLine,
    }

    private readonly ParserLimits _limits = limits;
    private readonly bool _trailers = trailers;
    private readonly bool _isTolerant = isTolerant;
    private Place _place;
    private int _next;
    private int _lineStart;
    private int _colon;
    private int _sectionStart;
    private int _sectionEndMax;

    public Rejection Rejection { get; private set; }

    /// <summary>The next byte to look at: of a rejection, or right after the section.</summary>
    public readonly int Position => _next;

    /// <summary>What was forgiven in this section.</summary>
    public ResponseDeviations Deviations { get; private set; }

    private readonly int FieldsMax => _trailers ? _limits.TrailersMax : _limits.FieldsMax;

    public void Begin(int start)
    {
        _place = Place.LineStart;
        _next = start;
        _lineStart = start;
        _sectionStart = start;
        _sectionEndMax = start + (_trailers ? _limits.TrailerBytesMax : _limits.SectionBytesMax);
        Rejection = Rejection.None;
        Deviations = ResponseDeviations.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ParseStatus Scan(ReadOnlySpan<byte> data, MessageHead head)
    {
        Debug.Assert(Rejection == Rejection.None, "A refused section is not read on.");
        Debug.Assert(_next <= data.Length, "The span grows from call to call.");
        return _place == Place.LineStart && ScanWholeLines(data, head)
            ? ParseStatus.Done
            : ScanSteps(data, head);
    }

    private ParseStatus ScanSteps(ReadOnlySpan<byte> data, MessageHead head)
    {
        while (true)
        {
            if (_place == Place.LineStart && !StartLine(data, head))
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

            if (ScanWholeLines(data, head))
            {
                return ParseStatus.Done;
            }
        }
    }

    private readonly ParseStatus Stopped() =>
        Rejection == Rejection.None ? ParseStatus.NeedMore : ParseStatus.Rejected;

    // True if the section ends behind them.
    private bool ScanWholeLines(ReadOnlySpan<byte> data, MessageHead head)
    {
        ReadOnlySpan<byte> section = data[..Math.Min(data.Length, _sectionEndMax)];
        if (section.Length < LineSearch.LengthMin || _limits.RefuseUnderscoreNames)
        {
            return false;
        }

        int lineBytesMax = _limits.FieldLineBytesMax;
        int left = FieldsMax - head.Count;
        int start = _next;
        while (true)
        {
            int end = LineSearch.EndOfLine(section, start);
            if (end == start)
            {
                _next = end + 2;
                return true;
            }

            int colon = Grammar.Token.NextOutside(section, start);
            if (end < 0 || end - start > lineBytesMax || colon == start
                || section[colon] != (byte)':' || --left < 0)
            {
                _next = start;
                return false;
            }

            AddField(section, start, colon, end, head);
            start = end + 2;
        }
    }

    private bool StartLine(ReadOnlySpan<byte> data, MessageHead head)
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
        if (b == Grammar.Cr || (b == Grammar.Lf && _isTolerant))
        {
            _place = Place.EmptyLine;
            return true;
        }

        if (Grammar.IsWhitespace(b))
        {
            bool first = _next == _sectionStart && !_trailers;
            return _isTolerant && !first
                ? StartFold(head.Entries[^1].NameStart)
                : Reject(first ? Rejection.WhitespaceBeforeFields : Rejection.FieldFolded, _next);
        }

        if (head.Count >= FieldsMax)
        {
            return Reject(_trailers ? Rejection.TrailersTooMany : Rejection.FieldsTooMany, _next);
        }

        _place = Place.Name;
        return true;
    }

    // The limit of a line holds for a field with all its folds.
    private bool StartFold(int fieldStart)
    {
        Deviations |= ResponseDeviations.FoldedField;
        (_lineStart, _colon, _place) = (fieldStart, _next, Place.Fold);
        return _next - fieldStart < _limits.FieldLineBytesMax
            || Reject(Rejection.FieldLineTooLong, _next);
    }

    private ParseStatus EndSection(ReadOnlySpan<byte> data)
    {
        if (data[_lineStart] == Grammar.Lf)
        {
            Deviations |= ResponseDeviations.BareLineFeed;
            _next = _lineStart + 1;
            return ParseStatus.Done;
        }

        if (!EndsWithCrLf(data, _lineStart))
        {
            return Stopped();
        }

        _next = _lineStart + 2;
        return ParseStatus.Done;
    }

    private bool ScanName(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> window = Window(data);
        int stop = Grammar.Token.NextOutside(window, 0);
        if (stop == window.Length)
        {
            return Exhausted(data, window.Length);
        }

        int end = _next + stop;
        byte b = data[end];
        if (b == (byte)':' && end > _lineStart)
        {
            if (_limits.RefuseUnderscoreNames && data[_lineStart..end].Contains((byte)'_'))
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
            Grammar.Cr => EndsWithCrLf(data, end) && Reject(Rejection.ColonMissing, end),
            Grammar.Lf => Reject(
                _isTolerant ? Rejection.ColonMissing : Rejection.BareLineFeed, end),
            Grammar.Space or Grammar.Tab => Reject(Rejection.SpaceBeforeColon, end),
            _ => Reject(Rejection.FieldNameInvalid, end),
        };
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
        bool bare = b == Grammar.Lf && _isTolerant;
        if (bare)
        {
            Deviations |= ResponseDeviations.BareLineFeed;
        }
        else if (b != Grammar.Cr)
        {
            return Reject(
                b == Grammar.Lf ? Rejection.BareLineFeed : Rejection.FieldValueControl, cr);
        }
        else if (!EndsWithCrLf(data, cr))
        {
            return false;
        }

        if (_place == Place.Fold)
        {
            head.ExtendField(data, _colon, cr);
        }
        else
        {
            AddField(data, _lineStart, _colon, cr, head);
        }

        _next = cr + (bare ? 1 : 2);
        _place = Place.LineStart;
        return true;
    }

    // Whether the LF follows; if it is not there yet, the next call looks at the CR again.
    private bool EndsWithCrLf(ReadOnlySpan<byte> data, int cr)
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

        return data[cr + 1] == Grammar.Lf || Reject(Rejection.BareCarriageReturn, cr);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddField(
        ReadOnlySpan<byte> data, int lineStart, int colon, int lineEnd, MessageHead head)
    {
        // No CTL but HTAB is left, so what is not above a space is whitespace.
        int start = colon + 1;
        int end = lineEnd;
        while (start < end && data[start] <= Grammar.Space)
        {
            start++;
        }

        while (end > start && data[end - 1] <= Grammar.Space)
        {
            end--;
        }

        KnownHeader known = KnownHeaders.Find(data[lineStart..colon]);
        head.AddField(new FieldEntry(lineStart, colon - lineStart, start, end - start, known));
    }

    // Where the next landmark of the line must be: a CR may follow the longest line directly.
    private readonly ReadOnlySpan<byte> Window(ReadOnlySpan<byte> data)
    {
        int lineEndMax = _lineStart + _limits.FieldLineBytesMax + 1;
        return data[_next..Math.Min(data.Length, Math.Min(lineEndMax, _sectionEndMax))];
    }

    // The landmark is not in the window: wait for more bytes, unless a limit ended the window.
    private bool Exhausted(ReadOnlySpan<byte> data, int windowLength)
    {
        int end = _next + windowLength;
        if (end >= _sectionEndMax)
        {
            return Reject(TooLarge, end);
        }

        if (end > _lineStart + _limits.FieldLineBytesMax)
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
        Rejection = reason;
        _next = offset;
        return false;
    }
}
