// The three outcomes of anything incremental. "Need more" is neither an error nor an exception.
namespace Reactor.Http.Protocol;

/// <summary>What came of an attempt to parse a head.</summary>
public enum ParseStatus : byte
{
    /// <summary>The head is complete; <c>consumed</c> stands right after its last byte.</summary>
    Done,

    /// <summary>The bytes so far are fine, but not all; nothing is consumed.</summary>
    NeedMore,

    /// <summary>The message is refused; the parser tells the reason and the offset.</summary>
    Rejected,
}

/// <summary>What came of an attempt to read a body.</summary>
public enum BodyStatus : byte
{
    /// <summary>The body is complete; the content of this call was the last.</summary>
    Done,

    /// <summary>
    /// Not complete yet. Everything in the buffer is consumed and only new bytes help, unless the
    /// call was ended by the number of chunks that it was given.
    /// </summary>
    NeedMore,

    /// <summary>The body is refused; the decoder tells the reason and the offset.</summary>
    Rejected,
}

/// <summary>How the end of a body is found (RFC 9112 6.3).</summary>
public enum BodyKind : byte
{
    /// <summary>There is no body: no framing field, or a Content-Length of 0.</summary>
    None,

    /// <summary>The body has as many bytes as Content-Length says; at least one.</summary>
    ContentLength,

    /// <summary>The body is sent in chunks (RFC 9112 7.1).</summary>
    Chunked,

    /// <summary>Responses only: the body ends when the connection does.</summary>
    UntilClose,
}

/// <summary>
/// The form of a request target (RFC 9112 3.2). The authority form never gets here.
/// </summary>
public enum TargetForm : byte
{
    /// <summary><c>/path?query</c></summary>
    Origin,

    /// <summary><c>http://host/path?query</c></summary>
    Absolute,

    /// <summary>
    /// <c>*</c>, for OPTIONS only; also an absolute form of OPTIONS without a path.
    /// </summary>
    Asterisk,
}
