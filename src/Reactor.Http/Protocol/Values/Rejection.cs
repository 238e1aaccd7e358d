// The closed list of the peer's faults: the third outcome of every parser.
namespace Reactor.Http.Protocol;

/// <summary>
/// Why a message was refused; <see cref="RejectionTable"/> has the consequences.
/// </summary>
public enum Rejection : byte
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>A CR without LF.</summary>
    BareCarriageReturn,

    /// <summary>An LF without CR.</summary>
    BareLineFeed,

    /// <summary>Too many empty lines before the head.</summary>
    EmptyLinesTooMany,

    /// <summary>A TLS handshake.</summary>
    TlsHandshake,

    /// <summary>The method is not a token.</summary>
    MethodInvalid,

    /// <summary>A method beyond the limit.</summary>
    MethodTooLong,

    /// <summary>Not exactly one space between its parts.</summary>
    RequestLineWhitespace,

    /// <summary>No target or no version, as in HTTP/0.9.</summary>
    RequestLineIncomplete,

    /// <summary>A request line beyond the limit.</summary>
    TargetTooLong,

    /// <summary>A byte that no URI may have.</summary>
    TargetInvalid,

    /// <summary>Not origin-form, absolute http(s) form, or <c>*</c> for OPTIONS.</summary>
    TargetForm,

    /// <summary>A malformed authority in the target.</summary>
    AuthorityInvalid,

    /// <summary>The authority of the target differs from Host.</summary>
    AuthorityMismatch,

    /// <summary>CONNECT: this is no proxy.</summary>
    ConnectUnsupported,

    /// <summary>Anything but <c>HTTP/</c> DIGIT <c>.</c> DIGIT.</summary>
    VersionInvalid,

    /// <summary>A major version other than 1.</summary>
    VersionUnsupported,

    /// <summary>The first field line begins with whitespace.</summary>
    WhitespaceBeforeFields,

    /// <summary>A field without a name.</summary>
    FieldNameEmpty,

    /// <summary>A field name that is not a token.</summary>
    FieldNameInvalid,

    /// <summary>An underscore in a field name, if refused.</summary>
    FieldNameUnderscore,

    /// <summary>Whitespace before the colon.</summary>
    SpaceBeforeColon,

    /// <summary>A field line without a colon.</summary>
    ColonMissing,

    /// <summary>A folded field line (obs-fold).</summary>
    FieldFolded,

    /// <summary>A control character in a value.</summary>
    FieldValueControl,

    /// <summary>A field line beyond the limit.</summary>
    FieldLineTooLong,

    /// <summary>A header section beyond the limit.</summary>
    FieldSectionTooLarge,

    /// <summary>Too many field lines.</summary>
    FieldsTooMany,

    /// <summary>A singleton field sent twice.</summary>
    FieldRepeated,

    /// <summary>An HTTP/1.1 request without Host.</summary>
    HostMissing,

    /// <summary>Two Host fields, even equal ones.</summary>
    HostRepeated,

    /// <summary>Not a host with an optional port.</summary>
    HostInvalid,

    /// <summary>Connection is no list of tokens.</summary>
    ListInvalid,

    /// <summary>Too many empty list elements.</summary>
    ListEmptyElements,

    /// <summary>Anything but 1*DIGIT in Content-Length.</summary>
    LengthInvalid,

    /// <summary>A leading zero in Content-Length.</summary>
    LengthLeadingZero,

    /// <summary>A Content-Length above 2^63-1.</summary>
    LengthOverflow,

    /// <summary>Two lengths, even equal ones.</summary>
    LengthRepeated,

    /// <summary>Content-Length and Transfer-Encoding.</summary>
    LengthAndCoding,

    /// <summary>A malformed Transfer-Encoding.</summary>
    CodingInvalid,

    /// <summary>Two Transfer-Encodings, or chunked twice.</summary>
    CodingRepeated,

    /// <summary>A request whose last coding is not chunked.</summary>
    CodingNotChunkedLast,

    /// <summary>A coding before the final chunked.</summary>
    CodingUnknown,

    /// <summary>Transfer-Encoding in HTTP/1.0.</summary>
    CodingInOldVersion,

    /// <summary>An expectation other than 100-continue.</summary>
    ExpectationUnknown,

    /// <summary>Content beyond the limit.</summary>
    BodyTooLarge,

    /// <summary>The input ends before the body.</summary>
    BodyIncomplete,

    /// <summary>Anything but 1*HEXDIG as chunk size.</summary>
    ChunkSizeInvalid,

    /// <summary>A chunk size of too many digits.</summary>
    ChunkSizeTooLong,

    /// <summary>A malformed chunk extension, or too much whitespace in it.</summary>
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

    /// <summary>Responses only: a malformed status line.</summary>
    StatusLineInvalid,

    /// <summary>Responses only: a status line beyond the limit.</summary>
    StatusLineTooLong,

    /// <summary>Responses only: too many 1xx responses.</summary>
    InterimResponsesTooMany,

    /// <summary>The head did not arrive in time.</summary>
    HeadTooSlow,

    /// <summary>The body was slower than the minimum rate.</summary>
    BodyTooSlow,

    /// <summary>The server had no memory for the body.</summary>
    BodyNoRoom,

    /// <summary>Responses only: content that its Content-Encoding cannot decode.</summary>
    ContentCodingInvalid,
}
