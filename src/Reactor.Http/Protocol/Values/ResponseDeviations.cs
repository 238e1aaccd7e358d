namespace Reactor.Http.Protocol;

/// <summary>
/// What a tolerant <see cref="ResponseParser"/> forgives: violations of the grammar that leave one
/// meaning.
/// </summary>
[Flags]
public enum ResponseDeviations : byte
{
    /// <summary>The head is in order, or the parser strict.</summary>
    None = 0,

    /// <summary>
    /// A value over several lines. Each fold is read as spaces, as RFC 9112 5.2 demands of a user
    /// agent.
    /// </summary>
    FoldedField = 1,

    /// <summary>Content-Length more than once, always with the same value (RFC 9110 8.6).</summary>
    RepeatedLength = 2,

    /// <summary>A status line that ends behind its code, without the space (RFC 9112 4).</summary>
    MissingReason = 4,

    /// <summary>A line of the head that ends with LF alone (RFC 9112 2.2).</summary>
    BareLineFeed = 8,

    /// <summary>
    /// Transfer codings before a final chunked (RFC 9112 6.1): the content stays encoded.
    /// </summary>
    CodingBeforeChunked = 16,
}
