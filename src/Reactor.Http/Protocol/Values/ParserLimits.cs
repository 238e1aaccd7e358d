// All bounds of the parsers in one place, each with its reason and its precedent.
//
// `...Max` is inclusive: exactly the limit passes, one more is refused. Nothing here weakens the
// grammar; a limit only says how much of a well-formed thing is taken.
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

/// <summary>
/// Bounds of what the parsers accept. Immutable; may be shared by all connections.
/// </summary>
public sealed class ParserLimits
{
    /// <summary>The default of every limit.</summary>
    public static ParserLimits Default { get; } = new();

    /// <summary>
    /// Bytes of the request line (or status line) without its CRLF; 8192, else 414. RFC 9112 3 asks
    /// for at least 8000; nginx and Kestrel take 8 KiB.
    /// </summary>
    public int RequestLineBytesMax { get; init => field = InRange(value, 16, 65535); } = 8192;

    /// <summary>
    /// Bytes of a method; 32, else 501. The longest registered method has 17; a longer one is
    /// surely not implemented (RFC 9112 3), and is refused before its target arrives.
    /// </summary>
    public int MethodBytesMax { get; init => field = InRange(value, 1, 1024); } = 32;

    /// <summary>
    /// Empty lines taken before a request line; 2, else 400. RFC 9112 2.2 wants at least one for
    /// old clients that send a CRLF after a body; an endless stream of them is an attack.
    /// </summary>
    public int EmptyLinesMax { get; init => field = InRange(value, 0, 16); } = 2;

    /// <summary>
    /// Bytes of one field line without its CRLF; 8192, else 431. aiohttp has 8190, nginx 8 KiB.
    /// </summary>
    public int FieldLineBytesMax { get; init => field = InRange(value, 16, 65535); } = 8192;

    /// <summary>
    /// Bytes of the header section with all line ends, the empty line's too; 32768, else 431. As in
    /// Kestrel: room for large cookies, yet a hundred thousand heads in flight stay affordable.
    /// </summary>
    public int SectionBytesMax { get; init => field = InRange(value, 2, 1 << 20); } = 32768;

    /// <summary>Field lines of a head; 100, else 431. As in Kestrel.</summary>
    public int FieldsMax { get; init => field = InRange(value, 0, 10000); } = 100;

    /// <summary>
    /// Empty elements in the Connection lists of one head, and in its Expect; 8, else 400. RFC 9110
    /// 5.6.1.2 asks for "a reasonable number" against senders that merge lists carelessly.
    /// </summary>
    public int ListEmptyElementsMax { get; init => field = InRange(value, 0, 1024); } = 8;

    /// <summary>
    /// Whether a field name with an underscore is refused; false. A deployment behind a gateway
    /// that maps <c>-</c> and <c>_</c> to one name (CGI does) sets it; nginx drops such fields.
    /// </summary>
    public bool RefuseUnderscoreNames { get; init; }

    /// <summary>
    /// Bytes of content in one body; 1 MiB, else 413. As in nginx and aiohttp; a route that takes
    /// uploads passes its own limit to the decoder.
    /// </summary>
    public long BodyBytesMax { get; init => field = NotNegative(value); } = 1 << 20;

    /// <summary>
    /// Hexadecimal digits of a chunk size, leading zeros included; 8, else 400. 4 GiB in one chunk
    /// is enough, the number fits without overflow, and Kestrel stops there too.
    /// </summary>
    public int ChunkSizeDigitsMax { get; init => field = InRange(value, 1, 15); } = 8;

    /// <summary>
    /// Bytes of the extensions in one chunk line, from behind the size to before the CRLF; 256,
    /// else 400. Nobody uses them, but RFC 9112 7.1.1 makes us read over them.
    /// </summary>
    public int ChunkExtensionLineBytesMax { get; init => field = InRange(value, 0, 65535); } = 256;

    /// <summary>
    /// Bytes of all chunk extensions in one body; 4096, else 400. Without it extensions are a way
    /// to send a body of any size past the body limit (Go, CVE-2023-39326).
    /// </summary>
    public int ChunkExtensionBodyBytesMax { get; init => field = InRange(value, 0, 65535); } = 4096;

    /// <summary>
    /// Bytes by which chunk extensions may exceed 16 per chunk plus twice the content; 2048, else
    /// 400. Go's rule with a smaller allowance: a sender of one-byte chunks with long extensions is
    /// stopped early, while a real one, who signs large chunks, never comes near.
    /// </summary>
    public int ChunkExtensionExcessBytesMax { get; init => field = InRange(value, 0, 65535); } =
        2048;

    /// <summary>
    /// SP and HTAB in a row round <c>;</c> and <c>=</c> of a chunk extension; 4, else 400. RFC 9110
    /// 5.6.3 makes us accept such "bad whitespace"; it does not say how much.
    /// </summary>
    public int ChunkWhitespaceMax { get; init => field = InRange(value, 0, 256); } = 4;

    /// <summary>
    /// Trailer fields of a chunked body; 16, else closed. Checksums need one or two.
    /// </summary>
    public int TrailersMax { get; init => field = InRange(value, 0, 1000); } = 16;

    /// <summary>
    /// Bytes of a trailer section with all line ends; 4096, else closed (aiohttp had no bound:
    /// CVE-2026-22815).
    /// </summary>
    public int TrailerBytesMax { get; init => field = InRange(value, 2, 1 << 20); } = 4096;

    /// <summary>
    /// Pairs of a query that a handler asks for decoded; 1024, else 400. As in the forms of
    /// ASP.NET Core; each becomes two strings.
    /// </summary>
    public int QueryKeysMax { get; init => field = InRange(value, 0, 65535); } = 1024;

    /// <summary>
    /// Cookies of a request; 128, the rest is ignored. RFC 6265 6.1 asks clients to keep 50 for a
    /// host; a request must not fail because of what others have set.
    /// </summary>
    public int CookiesMax { get; init => field = InRange(value, 0, 65535); } = 128;

    /// <summary>
    /// Interim (1xx) responses before a final one; 16, else refused. Go's client allows a
    /// comparable number; a server that sends them for ever would hold the client for ever.
    /// </summary>
    public int InterimResponsesMax { get; init => field = InRange(value, 0, 1000); } = 16;

    private static int InRange(int value, int least, int most, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }

    private static long NotNegative(long value, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        return value;
    }
}
