// The request line of RFC 9112 3, incremental: method SP request-target SP HTTP-version CRLF.
//
// The contract is that of `FieldScanner`. `RequestTarget` decides what method, target and version
// mean together. RFC 9112 lets a server take a run of whitespace as one separator; here it is one
// space, because smuggling needs two parsers that disagree about the end of the target.
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

internal struct RequestLineScanner
{
    private enum Place : byte
    {
        EmptyLines,
        Method,
        Target,
        Query,
        Version,
    }

    // " HTTP/1.1": what must still fit on the line behind the target.
    private const int VersionTailBytes = 9;
    private const byte TlsHandshakeRecord = 0x16;

    private Place _place;
    private int _next;
    private int _lineStart;
    private int _emptyLines;

    public Rejection Rejection { get; private set; }

    public readonly int Position => _next;

    public readonly int MethodStart => _lineStart;

    public int MethodEnd { get; private set; }

    public readonly int TargetStart => MethodEnd + 1;

    public int TargetEnd { get; private set; }

    /// <summary>Right after the question mark; 0 if there is none.</summary>
    public int QueryStart { get; private set; }

    public KnownMethod Method { get; private set; }

    public int VersionMinor { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ParseStatus Scan(ReadOnlySpan<byte> data, ParserLimits limits)
    {
        Debug.Assert(Rejection == Rejection.None, "A refused line is not read on.");
        Debug.Assert(_next <= data.Length, "The span grows from call to call.");
        return _next == 0 && ScanWholeLine(data, limits)
            ? ParseStatus.Done
            : ScanSteps(data, limits);
    }

    private ParseStatus ScanSteps(ReadOnlySpan<byte> data, ParserLimits limits)
    {
        if (_place == Place.EmptyLines && !SkipEmptyLines(data, limits.EmptyLinesMax))
        {
            return Stopped();
        }

        if (_place == Place.Method && !ScanMethod(data, limits.MethodBytesMax))
        {
            return Stopped();
        }

        if (_place is Place.Target or Place.Query && !ScanTarget(data, limits.RequestLineBytesMax))
        {
            return Stopped();
        }

        return ScanVersion(data) ? ParseStatus.Done : Stopped();
    }

    // A line in order, with a target in origin form, as most are. All others are left to the steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ScanWholeLine(ReadOnlySpan<byte> data, ParserLimits limits)
    {
        bool isGet = data.StartsWith("GET "u8);
        int method = isGet ? 3 : Grammar.Token.NextOutside(data, 0);
        if (method is 0 || method > limits.MethodBytesMax || !data[method..].StartsWith(" /"u8))
        {
            return false;
        }

        int query = 0;
        int end = Grammar.TargetPath.NextOutside(data, method + 2);
        if (end < data.Length && data[end] == (byte)'?')
        {
            query = end + 1;
            end = Grammar.TargetQuery.NextOutside(data, query);
        }

        if (end + VersionTailBytes > limits.RequestLineBytesMax
            || !data[end..].StartsWith(" HTTP/1.1\r\n"u8))
        {
            return false;
        }

        Method = isGet ? KnownMethod.Get : KnownMethods.Find(data[..method]);
        MethodEnd = method;
        QueryStart = query;
        VersionMinor = 1;
        TargetEnd = end;
        _next = end + " HTTP/1.1\r\n".Length;
        return true;
    }

    private readonly ParseStatus Stopped() =>
        Rejection == Rejection.None ? ParseStatus.NeedMore : ParseStatus.Rejected;

    private bool SkipEmptyLines(ReadOnlySpan<byte> data, int emptyLinesMax)
    {
        while (_next < data.Length)
        {
            byte b = data[_next];
            if (b != Grammar.Cr)
            {
                _lineStart = _next;
                _place = Place.Method;
                return b switch
                {
                    Grammar.Lf => Reject(Rejection.BareLineFeed, _next),
                    TlsHandshakeRecord => Reject(Rejection.TlsHandshake, _next),
                    _ => true,
                };
            }

            if (_emptyLines == emptyLinesMax)
            {
                return Reject(Rejection.EmptyLinesTooMany, _next);
            }

            if (_next + 1 == data.Length)
            {
                return false;
            }

            if (data[_next + 1] != Grammar.Lf)
            {
                return Reject(Rejection.BareCarriageReturn, _next);
            }

            _emptyLines++;
            _next += 2;
        }

        return false;
    }

    private bool ScanMethod(ReadOnlySpan<byte> data, int methodBytesMax)
    {
        int windowEnd = Math.Min(data.Length, _lineStart + methodBytesMax + 1);
        int end = Grammar.Token.NextOutside(data[..windowEnd], _next);
        if (end == windowEnd)
        {
            _next = windowEnd;
            return windowEnd > _lineStart + methodBytesMax
                && Reject(Rejection.MethodTooLong, windowEnd - 1);
        }

        return data[end] switch
        {
            Grammar.Space when end > _lineStart =>
                EndMethod(end, KnownMethods.Find(data[_lineStart..end])),
            Grammar.Tab when end > _lineStart => Reject(Rejection.RequestLineWhitespace, end),
            Grammar.Cr => EndsEarly(data, end),
            Grammar.Lf => Reject(Rejection.BareLineFeed, end),
            _ => Reject(Rejection.MethodInvalid, end),
        };
    }

    private bool EndMethod(int end, KnownMethod method)
    {
        MethodEnd = end;
        Method = method;
        _next = end + 1;
        _place = Place.Target;
        return true;
    }

    private bool ScanTarget(ReadOnlySpan<byte> data, int lineBytesMax)
    {
        int endMax = _lineStart + lineBytesMax - VersionTailBytes;
        int windowEnd = Math.Min(data.Length, Math.Max(_next, endMax + 1));
        int end = TargetStop(data[..windowEnd]);
        if (end == windowEnd)
        {
            _next = windowEnd;
            return windowEnd > endMax && Reject(Rejection.TargetTooLong, windowEnd - 1);
        }

        return data[end] switch
        {
            Grammar.Space when end > TargetStart => EndTarget(end),
            Grammar.Space or Grammar.Tab => Reject(Rejection.RequestLineWhitespace, end),
            Grammar.Cr => EndsEarly(data, end),
            Grammar.Lf => Reject(Rejection.BareLineFeed, end),
            _ => Reject(Rejection.TargetInvalid, end),
        };
    }

    private bool EndTarget(int end)
    {
        TargetEnd = end;
        _next = end + 1;
        _place = Place.Version;
        return true;
    }

    // The first byte that cannot stand where it stands; the first "?" begins the query.
    private int TargetStop(ReadOnlySpan<byte> window)
    {
        int stop = _next;
        if (_place == Place.Target)
        {
            stop = Grammar.TargetPath.NextOutside(window, stop);
            if (stop == window.Length || window[stop] != (byte)'?')
            {
                return stop;
            }

            _place = Place.Query;
            QueryStart = ++stop;
        }

        return Grammar.TargetQuery.NextOutside(window, stop);
    }

    // The line ends before its version: HTTP/0.9's "GET /", or not HTTP at all.
    private bool EndsEarly(ReadOnlySpan<byte> data, int cr)
    {
        _next = cr;
        if (cr + 1 == data.Length)
        {
            return false;
        }

        bool ends = data[cr + 1] == Grammar.Lf;
        return Reject(ends ? Rejection.RequestLineIncomplete : Rejection.BareCarriageReturn, cr);
    }

    private bool ScanVersion(ReadOnlySpan<byte> data)
    {
        int start = TargetEnd + 1;
        ReadOnlySpan<byte> rest = data[start..];
        int wrong = Grammar.Mismatch(rest, "HTTP/0.0\r\n"u8);
        if (wrong >= 0)
        {
            return wrong == VersionSyntax.LfAt
                ? Reject(Rejection.BareCarriageReturn, start + VersionSyntax.EndAt)
                : Reject(WrongVersionByte(rest[wrong]), start + wrong);
        }

        if (rest.Length <= VersionSyntax.LfAt)
        {
            return false;
        }

        if (rest[VersionSyntax.MajorAt] != (byte)'1')
        {
            return Reject(Rejection.VersionUnsupported, start + VersionSyntax.MajorAt);
        }

        VersionMinor = rest[VersionSyntax.MinorAt] - '0';
        _next = start + VersionSyntax.LfAt + 1;
        return true;
    }

    private static Rejection WrongVersionByte(byte b) => b switch
    {
        Grammar.Lf => Rejection.BareLineFeed,
        Grammar.Space or Grammar.Tab => Rejection.RequestLineWhitespace,
        _ => Rejection.VersionInvalid,
    };

    private bool Reject(Rejection reason, int offset)
    {
        Rejection = reason;
        _next = offset;
        return false;
    }
}

// HTTP-version of RFC 9112 2.3: case-sensitive, one digit each side of the dot.
internal static class VersionSyntax
{
    public const int MajorAt = 5;
    public const int MinorAt = 7;
    public const int EndAt = 8;
    public const int LfAt = 9;
}
