// The status line of RFC 9112 4, incremental: HTTP-version SP 3DIGIT SP [ reason-phrase ] CRLF.
//
// The contract is that of `FieldScanner`. The space behind the code is required even without a
// phrase, and no empty line is skipped. A tolerant scan forgives a missing space and a bare LF.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

internal struct StatusLineScanner
{
    // "HTTP/1.1 200 "
    private const int StatusAt = 9;
    private const int SpaceAt = 12;
    private const int ReasonAt = 13;

    private int _next;
    private bool _inReason;

    public Rejection Rejection { get; private set; }

    public readonly int Position => _next;

    /// <summary>What was forgiven in this line.</summary>
    public ResponseDeviations Deviations { get; private set; }

    public int Status { get; private set; }

    public int VersionMinor { get; private set; }

    public readonly int ReasonStart => ReasonLength > 0 ? ReasonAt : 0;

    /// <summary>0 until the line is whole.</summary>
    public int ReasonLength { get; private set; }

    public ParseStatus Scan(ReadOnlySpan<byte> data, ParserLimits limits, bool isTolerant)
    {
        Debug.Assert(Rejection == Rejection.None, "A refused line is not read on.");
        if (!_inReason && !ScanNumbers(data, isTolerant))
        {
            return Stopped();
        }

        return ScanReason(data, limits.RequestLineBytesMax, isTolerant)
            ? ParseStatus.Done
            : Stopped();
    }

    private readonly ParseStatus Stopped() =>
        Rejection == Rejection.None ? ParseStatus.NeedMore : ParseStatus.Rejected;

    private bool ScanNumbers(ReadOnlySpan<byte> data, bool isTolerant)
    {
        // Most responses, when they come in one piece; what is left to check are the digits.
        if (_next == 0 && data.Length >= ReasonAt && data.StartsWith("HTTP/1.1 "u8))
        {
            _next = StatusAt;
        }

        int wrong = Grammar.Mismatch(data[_next..], "HTTP/0.0 000 "u8[_next..]);
        int end = wrong < 0 ? ReasonAt : _next + wrong;
        if (isTolerant && end == SpaceAt && data[end] is Grammar.Cr or Grammar.Lf)
        {
            Deviations |= ResponseDeviations.MissingReason;
        }
        else if (wrong >= 0)
        {
            return Reject(Rejection.StatusLineInvalid, end);
        }

        _next = Math.Min(data.Length, end);
        if (_next < end)
        {
            return false;
        }

        if (data[VersionSyntax.MajorAt] != (byte)'1')
        {
            return Reject(Rejection.VersionUnsupported, VersionSyntax.MajorAt);
        }

        VersionMinor = data[VersionSyntax.MinorAt] - '0';
        Status = ((data[StatusAt] - '0') * 100) + ((data[StatusAt + 1] - '0') * 10)
            + (data[StatusAt + 2] - '0');
        _inReason = true;
        return Status >= 100 || Reject(Rejection.StatusLineInvalid, StatusAt);
    }

    private bool ScanReason(ReadOnlySpan<byte> data, int lineBytesMax, bool isTolerant)
    {
        int windowEnd = Math.Min(data.Length, lineBytesMax + 1);
        int stop = data[_next..windowEnd].IndexOfAny(Grammar.Control);
        if (stop < 0)
        {
            _next = windowEnd;
            return windowEnd > lineBytesMax && Reject(Rejection.StatusLineTooLong, windowEnd - 1);
        }

        _next += stop;
        bool lf = data[_next] == Grammar.Lf;
        if (lf && isTolerant)
        {
            Deviations |= ResponseDeviations.BareLineFeed;
            EndLine(_next + 1);
            return true;
        }

        if (data[_next] != Grammar.Cr)
        {
            return Reject(lf ? Rejection.BareLineFeed : Rejection.StatusLineInvalid, _next);
        }

        if (_next + 1 == data.Length)
        {
            return false;
        }

        if (data[_next + 1] != Grammar.Lf)
        {
            return Reject(Rejection.BareCarriageReturn, _next);
        }

        EndLine(_next + 2);
        return true;
    }

    private void EndLine(int next)
    {
        ReasonLength = Math.Max(0, _next - ReasonAt);
        _next = next;
    }

    private bool Reject(Rejection reason, int offset)
    {
        Rejection = reason;
        _next = offset;
        return false;
    }
}
