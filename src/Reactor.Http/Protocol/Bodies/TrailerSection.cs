// The trailer fields of a chunked body, kept apart from the header fields (RFC 9110 6.5.1).
//
// They are parsed by the rules for header fields. Fields that frame, route, authenticate, condition
// or describe the content are dropped and counted: acting on one would mean acting on a message
// that intermediaries did not see.
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

    /// <summary>The number of dropped fields, which trailers may not have.</summary>
    public int DroppedCount { get; private set; }

    internal Rejection Rejection => _fields.Rejection;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        DroppedCount = 0;
        _fields.Begin(0);
    }

    // Scans a copy, since a trailer section is small and rare. `used` counts from the start of the
    // span; a refused byte may lie before it.
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

    /// <summary>Whether a field may not stand in a trailer section (RFC 9110 6.5.1).</summary>
    internal static bool IsForbidden(KnownHeader header) => header switch
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
