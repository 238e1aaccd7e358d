// What the fields of a request mean together: host, framing, persistence, expectation.
//
// RFC 9112 3.2, 6 and 9.3, RFC 9110 5.3, 7.8, 8.6 and 10.1.1. What two parties could read
// differently is refused, even where the RFC allows a repair: equal lengths twice, a length beside
// a coding, a list of one length.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Http.Protocol;

internal ref struct RequestRules(
    ReadOnlySpan<byte> bytes, RequestHead head, ParserLimits limits)
{
    // Of the names up to SecWebSocketKey, all but Other.
    private const ulong RuledNames = (2UL << (int)KnownHeader.SecWebSocketKey) - 2;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly RequestHead _head = head;
    private readonly int _emptyElementsMax = limits.ListEmptyElementsMax;
    private ConnectionOptions _options = new(limits.ListEmptyElementsMax);
    private int _offset;
    private Rejection _coding;
    private int _codingOffset;
    private bool _expects;

    /// <summary>Decides what the head means and writes it there.</summary>
    /// <returns>None, or the first reason: by field, then of the whole head.</returns>
    public static Rejection Apply(
        ReadOnlySpan<byte> bytes, RequestHead head, ParserLimits limits, out int offset)
    {
        // Host alone in HTTP/1.1, as clients that are no browsers send it. All others, and what is
        // wrong, are left to the steps.
        if (head.HasOnly(KnownHeader.Host, RuledNames) && head.Form == TargetForm.Origin
            && head.VersionMinor > 0)
        {
            FieldEntry host = head.Entries[head.IndexOf(KnownHeader.Host, default, 0)];
            offset = host.ValueStart;
            if (Authority.IsValid(bytes[..(offset + host.ValueLength)], offset))
            {
                head.AuthorityPlace = (offset, host.ValueLength);
                head.KeepAlive = true;
                return Rejection.None;
            }
        }

        return ApplyAll(bytes, head, limits, out offset);
    }

    private static Rejection ApplyAll(
        ReadOnlySpan<byte> bytes, RequestHead head, ParserLimits limits, out int offset)
    {
        var rules = new RequestRules(bytes, head, limits);
        Rejection wrong = rules.ApplyFields();
        if (wrong == Rejection.None)
        {
            wrong = rules.ApplyWhole();
        }

        offset = rules._offset;
        return wrong;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rejection ApplyFields()
    {
        ulong seen = 0;
        foreach (ref readonly FieldEntry entry in _head.Entries)
        {
            KnownHeader known = entry.Known;
            if (known is KnownHeader.Other or > KnownHeader.SecWebSocketKey)
            {
                continue;
            }

            _offset = entry.ValueStart;
            ulong bit = 1UL << (int)known;
            if ((seen & bit) != 0 && Repeated(known) is var repeated and not Rejection.None)
            {
                return repeated;
            }

            seen |= bit;
            Rejection wrong = ApplyField(known, entry.ValueLength);
            if (wrong != Rejection.None)
            {
                return wrong;
            }
        }

        _offset = _bytes.Length;
        return Rejection.None;
    }

    private static Rejection Repeated(KnownHeader known) => known switch
    {
        KnownHeader.Connection or KnownHeader.Upgrade => Rejection.None,
        KnownHeader.Host => Rejection.HostRepeated,
        KnownHeader.ContentLength => Rejection.LengthRepeated,
        KnownHeader.TransferEncoding => Rejection.CodingRepeated,
        _ => Rejection.FieldRepeated,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rejection ApplyField(KnownHeader known, int length)
    {
        ReadOnlySpan<byte> value = _bytes.Slice(_offset, length);
        switch (known)
        {
            case KnownHeader.Host:
                return ApplyHost(value);
            case KnownHeader.Connection:
                return _options.Add(value);
            case KnownHeader.ContentLength:
                Rejection wrong = Framing.ParseLength(value, out long content);
                _head.ContentLength = content;
                return wrong;
            case KnownHeader.TransferEncoding:
                _coding = Framing.CheckCoding(value);
                _codingOffset = _offset;
                return Rejection.None;
            case KnownHeader.Expect:
                return ApplyExpect(value);
            default:
                return Rejection.None;
        }
    }

    // A list (RFC 9110 10.1.1), whose empty elements mean nothing (5.6.1.2).
    private Rejection ApplyExpect(ReadOnlySpan<byte> value)
    {
        int empty = 0;
        foreach (ReadOnlySpan<byte> expectation in new FieldList(value))
        {
            if (!expectation.IsEmpty)
            {
                if (!Ascii.EqualsIgnoreCase(expectation, "100-continue"u8))
                {
                    return Rejection.ExpectationUnknown;
                }

                _expects = true;
            }
            else if (++empty > _emptyElementsMax)
            {
                return Rejection.ListEmptyElements;
            }
        }

        return Rejection.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rejection ApplyHost(ReadOnlySpan<byte> value)
    {
        if (!Authority.IsValid(_bytes[..(_offset + value.Length)], _offset))
        {
            return Rejection.HostInvalid;
        }

        // Only a target in absolute form has an authority.
        if (_head.AuthorityPlace.Length > 0 && !IsOfTarget(value))
        {
            return Rejection.AuthorityMismatch;
        }

        _head.AuthorityPlace = (_offset, value.Length);
        return Rejection.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool IsOfTarget(ReadOnlySpan<byte> host) =>
        Authority.AreSame(
            _bytes.Slice(_head.AuthorityPlace.Start, _head.AuthorityPlace.Length),
            host,
            RequestTarget.DefaultPort(_bytes[_head.Line.TargetStart..]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rejection ApplyWhole()
    {
        Debug.Assert(_offset == _bytes.Length, "A fault of the whole stands at the head's end.");
        bool old = _head.VersionMinor == 0;
        if (!old && !_head.Contains(KnownHeader.Host))
        {
            return Rejection.HostMissing;
        }

        if (_head.Contains(KnownHeader.TransferEncoding)
            && ApplyCoding(old) is var wrong and not Rejection.None)
        {
            return wrong;
        }

        if (_head.BodyKind == BodyKind.None && _head.ContentLength > 0)
        {
            _head.BodyKind = BodyKind.ContentLength;
        }

        _head.KeepAlive = _options.KeepsAlive(_head.VersionMinor);
        bool hasBody = _head.BodyKind != BodyKind.None;
        _head.ExpectContinue = !old && _expects && hasBody;

        // An offer may be ignored (RFC 9110 7.8). It is ignored with a body, because common clients
        // offer h2c with POST; both sides stay in HTTP/1.1.
        _head.HasUpgrade =
            !old && _options.Upgrade && !hasBody && _head.Contains(KnownHeader.Upgrade);
        return Rejection.None;
    }

    private Rejection ApplyCoding(bool old)
    {
        _offset = _codingOffset;
        if (_head.Contains(KnownHeader.ContentLength))
        {
            return Rejection.LengthAndCoding;
        }

        if (old)
        {
            return Rejection.CodingInOldVersion;
        }

        _head.BodyKind = BodyKind.Chunked;
        return _coding;
    }
}
