// One chunk line of RFC 9112 7.1, an octet at a time: size, extensions, CRLF.
//
//   chunk     = chunk-size [ chunk-ext ] CRLF
//   chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//
// Extensions are ignored, but parsed to the letter: a parser that only searches for the end of the
// line can see another end than its neighbour (CVE-2025-55315, a lone LF in an extension). A few
// bytes of BWS are accepted round ";" and "=", none before the CRLF; a bare ";" is refused.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

internal struct ChunkLineScanner
{
    private enum Place : byte
    {
        Size,
        BeforeSemicolon,
        AfterSemicolon,
        Name,
        AfterName,
        AfterEquals,
        TokenValue,
        QuotedValue,
        QuotedPair,
        AfterQuoted,
        LineFeed,
    }

    private Place _place;
    private int _digits;
    private int _whitespace;
    private int _lineExtensionBytes;
    private long _bodyExtensionBytes;
    private long _excess;

    /// <summary>The size of the chunk, once its line is whole.</summary>
    public long Size { get; private set; }

    public Rejection Rejection { get; private set; }

    /// <summary>Starts the first line of a body and clears the sums over its lines.</summary>
    public void BeginBody() => this = default;

    /// <summary>
    /// Reads new bytes until the line is whole; a refused byte is not among those used.
    /// </summary>
    public ParseStatus Scan(ReadOnlySpan<byte> data, ParserLimits limits, out int used)
    {
        Debug.Assert(Rejection == Rejection.None, "A refused line is not read on.");
        if (_place == Place.Size && _digits == 0 && ScanPlain(data, limits, out used))
        {
            return ParseStatus.Done;
        }

        for (used = 0; used < data.Length; used++)
        {
            byte b = data[used];
            if (_place == Place.LineFeed)
            {
                if (b != Grammar.Lf || !EndLine(limits))
                {
                    Rejection = b != Grammar.Lf ? Rejection.BareCarriageReturn : Rejection;
                    return ParseStatus.Rejected;
                }

                used++;
                return ParseStatus.Done;
            }

            if (!(_place == Place.Size ? StepSize(b, limits) : StepExtension(b, limits)))
            {
                return ParseStatus.Rejected;
            }
        }

        return ParseStatus.NeedMore;
    }

    // Size and CRLF in one piece, as nearly every line is. Anything else is read by octets.
    private bool ScanPlain(ReadOnlySpan<byte> data, ParserLimits limits, out int used)
    {
        used = 0;
        long size = 0;
        int digits = 0;
        int digitsMax = Math.Min(limits.ChunkSizeDigitsMax, data.Length - 2);
        while (digits < digitsMax && Grammar.HexValue(data[digits]) is >= 0 and int value)
        {
            size = (size * 16) + value;
            digits++;
        }

        if (digits == 0 || data[digits] != Grammar.Cr || data[digits + 1] != Grammar.Lf)
        {
            return false;
        }

        Size = size;
        used = digits + 2;
        bool isSound = EndLine(limits);
        Debug.Assert(isSound, "A line without extensions exceeds no limit on them.");
        return isSound;
    }

    private bool StepSize(byte b, ParserLimits limits)
    {
        int value = Grammar.HexValue(b);
        if (value >= 0)
        {
            Size = (Size * 16) + value;
            return ++_digits <= limits.ChunkSizeDigitsMax || Reject(Rejection.ChunkSizeTooLong);
        }

        return b switch
        {
            Grammar.Lf => Reject(Rejection.BareLineFeed),
            _ when _digits == 0 => Reject(Rejection.ChunkSizeInvalid),
            Grammar.Cr => GoTo(Place.LineFeed),
            (byte)';' => GoTo(Place.AfterSemicolon) && Count(limits),
            Grammar.Space or Grammar.Tab =>
                GoTo(Place.BeforeSemicolon) && Whitespace(limits) && Count(limits),
            _ => Reject(Rejection.ChunkSizeInvalid),
        };
    }

    private bool StepExtension(byte b, ParserLimits limits)
    {
        if (b == Grammar.Lf)
        {
            return Reject(Rejection.BareLineFeed);
        }

        if (b == Grammar.Cr)
        {
            bool mayEnd = _place is Place.Name or Place.TokenValue or Place.AfterQuoted;
            _place = Place.LineFeed;
            return mayEnd || Reject(Rejection.ChunkExtensionInvalid);
        }

        if (!Count(limits))
        {
            return false;
        }

        return _place is Place.QuotedValue or Place.QuotedPair
            ? StepQuoted(b)
            : Grammar.IsWhitespace(b) ? StepWhitespace(limits) : StepSymbol(b);
    }

    private bool StepWhitespace(ParserLimits limits)
    {
        Place place = _place switch
        {
            Place.Name => Place.AfterName,
            Place.TokenValue or Place.AfterQuoted => Place.BeforeSemicolon,
            Place same => same,
        };
        if (place != _place)
        {
            _whitespace = 0;
            _place = place;
        }

        return Whitespace(limits);
    }

    private bool StepSymbol(byte b)
    {
        _whitespace = 0;
        Place next = (_place, b) switch
        {
            (Place.AfterSemicolon, _) => IsTokenByte(b) ? Place.Name : Place.Size,
            (Place.Name, _) when IsTokenByte(b) => Place.Name,
            (Place.Name or Place.AfterName, (byte)'=') => Place.AfterEquals,
            (Place.AfterEquals, (byte)'"') => Place.QuotedValue,
            (Place.AfterEquals or Place.TokenValue, _) when IsTokenByte(b) => Place.TokenValue,
            (Place.AfterEquals, _) => Place.Size,
            (_, (byte)';') => Place.AfterSemicolon,
            _ => Place.Size,
        };

        // No step of an extension leads back to the size: here it stands for "no legal move".
        return next == Place.Size ? Reject(Rejection.ChunkExtensionInvalid) : GoTo(next);
    }

    private bool StepQuoted(byte b)
    {
        Place next = (_place, b) switch
        {
            (Place.QuotedPair, _) => Place.QuotedValue,
            (_, (byte)'"') => Place.AfterQuoted,
            (_, (byte)'\\') => Place.QuotedPair,
            _ => Place.QuotedValue,
        };
        return QuotedString.IsText(b) ? GoTo(next) : Reject(Rejection.ChunkExtensionInvalid);
    }

    // Judges the extensions of the body so far and clears the state of the line.
    private bool EndLine(ParserLimits limits)
    {
        _excess = Math.Max(0, _excess + _lineExtensionBytes - 16 - (2 * Size));
        if (_excess > limits.ChunkExtensionExcessBytesMax)
        {
            return Reject(Rejection.ChunkExtensionsRatio);
        }

        _place = Place.Size;
        _digits = 0;
        _whitespace = 0;
        _lineExtensionBytes = 0;
        return true;
    }

    /// <summary>Starts the next line of the same body.</summary>
    public void BeginLine() => Size = 0;

    private bool Count(ParserLimits limits)
    {
        if (++_lineExtensionBytes > limits.ChunkExtensionLineBytesMax)
        {
            return Reject(Rejection.ChunkExtensionTooLong);
        }

        return ++_bodyExtensionBytes <= limits.ChunkExtensionBodyBytesMax
            || Reject(Rejection.ChunkExtensionsTooLarge);
    }

    private bool Whitespace(ParserLimits limits) =>
        ++_whitespace <= limits.ChunkWhitespaceMax || Reject(Rejection.ChunkExtensionInvalid);

    private static bool IsTokenByte(byte b) => Grammar.Token.Contains(b);

    private bool GoTo(Place next)
    {
        _place = next;
        return true;
    }

    private bool Reject(Rejection reason)
    {
        Rejection = reason;
        return false;
    }
}
