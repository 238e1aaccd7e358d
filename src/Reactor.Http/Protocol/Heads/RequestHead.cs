// One request head: its parts as spans over its own bytes, and what framing and the connection
// need, already decided. No part of it is ever read from the wire a second time.
namespace Reactor.Http.Protocol;

/// <summary>
/// A parsed request head (RFC 9112 2 to 6, 9.3). Reusable; see <see cref="MessageHead"/>.
/// </summary>
public sealed class RequestHead : MessageHead
{
    // Fields that carry no secret. Any other may, and one that we do not know.
    private static readonly ulong s_open = Bits(
        KnownHeader.Host,
        KnownHeader.Connection,
        KnownHeader.KeepAlive,
        KnownHeader.ContentLength,
        KnownHeader.ContentType,
        KnownHeader.TransferEncoding,
        KnownHeader.Expect,
        KnownHeader.TE,
        KnownHeader.Accept,
        KnownHeader.AcceptEncoding,
        KnownHeader.AcceptLanguage,
        KnownHeader.CacheControl,
        KnownHeader.Pragma,
        KnownHeader.Range,
        KnownHeader.IfModifiedSince,
        KnownHeader.UserAgent);

    private ParserLimits? _soundWithin;
    private int _methodStart;
    private int _methodLength;
    private int _targetStart;
    private int _targetLength;
    private int _pathStart;
    private int _pathLength;
    private int _queryStart;
    private int _queryLength;
    private int _authorityStart;
    private int _authorityLength;

    /// <summary>The method, if it is a known one (RFC 9110 9.1).</summary>
    public KnownMethod Method { get; private set; }

    /// <summary>The bytes of the method.</summary>
    public ReadOnlySpan<byte> MethodBytes => Slice(_methodStart, _methodLength);

    /// <summary>The form of the target (RFC 9112 3.2).</summary>
    public TargetForm Form { get; internal set; }

    /// <summary>The whole target as it was sent.</summary>
    public ReadOnlySpan<byte> Target => Slice(_targetStart, _targetLength);

    /// <summary>
    /// The path, escapes and all, without the query: <c>*</c> for the asterisk form, never empty.
    /// </summary>
    public ReadOnlySpan<byte> Path => _pathLength > 0 ? Slice(_pathStart, _pathLength) : EmptyPath;

    /// <summary>The query without its question mark; empty if there is none.</summary>
    public ReadOnlySpan<byte> Query => Slice(_queryStart, _queryLength);

    /// <summary>
    /// The authority: that of Host, which an absolute form may not contradict; or empty.
    /// </summary>
    public ReadOnlySpan<byte> Authority => Slice(_authorityStart, _authorityLength);

    /// <summary>
    /// The minor version: 0, or 1 to 9, which are all handled as 1 (RFC 9110 6.2).
    /// </summary>
    public int VersionMinor { get; private set; }

    /// <summary>How the body is framed (RFC 9112 6.3).</summary>
    public BodyKind BodyKind { get; internal set; }

    /// <summary>The value of Content-Length in bytes, or -1 if there is none.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>
    /// Whether the client lets the connection live (RFC 9112 9.3): the default of HTTP/1.1 unless
    /// <c>close</c> is asked for; in HTTP/1.0 only with <c>keep-alive</c>.
    /// </summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>
    /// Whether the client may wait for a 100 response before it sends the body (RFC 9110 10.1.1).
    /// Never in HTTP/1.0, and never without a body.
    /// </summary>
    public bool ExpectContinue { get; internal set; }

    /// <summary>
    /// Whether a switch of protocols is offered: Upgrade is there and Connection lists it
    /// (RFC 9110 7.8). Never in HTTP/1.0, and never with a body: such an offer is ignored.
    /// </summary>
    public bool HasUpgrade { get; internal set; }

    // Changes with each head that is parsed, so it stays where one is recognised.
    internal int Number { get; private set; }

    private ReadOnlySpan<byte> EmptyPath => Form == TargetForm.Asterisk ? "*"u8 : "/"u8;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Number++;
        _soundWithin = null;
        Method = KnownMethod.Other;
        Form = TargetForm.Origin;
        VersionMinor = 0;
        BodyKind = BodyKind.None;
        ContentLength = -1;
        KeepAlive = false;
        ExpectContinue = false;
        HasUpgrade = false;
        (_methodStart, _methodLength) = (0, 0);
        (_targetStart, _targetLength) = (0, 0);
        (_pathStart, _pathLength) = (0, 0);
        (_queryStart, _queryLength) = (0, 0);
        (_authorityStart, _authorityLength) = (0, 0);
    }

    // The head is whole and in order. One that may carry a secret is not recognised when it comes
    // again: the time that this saves would tell another client that it has guessed right. (Who has
    // guessed a path has what it leads to anyway.)
    internal void MarkSound(ParserLimits limits) =>
        _soundWithin = (Present & ~s_open) == 0 && _queryLength == 0 ? limits : null;

    // Whether `data` begins with this very head, which so means the same once more.
    internal bool IsAtStartOf(ReadOnlySpan<byte> data, ParserLimits limits) =>
        ReferenceEquals(_soundWithin, limits) && data.StartsWith(Bytes);

    internal void SetLine(in RequestLineScanner line)
    {
        Method = line.Method;
        VersionMinor = line.VersionMinor;
        (_methodStart, _methodLength) = (line.MethodStart, line.MethodEnd - line.MethodStart);
        (_targetStart, _targetLength) = (line.TargetStart, line.TargetEnd - line.TargetStart);
    }

    private static ulong Bits(params ReadOnlySpan<KnownHeader> headers)
    {
        ulong bits = 0;
        foreach (KnownHeader header in headers)
        {
            bits |= 1UL << (int)header;
        }

        return bits;
    }

    internal void SetPath(int start, int length) => (_pathStart, _pathLength) = (start, length);

    internal void SetQuery(int start, int length) => (_queryStart, _queryLength) = (start, length);

    internal void SetAuthority(int start, int length) =>
        (_authorityStart, _authorityLength) = (start, length);
}
