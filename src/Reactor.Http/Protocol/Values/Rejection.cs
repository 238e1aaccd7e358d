// The closed list of what is refused on the wire.
//
// A rejection is the third outcome of every incremental parser, beside "done" and "need more". It
// names a fault of the peer; our own faults are asserted. `RejectionTable` gives each member its
// status, clause and sentence, and the parser reports the byte offset.
namespace Reactor.Http.Protocol;

/// <summary>
/// Why a message was refused; <see cref="RejectionTable"/> has the consequences.
/// </summary>
public enum Rejection : byte
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>A CR without LF in a head, chunk line or trailer section.</summary>
    BareCarriageReturn,

    /// <summary>A line that ends with LF instead of CRLF.</summary>
    BareLineFeed,

    /// <summary>Too many empty lines before the request line.</summary>
    EmptyLinesTooMany,

    /// <summary>A TLS handshake.</summary>
    TlsHandshake,

    /// <summary>The method is not a token.</summary>
    MethodInvalid,

    /// <summary>A method beyond the limit.</summary>
    MethodTooLong,

    /// <summary>Not exactly one space between parts of the request line.</summary>
    RequestLineWhitespace,

    /// <summary>A request line without target or version, as in HTTP/0.9.</summary>
    RequestLineIncomplete,

    /// <summary>A request line beyond the limit.</summary>
    TargetTooLong,

    /// <summary>A byte that no URI may have.</summary>
    TargetInvalid,

    /// <summary>Not origin-form, absolute http(s) form, or <c>*</c> for OPTIONS.</summary>
    TargetForm,

    /// <summary>A bad authority in an absolute-form or CONNECT target.</summary>
    AuthorityInvalid,

    /// <summary>
    /// The authority of an absolute-form target differs from Host, which RFC 9112 would ignore.
    /// </summary>
    AuthorityMismatch,

    /// <summary>A well-formed CONNECT request; there is no proxy here.</summary>
    ConnectUnsupported,

    /// <summary>Anything but <c>HTTP/</c> DIGIT <c>.</c> DIGIT.</summary>
    VersionInvalid,

    /// <summary>A major version other than 1, as in the HTTP/2 preface.</summary>
    VersionUnsupported,

    /// <summary>The first field line begins with whitespace.</summary>
    WhitespaceBeforeFields,

    /// <summary>A field line that begins with its colon.</summary>
    FieldNameEmpty,

    /// <summary>A field name that is not a token.</summary>
    FieldNameInvalid,

    /// <summary>An underscore in a field name, if refused.</summary>
    FieldNameUnderscore,

    /// <summary>Whitespace before the colon.</summary>
    SpaceBeforeColon,

    /// <summary>A field line that ends before any colon.</summary>
    ColonMissing,

    /// <summary>A field line that begins with whitespace (obs-fold).</summary>
    FieldFolded,

    /// <summary>A control character other than HTAB in a field value.</summary>
    FieldValueControl,

    /// <summary>A field line beyond the limit.</summary>
    FieldLineTooLong,

    /// <summary>A header section beyond the limit.</summary>
    FieldSectionTooLarge,

    /// <summary>Too many field lines.</summary>
    FieldsTooMany,

    /// <summary>Content-Type, Authorization, Expect or Sec-WebSocket-Key sent twice.</summary>
    FieldRepeated,

    /// <summary>An HTTP/1.1 request without Host.</summary>
    HostMissing,

    /// <summary>Two Host fields, even equal ones.</summary>
    HostRepeated,

    /// <summary>A Host that is no host with an optional port.</summary>
    HostInvalid,

    /// <summary>An element of Connection that is not a token.</summary>
    ListInvalid,

    /// <summary>Too many empty list elements.</summary>
    ListEmptyElements,

    /// <summary>Anything but 1*DIGIT in Content-Length.</summary>
    LengthInvalid,

    /// <summary>A leading zero, which some peers read as octal.</summary>
    LengthLeadingZero,

    /// <summary>A Content-Length above 2^63-1.</summary>
    LengthOverflow,

    /// <summary>Two lengths, even equal ones.</summary>
    LengthRepeated,

    /// <summary>Both framing fields, as in request smuggling.</summary>
    LengthAndCoding,

    /// <summary>A malformed Transfer-Encoding, or parameters on chunked.</summary>
    CodingInvalid,

    /// <summary>Two Transfer-Encoding fields, or chunked applied twice.</summary>
    CodingRepeated,

    /// <summary>The length of the body cannot be known.</summary>
    CodingNotChunkedLast,

    /// <summary>A coding before the final chunked.</summary>
    CodingUnknown,

    /// <summary>Transfer-Encoding in HTTP/1.0.</summary>
    CodingInOldVersion,

    /// <summary>An expectation other than 100-continue.</summary>
    ExpectationUnknown,

    /// <summary>More content than the limit, announced or received.</summary>
    BodyTooLarge,

    /// <summary>The input ends before the body.</summary>
    BodyIncomplete,

    /// <summary>Anything but 1*HEXDIG as chunk size.</summary>
    ChunkSizeInvalid,

    /// <summary>A chunk size of too many digits.</summary>
    ChunkSizeTooLong,

    /// <summary>
    /// Not <c>;token</c>, <c>;token=token</c> or <c>;token="text"</c>, or too much whitespace
    /// round <c>;</c> and <c>=</c>.
    /// </summary>
    ChunkExtensionInvalid,

    /// <summary>Too long extensions in a chunk line.</summary>
    ChunkExtensionTooLong,

    /// <summary>Too long extensions in a body.</summary>
    ChunkExtensionsTooLarge,

    /// <summary>Too long extensions for so little content.</summary>
    ChunkExtensionsRatio,

    /// <summary>Chunk data longer or shorter than its size.</summary>
    ChunkDataEnding,

    /// <summary>Too many trailer fields.</summary>
    TrailersTooMany,

    /// <summary>A trailer section beyond the limit.</summary>
    TrailersTooLarge,

    /// <summary>Responses only: not version SP three digits SP reason.</summary>
    StatusLineInvalid,

    /// <summary>Responses only: a status line beyond the limit.</summary>
    StatusLineTooLong,

    /// <summary>Responses only: too many 1xx responses.</summary>
    InterimResponsesTooMany,

    /// <summary>The head did not arrive in time; no bytes are wrong.</summary>
    HeadTooSlow,

    /// <summary>The body stopped or was slower than the minimum rate.</summary>
    BodyTooSlow,

    /// <summary>The server had no memory for the body; no bytes are wrong.</summary>
    BodyNoRoom,
}
