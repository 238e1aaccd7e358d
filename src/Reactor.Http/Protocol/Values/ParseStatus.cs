namespace Reactor.Http.Protocol;

/// <summary>The outcome of an attempt to parse a head.</summary>
public enum ParseStatus : byte
{
    /// <summary>The head is complete and ends at <c>consumed</c>.</summary>
    Done,

    /// <summary>The head is incomplete; nothing is consumed.</summary>
    NeedMore,

    /// <summary>The message is refused; the parser has reason and offset.</summary>
    Rejected,
}

/// <summary>The outcome of an attempt to read a body.</summary>
public enum BodyStatus : byte
{
    /// <summary>The body is complete.</summary>
    Done,

    /// <summary>The body is incomplete.</summary>
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

/// <summary>The form of a request target (RFC 9112 3.2).</summary>
public enum TargetForm : byte
{
    /// <summary><c>/path?query</c></summary>
    Origin,

    /// <summary><c>http://host/path?query</c></summary>
    Absolute,

    /// <summary><c>*</c>, or an absolute form without a path; OPTIONS only.</summary>
    Asterisk,
}
