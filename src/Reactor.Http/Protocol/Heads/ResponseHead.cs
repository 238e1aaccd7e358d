namespace Reactor.Http.Protocol;

/// <summary>
/// The head of a response as parsed: status, reason and fields. Reused for the next response; see
/// <see cref="MessageHead"/>.
/// </summary>
public sealed class ResponseHead : MessageHead
{
    internal StatusLineScanner Line; // also the progress of its parser

    /// <summary>The status code, 100 to 999.</summary>
    public int Status => Line.Status;

    /// <summary>The reason phrase; may be empty, and means nothing.</summary>
    public ReadOnlySpan<byte> Reason => Slice(Line.ReasonStart, Line.ReasonLength);

    /// <summary>The minor version; 1 to 9 are handled alike.</summary>
    public int VersionMinor => Line.VersionMinor;

    /// <summary>
    /// Whether a final response follows (RFC 9110 15.2). 101 is final, since no HTTP follows it.
    /// </summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>How the body is framed; None for HEAD, 1xx, 204 and 304.</summary>
    public BodyKind BodyKind { get; internal set; }

    /// <summary>
    /// The value of Content-Length in bytes, or -1. For HEAD and 304 no such body is sent.
    /// </summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the connection may be used again after the body.</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>
    /// What a tolerant <see cref="ResponseParser"/> forgave, once the head is complete; else None.
    /// </summary>
    public ResponseDeviations Deviations { get; internal set; }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Line = default;
        BodyKind = BodyKind.None;
        ContentLength = -1;
        KeepAlive = false;
        Deviations = ResponseDeviations.None;
    }
}
