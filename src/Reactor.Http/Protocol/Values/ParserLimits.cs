// All bounds of the parsers, each with its reason and its precedent. No limit weakens the grammar.
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

/// <summary>Bounds of what the parsers accept, all inclusive. Immutable.</summary>
public sealed class ParserLimits
{
    /// <summary>The default of every limit.</summary>
    public static ParserLimits Default { get; } = new();

    /// <summary>
    /// For a client that measures servers as they are: 256 KiB and 1000 fields in a head as in a
    /// trailer section, and interim responses without a bound but that of the caller's time. Else
    /// as <see cref="Default"/>.
    /// </summary>
    public static ParserLimits Tolerant { get; } = new()
    {
        FieldLineBytesMax = 1 << 18,
        SectionBytesMax = 1 << 18,
        FieldsMax = 1000,
        TrailersMax = 1000,
        TrailerBytesMax = 1 << 18,
        InterimResponsesMax = int.MaxValue,
    };

    /// <summary>
    /// Bytes of the request or status line without CRLF; 8192, else 414. RFC 9112 3 recommends at
    /// least 8000.
    /// </summary>
    public int RequestLineBytesMax { get; init => field = InRange(value, 16, 65535); } = 8192;

    /// <summary>
    /// Bytes of a method; 32, else 501 (RFC 9112 3). The longest registered method has 17.
    /// </summary>
    public int MethodBytesMax { get; init => field = InRange(value, 1, 1024); } = 32;

    /// <summary>
    /// Empty lines before a request line; 2, else 400. RFC 9112 2.2 wants at least one.
    /// </summary>
    public int EmptyLinesMax { get; init => field = InRange(value, 0, 16); } = 2;

    /// <summary>
    /// Bytes of one field line without CRLF; 8192, else 431. As in nginx and aiohttp (8190).
    /// </summary>
    public int FieldLineBytesMax { get; init => field = InRange(value, 16, 1 << 20); } = 8192;

    /// <summary>
    /// Bytes of the header section with all line ends and the empty line; 32768, else 431. As in
    /// Kestrel: enough for large cookies.
    /// </summary>
    public int SectionBytesMax { get; init => field = InRange(value, 2, 1 << 20); } = 32768;

    /// <summary>Field lines of a head; 100, else 431. As in Kestrel.</summary>
    public int FieldsMax { get; init => field = InRange(value, 0, 10000); } = 100;

    /// <summary>
    /// Empty elements in the Connection lists of a head, and in its Expect; 8, else 400. RFC 9110
    /// 5.6.1.2 asks for "a reasonable number".
    /// </summary>
    public int ListEmptyElementsMax { get; init => field = InRange(value, 0, 1024); } = 8;

    /// <summary>
    /// Whether field names with an underscore are refused; false. Set it behind a gateway that, as
    /// CGI does, maps <c>-</c> and <c>_</c> to one name.
    /// </summary>
    public bool RefuseUnderscoreNames { get; init; }

    /// <summary>
    /// Bytes of content in a body; 1 MiB, else 413. As in nginx and aiohttp.
    /// </summary>
    public long BodyBytesMax { get; init => field = NotNegative(value); } = 1 << 20;

    /// <summary>
    /// Digits of a chunk size with leading zeros; 8, else 400. As in Kestrel.
    /// </summary>
    public int ChunkSizeDigitsMax { get; init => field = InRange(value, 1, 15); } = 8;

    /// <summary>
    /// Bytes of the extensions in a chunk line; 256, else 400. RFC 9112 7.1.1 makes recipients
    /// parse them.
    /// </summary>
    public int ChunkExtensionLineBytesMax { get; init => field = InRange(value, 0, 65535); } = 256;

    /// <summary>
    /// Bytes of all chunk extensions in a body; 4096, else 400. They are not part of the body limit
    /// (Go, CVE-2023-39326).
    /// </summary>
    public int ChunkExtensionBodyBytesMax { get; init => field = InRange(value, 0, 65535); } = 4096;

    /// <summary>
    /// Bytes of chunk extensions beyond 16 per chunk plus twice the content; 2048, else 400. Go's
    /// rule with a smaller allowance; signatures on large chunks pass.
    /// </summary>
    public int ChunkExtensionExcessBytesMax { get; init => field = InRange(value, 0, 65535); } =
        2048;

    /// <summary>
    /// SP and HTAB in a row round <c>;</c> and <c>=</c> of a chunk extension; 4, else 400. RFC 9110
    /// 5.6.3 has no bound.
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
    /// Pairs of a query that a handler decodes; 1024, else 400. Each makes two strings.
    /// </summary>
    public int QueryKeysMax { get; init => field = InRange(value, 0, 65535); } = 1024;

    /// <summary>
    /// Cookies of a request; 128, further ones are ignored, since they may be those of other
    /// applications. RFC 6265 6.1 asks clients to keep 50 per host.
    /// </summary>
    public int CookiesMax { get; init => field = InRange(value, 0, 65535); } = 128;

    /// <summary>Interim (1xx) responses before a final one; 16, else refused.</summary>
    public int InterimResponsesMax { get; init => field = InRange(value, 0, int.MaxValue); } = 16;

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
