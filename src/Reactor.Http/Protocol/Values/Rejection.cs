// The closed list of what is refused on the wire, and nothing else is.
//
// A rejection is the third outcome of every incremental parser here, beside "done" and "need more".
// It says what the peer did wrong; our own mistakes are asserts. `RejectionTable` gives each member
// its status, clause and sentence; the parser reports the byte offset beside it.
namespace Reactor.Http.Protocol;

/// <summary>
/// Why a message was refused. <see cref="RejectionTable"/> holds what follows from each reason.
/// </summary>
public enum Rejection : byte
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>
    /// A CR that no LF follows, anywhere in a head, chunk line or trailer section.
    /// </summary>
    BareCarriageReturn,

    /// <summary>A line that ends with LF instead of CRLF.</summary>
    BareLineFeed,

    /// <summary>More empty lines before the request line than the limit allows.</summary>
    EmptyLinesTooMany,

    /// <summary>The first byte is that of a TLS handshake record.</summary>
    TlsHandshake,

    /// <summary>The method is empty or has a byte that no token may have.</summary>
    MethodInvalid,

    /// <summary>The method is longer than the limit.</summary>
    MethodTooLong,

    /// <summary>A tab, a second space or a space at the end of the request line.</summary>
    RequestLineWhitespace,

    /// <summary>A request line without target or version; HTTP/0.9's simple request too.</summary>
    RequestLineIncomplete,

    /// <summary>The request line is longer than the limit.</summary>
    TargetTooLong,

    /// <summary>A byte outside the visible ASCII characters that a URI may have.</summary>
    TargetInvalid,

    /// <summary>Not origin-form, absolute http(s) form, or <c>*</c> for OPTIONS.</summary>
    TargetForm,

    /// <summary>A bad authority in an absolute-form or CONNECT target.</summary>
    AuthorityInvalid,

    /// <summary>
    /// The authority of an absolute-form target and Host differ. RFC 9112 would ignore Host;
    /// two opinions about the host are refused here.
    /// </summary>
    AuthorityMismatch,

    /// <summary>A well-formed CONNECT request: this is no proxy.</summary>
    ConnectUnsupported,

    /// <summary>Anything but <c>HTTP/</c> DIGIT <c>.</c> DIGIT.</summary>
    VersionInvalid,

    /// <summary>
    /// A well-formed version whose major number is not 1; the HTTP/2 preface too.
    /// </summary>
    VersionUnsupported,

    /// <summary>The first field line begins with whitespace.</summary>
    WhitespaceBeforeFields,

    /// <summary>A field line that begins with its colon.</summary>
    FieldNameEmpty,

    /// <summary>A byte in a field name that no token may have.</summary>
    FieldNameInvalid,

    /// <summary>An underscore in a field name, where the limits refuse it.</summary>
    FieldNameUnderscore,

    /// <summary>Whitespace inside or after a field name.</summary>
    SpaceBeforeColon,

    /// <summary>A field line that ends before any colon.</summary>
    ColonMissing,

    /// <summary>A field line that begins with whitespace: obsolete line folding.</summary>
    FieldFolded,

    /// <summary>NUL, DEL or a control character other than HTAB in a field value.</summary>
    FieldValueControl,

    /// <summary>A field line longer than the limit.</summary>
    FieldLineTooLong,

    /// <summary>A header section with more bytes than the limit.</summary>
    FieldSectionTooLarge,

    /// <summary>More field lines than the limit.</summary>
    FieldsTooMany,

    /// <summary>Content-Type, Authorization, Expect or Sec-WebSocket-Key sent twice.</summary>
    FieldRepeated,

    /// <summary>An HTTP/1.1 request without Host.</summary>
    HostMissing,

    /// <summary>Two Host fields, even equal ones.</summary>
    HostRepeated,

    /// <summary>
    /// An empty Host, or one with user information, a path, a comma or a bad port.
    /// </summary>
    HostInvalid,

    /// <summary>An element of Connection that is not a token.</summary>
    ListInvalid,

    /// <summary>More empty list elements than the limit calls reasonable.</summary>
    ListEmptyElements,

    /// <summary>Anything but 1*DIGIT in Content-Length.</summary>
    LengthInvalid,

    /// <summary>A leading zero: some peers would read the number as octal.</summary>
    LengthLeadingZero,

    /// <summary>A Content-Length above 2^63-1.</summary>
    LengthOverflow,

    /// <summary>Two Content-Length fields or a list of lengths, even equal ones.</summary>
    LengthRepeated,

    /// <summary>Both framing fields in one message: the classic of request smuggling.</summary>
    LengthAndCoding,

    /// <summary>An empty Transfer-Encoding or element, quotes, or parameters on chunked.</summary>
    CodingInvalid,

    /// <summary>Two Transfer-Encoding fields, or chunked applied twice.</summary>
    CodingRepeated,

    /// <summary>The length of the body cannot be known.</summary>
    CodingNotChunkedLast,

    /// <summary>A coding before the final chunked.</summary>
    CodingUnknown,

    /// <summary>A Transfer-Encoding that older parties on the way would not have seen.</summary>
    CodingInOldVersion,

    /// <summary>An Expect field with any other value than 100-continue.</summary>
    ExpectationUnknown,

    /// <summary>More content than the limit, announced or received.</summary>
    BodyTooLarge,

    /// <summary>End of input before the framing says that the body is complete.</summary>
    BodyIncomplete,

    /// <summary>Anything but 1*HEXDIG as chunk size.</summary>
    ChunkSizeInvalid,

    /// <summary>More hexadecimal digits than the limit, leading zeros included.</summary>
    ChunkSizeTooLong,

    /// <summary>
    /// Not <c>;token</c>, <c>;token=token</c> or <c>;token="text"</c>, or too much whitespace
    /// round <c>;</c> and <c>=</c>.
    /// </summary>
    ChunkExtensionInvalid,

    /// <summary>More extension bytes in one chunk line than the limit.</summary>
    ChunkExtensionTooLong,

    /// <summary>More extension bytes in one body than the limit.</summary>
    ChunkExtensionsTooLarge,

    /// <summary>More extension bytes than the amount of content can justify.</summary>
    ChunkExtensionsRatio,

    /// <summary>Chunk data longer or shorter than its size.</summary>
    ChunkDataEnding,

    /// <summary>More trailer fields than the limit.</summary>
    TrailersTooMany,

    /// <summary>A trailer section with more bytes than the limit.</summary>
    TrailersTooLarge,

    /// <summary>Responses only: not version SP three digits SP reason.</summary>
    StatusLineInvalid,

    /// <summary>Responses only: a status line longer than the limit.</summary>
    StatusLineTooLong,

    /// <summary>Responses only: more 1xx responses than the limit.</summary>
    InterimResponsesTooMany,

    /// <summary>The head did not come in the time for it; no bytes are wrong.</summary>
    HeadTooSlow,

    /// <summary>The body comes more slowly than the least rate, or stands still.</summary>
    BodyTooSlow,

    /// <summary>The server had no memory for the body in time; no bytes are wrong.</summary>
    BodyNoRoom,
}
