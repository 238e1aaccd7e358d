// The trailer fields of a chunked body, kept apart from the header fields (RFC 9110 6.5.1).
//
// Fields that frame, route, authenticate, condition or describe the content are dropped and
// counted: acting on one would mean acting on a message that intermediaries did not see.
using static Reactor.Http.Protocol.KnownHeader;

namespace Reactor.Http.Protocol;

/// <summary>
/// The trailer fields of a chunked body; see <see cref="MessageHead"/>. Reusable.
/// </summary>
public sealed class TrailerSection : MessageHead
{
    private readonly int _bytesMax;
    private FieldScanner _fields;

    internal TrailerSection(ParserLimits limits)
    {
        _bytesMax = limits.TrailerBytesMax;
        _fields = new FieldScanner(limits, trailers: true);
    }

    /// <summary>The number of fields dropped because trailers may not have them.</summary>
    public int DroppedCount { get; private set; }

    internal Rejection Rejection => _fields.Rejection;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        DroppedCount = 0;
        _fields.Begin(0);
    }

    // Scans a copy, since a trailer section is small and rare. A refused byte may lie before the
    // span.
    internal ParseStatus Read(ReadOnlySpan<byte> span, out int used)
    {
        int before = Length;
        Append(span[..Math.Min(span.Length, _bytesMax + 1 - before)]);
        ParseStatus status = _fields.Scan(Bytes, this);
        used = (status == ParseStatus.NeedMore ? Length : _fields.Position) - before;
        if (status == ParseStatus.Done)
        {
            Truncate(_fields.Position);
            DroppedCount = RemoveFields(IsForbidden);
        }

        return status;
    }

    /// <summary>Whether a field is not allowed in a trailer section (RFC 9110 6.5.1).</summary>
    internal static bool IsForbidden(KnownHeader header) => header is
        // framing and routing
        ContentLength or TransferEncoding or Host or Trailer or TE or MaxForwards or Forwarded
        or XForwardedFor or XForwardedHost or XForwardedProto or Via

        // the connection
        or Connection or KeepAlive or Upgrade or ProxyConnection or SecWebSocketKey
        or SecWebSocketAccept or SecWebSocketVersion or SecWebSocketProtocol
        or SecWebSocketExtensions

        // request modifiers and response control
        or Expect or CacheControl or Pragma or IfMatch or IfNoneMatch or IfModifiedSince
        or IfUnmodifiedSince or IfRange or KnownHeader.Range or Age or Date or Expires or Vary
        or Location or RetryAfter

        // authentication and state
        or Authorization or ProxyAuthorization or WwwAuthenticate or ProxyAuthenticate or Cookie
        or SetCookie or Origin

        // how to read the content
        or ContentType or ContentEncoding or ContentRange or ContentDisposition;
}
