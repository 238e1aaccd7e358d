namespace Reactor.Http.Protocol;

/// <summary>
/// A parsed request head (RFC 9112 2 to 6, 9.3). Reusable; see <see cref="MessageHead"/>.
/// </summary>
public sealed class RequestHead : MessageHead
{
    internal RequestLineScanner Line; // also the progress of its parser

    /// <summary>The method, if it is known (RFC 9110 9.1).</summary>
    public KnownMethod Method => Line.Method;

    /// <summary>The bytes of the method.</summary>
    public ReadOnlySpan<byte> MethodBytes =>
        Slice(Line.MethodStart, Line.MethodEnd - Line.MethodStart);

    /// <summary>The form of the target (RFC 9112 3.2).</summary>
    public TargetForm Form { get; internal set; }

    /// <summary>The target as it was sent.</summary>
    public ReadOnlySpan<byte> Target =>
        Slice(Line.TargetStart, Line.TargetEnd - Line.TargetStart);

    /// <summary>
    /// The path with its percent escapes; never empty, <c>*</c> for the asterisk form.
    /// </summary>
    public ReadOnlySpan<byte> Path =>
        PathEnd > PathStart ? Slice(PathStart, PathEnd - PathStart) : EmptyPath;

    /// <summary>The query without its question mark, or empty.</summary>
    public ReadOnlySpan<byte> Query =>
        HasQuery ? Slice(Line.QueryStart, Line.TargetEnd - Line.QueryStart) : default;

    /// <summary>The value of Host, or empty. An authority in the target equals it.</summary>
    public ReadOnlySpan<byte> Authority => Slice(AuthorityPlace.Start, AuthorityPlace.Length);

    /// <summary>
    /// The minor version, 0 to 9. All but 0 are handled as 1 (RFC 9110 6.2).
    /// </summary>
    public int VersionMinor => Line.VersionMinor;

    /// <summary>How the body is framed (RFC 9112 6.3).</summary>
    public BodyKind BodyKind { get; internal set; }

    /// <summary>The value of Content-Length in bytes, or -1 if there is none.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the connection may be kept (RFC 9112 9.3).</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>
    /// Whether the client may wait for a 100 response before it sends its body (RFC 9110 10.1.1).
    /// </summary>
    public bool ExpectContinue { get; internal set; }

    /// <summary>
    /// Whether Upgrade is present and listed in Connection (RFC 9110 7.8). An offer in HTTP/1.0 or
    /// with a body is ignored.
    /// </summary>
    public bool HasUpgrade { get; internal set; }

    private bool HasQuery => Line.QueryStart > 0;

    private int PathEnd => HasQuery ? Line.QueryStart - 1 : Line.TargetEnd;

    private ReadOnlySpan<byte> EmptyPath => Form == TargetForm.Asterisk ? "*"u8 : "/"u8;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Line = default;
        Form = TargetForm.Origin;
        BodyKind = BodyKind.None;
        ContentLength = -1;
        KeepAlive = false;
        ExpectContinue = false;
        HasUpgrade = false;
        (PathStart, AuthorityPlace) = (0, default);
    }

    internal int PathStart { get; set; }

    internal (int Start, int Length) AuthorityPlace { get; set; }
}
