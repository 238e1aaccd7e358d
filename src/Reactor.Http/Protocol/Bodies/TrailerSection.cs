// The trailer fields of a chunked body, kept apart from the header fields for good (RFC 9110
// 6.5.1).
//
// They are parsed by the header rules. Fields that frame, route, authenticate, condition or
// describe the content are dropped and counted: whoever acts on one that comes after the body has
// been made to act on a message that others on the way did not see.
namespace Reactor.Http.Protocol;

/// <summary>
/// The trailer fields of a chunked body; see <see cref="MessageHead"/>. Reusable.
/// </summary>
public sealed class TrailerSection : MessageHead
{
    internal TrailerSection()
    {
    }

    /// <summary>
    /// How many fields were dropped because they may not stand in a trailer section.
    /// </summary>
    public int DroppedCount { get; private set; }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        DroppedCount = 0;
    }

    internal void DropForbidden() => DroppedCount = RemoveFields(IsForbidden);

    /// <summary>Whether a field may not stand in a trailer section (RFC 9110 6.5.1).</summary>
    /// <param name="header">A known name.</param>
    /// <returns>True for framing, routing, control, authentication and content fields.</returns>
    public static bool IsForbidden(KnownHeader header) => header switch
    {
        // framing and routing
        KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Host => true,
        KnownHeader.Trailer or KnownHeader.TE or KnownHeader.MaxForwards => true,
        KnownHeader.Forwarded or KnownHeader.XForwardedFor or KnownHeader.XForwardedHost => true,
        KnownHeader.XForwardedProto or KnownHeader.Via => true,

        // the connection
        KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.Upgrade => true,
        KnownHeader.ProxyConnection or KnownHeader.SecWebSocketKey => true,
        KnownHeader.SecWebSocketAccept or KnownHeader.SecWebSocketVersion => true,
        KnownHeader.SecWebSocketProtocol or KnownHeader.SecWebSocketExtensions => true,

        // request modifiers and response control
        KnownHeader.Expect or KnownHeader.CacheControl or KnownHeader.Pragma => true,
        KnownHeader.IfMatch or KnownHeader.IfNoneMatch or KnownHeader.IfModifiedSince => true,
        KnownHeader.IfUnmodifiedSince or KnownHeader.IfRange or KnownHeader.Range => true,
        KnownHeader.Age or KnownHeader.Date or KnownHeader.Expires or KnownHeader.Vary => true,
        KnownHeader.Location or KnownHeader.RetryAfter => true,

        // authentication and state
        KnownHeader.Authorization or KnownHeader.ProxyAuthorization => true,
        KnownHeader.WwwAuthenticate or KnownHeader.ProxyAuthenticate => true,
        KnownHeader.Cookie or KnownHeader.SetCookie or KnownHeader.Origin => true,

        // how to read the content
        KnownHeader.ContentType or KnownHeader.ContentEncoding => true,
        KnownHeader.ContentRange or KnownHeader.ContentDisposition => true,
        _ => false,
    };
}
