// The search for CRLF "--" boundary in octets that come in pieces.
//
// A CR stands only at the start of a delimiter. So when a match that has begun fails, no second
// one can have begun within it, and the octets that were held back for it equal the beginning of
// the delimiter: they are given out from there, and nothing is copied or searched twice.
//
// A part and the whole body begin as if a CRLF had gone before (RFC 2046 5.1.1): the empty line
// that ends a part's header fields can be the CRLF of the next delimiter.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>Finds a delimiter. Reusable, by one thread at a time.</summary>
internal sealed class DelimiterSearch
{
    private const int VirtualBytes = 2;

    private readonly byte[] _delimiter;
    private int _matched;
    private int _virtual;

    public DelimiterSearch(ReadOnlySpan<byte> boundary)
    {
        Debug.Assert(!boundary.Contains(Grammar.Cr), "A CR only begins a delimiter.");
        _delimiter = [.. "\r\n--"u8, .. boundary];
        Begin();
    }

    /// <summary>
    /// Octets that were held back for a match that failed; they come before the next run.
    /// </summary>
    public ReadOnlyMemory<byte> Held { get; private set; }

    /// <summary>Begins at the start of a line.</summary>
    public void Begin()
    {
        _matched = VirtualBytes;
        _virtual = VirtualBytes;
        Held = default;
    }

    /// <summary>
    /// Searches a piece. If <see cref="Held"/> is empty then, the first <paramref name="run"/>
    /// octets of the piece belong to no delimiter; else they are those that were held.
    /// </summary>
    /// <param name="piece">Not empty.</param>
    /// <param name="run">Octets that belong to no delimiter.</param>
    /// <param name="used">Octets that are done with: the run, and what was matched.</param>
    /// <returns>True if a delimiter ends at <paramref name="used"/>.</returns>
    public bool Find(ReadOnlySpan<byte> piece, out int run, out int used)
    {
        Debug.Assert(!piece.IsEmpty, "A search uses at least one octet, or gives held ones.");
        Held = default;
        run = 0;
        if (_matched > 0)
        {
            ReadOnlySpan<byte> missing = _delimiter.AsSpan(_matched);
            used = piece.CommonPrefixLength(missing);
            if (used == missing.Length)
            {
                Begin();
                return true;
            }

            if (used == piece.Length)
            {
                _matched += used;
                return false;
            }

            int held = _matched - _virtual;
            int start = _virtual;
            (_matched, _virtual) = (0, 0);
            if (held > 0)
            {
                Held = _delimiter.AsMemory(start, held);
                used = 0;
                return false;
            }
        }

        return FindInside(piece, out run, out used);
    }

    private bool FindInside(ReadOnlySpan<byte> piece, out int run, out int used)
    {
        run = piece.IndexOf(_delimiter);
        if (run >= 0)
        {
            used = run + _delimiter.Length;
            Begin();
            return true;
        }

        used = piece.Length;
        int tailStart = Math.Max(0, piece.Length - _delimiter.Length + 1);
        int cr = piece[tailStart..].LastIndexOf(Grammar.Cr);
        bool mayBegin = cr >= 0 && _delimiter.AsSpan().StartsWith(piece[(tailStart + cr)..]);
        run = mayBegin ? tailStart + cr : piece.Length;
        _matched = piece.Length - run;
        return false;
    }
}
