namespace Reactor.Http.Protocol;

/// <summary>
/// The bounds of <see cref="MultipartDecoder"/>, all inclusive; reasons and defaults are in the
/// options of the form. Immutable.
/// </summary>
/// <param name="PartsMax">Parts of a body.</param>
/// <param name="HeadersMax">Header fields of a part.</param>
/// <param name="HeaderBytesMax">Bytes of one header field without CRLF.</param>
/// <param name="PreambleBytesMax">Bytes before the first delimiter.</param>
/// <param name="EpilogueBytesMax">Bytes after the line of the close delimiter.</param>
internal sealed record MultipartLimits(
    int PartsMax, int HeadersMax, int HeaderBytesMax, int PreambleBytesMax, int EpilogueBytesMax)
{
    /// <summary>
    /// SP and HTAB behind a delimiter. RFC 2046 5.1.1 lets gateways pad lines; none of HTTP does.
    /// </summary>
    public const int PaddingBytesMax = 64;

    private const int LineEndBytes = 2;

    /// <summary>For the scanner of a part's header fields.</summary>
    public ParserLimits OfHead { get; } = new()
    {
        FieldsMax = HeadersMax,
        FieldLineBytesMax = HeaderBytesMax,
        SectionBytesMax = (HeadersMax * (HeaderBytesMax + LineEndBytes)) + LineEndBytes,
    };
}
