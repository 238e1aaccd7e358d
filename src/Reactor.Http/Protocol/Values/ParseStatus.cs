// The three outcomes of an incremental operation, and how bodies and targets are told apart.
namespace Reactor.Http.Protocol;

/// <summary>The outcome of an attempt to parse a head.</summary>
public enum ParseStatus : byte
{
    /// <summary>The head is complete and ends at <c>consumed</c>.</summary>
    Done,

    /// <summary>The bytes so far are valid but incomplete; nothing is consumed.</summary>
    NeedMore,

    /// <summary>The message is refused; the parser has reason and offset.</summary>
    Rejected,
}

/// <summary>The outcome of an attempt to read a body.</summary>
public enum BodyStatus : byte
{
    /// <summary>The body is complete.</summary>
    Done,

    /// <summary>
    /// The body is incomplete. The buffer is consumed, unless the bound on chunks ended the call.
    /// </summary>
    NeedMore,

    /// <summary>The body is refused; the decoder has reason and offset.</summary>
    Rejected,
}

/// <summary>How a body ends (RFC 9112 6.3).</summary>
public enum BodyKind : byte
{
    /// <summary>No framing field, or a Content-Length of 0.</summary>
    None,

    /// <summary>After Content-Length bytes; at least one.</summary>
    ContentLength,

    /// <summary>With the last chunk (RFC 9112 7.1).</summary>
    Chunked,

    /// <summary>With the connection; responses only.</summary>
    UntilClose,
}

/// <summary>
/// The form of a request target (RFC 9112 3.2); the authority form is refused.
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
