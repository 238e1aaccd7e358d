// One table: reason -> status, close or not, sentence, clause, stable id.
//
// The id is for logs, metrics and documentation and never changes once released. The sentence is
// what the error response says; it never holds bytes of the peer. Every reason closes today: what
// is refused here leaves the place where the next message begins in doubt, and nothing
// resynchronises.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>What follows from one <see cref="Rejection"/>.</summary>
/// <param name="Reason">The reason itself.</param>
/// <param name="Status">
/// The status code to answer with; 502 for what only a server can do wrong, as a gateway would say.
/// </param>
/// <param name="Close">Whether the connection closes after the answer.</param>
/// <param name="Id">A stable name for logs and documentation, such as <c>HDR-NO-COLON</c>.</param>
/// <param name="Clause">The clause of the RFC that is violated.</param>
/// <param name="Sentence">One English sentence without any byte of the peer.</param>
public sealed record RejectionInfo(
    Rejection Reason, int Status, bool Close, string Id, string Clause, string Sentence);

/// <summary>The table of all rejections. Immutable; any thread.</summary>
public static class RejectionTable
{
    private static readonly RejectionInfo[] s_rows =
    [
        new(Rejection.None, 200, false, "NONE", "", "Nothing was refused."),
        new(Rejection.BareCarriageReturn, 400, true,
            "LINE-BARE-CR", "RFC 9112 2.2",
            "A carriage return is not followed by a line feed."),
        new(Rejection.BareLineFeed, 400, true,
            "LINE-BARE-LF", "RFC 9112 2.2",
            "A line ends with a line feed alone."),
        new(Rejection.EmptyLinesTooMany, 400, true,
            "START-EMPTY-LINES", "RFC 9112 2.2",
            "Too many empty lines stand before the request line."),
        new(Rejection.TlsHandshake, 400, true,
            "START-TLS", "RFC 9112 2.2",
            "A TLS handshake was sent to a port that speaks plain HTTP."),
        new(Rejection.MethodInvalid, 400, true,
            "START-METHOD", "RFC 9112 3.1",
            "The method is not a token."),
        new(Rejection.MethodTooLong, 501, true,
            "START-METHOD-LONG", "RFC 9112 3",
            "The method is longer than any that this server implements."),
        new(Rejection.RequestLineWhitespace, 400, true,
            "START-WHITESPACE", "RFC 9112 3",
            "The parts of the request line are not separated by exactly one space."),
        new(Rejection.RequestLineIncomplete, 400, true,
            "START-INCOMPLETE", "RFC 9112 3",
            "The request line ends before its version."),
        new(Rejection.TargetTooLong, 414, true,
            "TARGET-LONG", "RFC 9112 3",
            "The request target is too long."),
        new(Rejection.TargetInvalid, 400, true,
            "TARGET-BYTE", "RFC 9112 3.2",
            "The request target has a byte that no URI may have."),
        new(Rejection.TargetForm, 400, true,
            "TARGET-FORM", "RFC 9112 3.2",
            "The form of the request target does not suit the method."),
        new(Rejection.AuthorityInvalid, 400, true,
            "TARGET-AUTHORITY", "RFC 9110 4.2",
            "The authority in the request target is not a host with an optional port."),
        new(Rejection.AuthorityMismatch, 400, true,
            "TARGET-HOST-DIFFER", "RFC 9112 3.2.2",
            "The authority in the request target differs from the Host field."),
        new(Rejection.ConnectUnsupported, 501, true,
            "TARGET-CONNECT", "RFC 9110 9.3.6",
            "CONNECT is not implemented."),
        new(Rejection.VersionInvalid, 400, true,
            "VERSION-SYNTAX", "RFC 9112 2.3",
            "The protocol version is not written as HTTP/digit.digit."),
        new(Rejection.VersionUnsupported, 505, true,
            "VERSION-MAJOR", "RFC 9110 15.6.6",
            "Only HTTP/1 is spoken here."),
        new(Rejection.WhitespaceBeforeFields, 400, true,
            "HDR-SPACE-BEFORE-FIRST", "RFC 9112 2.2",
            "Whitespace stands between the start line and the first field."),
        new(Rejection.FieldNameEmpty, 400, true,
            "HDR-NAME-EMPTY", "RFC 9112 5",
            "A field has no name."),
        new(Rejection.FieldNameInvalid, 400, true,
            "HDR-NAME-BYTE", "RFC 9112 5",
            "A field name is not a token."),
        new(Rejection.FieldNameUnderscore, 400, true,
            "HDR-NAME-UNDERSCORE", "RFC 9110 5.1",
            "A field name has an underscore."),
        new(Rejection.SpaceBeforeColon, 400, true,
            "HDR-SPACE-BEFORE-COLON", "RFC 9112 5.1",
            "Whitespace stands between a field name and its colon."),
        new(Rejection.ColonMissing, 400, true,
            "HDR-NO-COLON", "RFC 9112 5",
            "A field line has no colon."),
        new(Rejection.FieldFolded, 400, true,
            "HDR-FOLDED", "RFC 9112 5.2",
            "A field is continued on the next line."),
        new(Rejection.FieldValueControl, 400, true,
            "HDR-VALUE-CONTROL", "RFC 9110 5.5",
            "A field value has a control character."),
        new(Rejection.FieldLineTooLong, 431, true,
            "HDR-LINE-LONG", "RFC 9110 5.4",
            "A field line is too long."),
        new(Rejection.FieldSectionTooLarge, 431, true,
            "HDR-SECTION-LARGE", "RFC 9110 5.4",
            "The header section is too large."),
        new(Rejection.FieldsTooMany, 431, true,
            "HDR-COUNT", "RFC 9110 5.4",
            "There are too many header fields."),
        new(Rejection.FieldRepeated, 400, true,
            "HDR-REPEATED", "RFC 9110 5.3",
            "A field that may stand only once is repeated."),
        new(Rejection.HostMissing, 400, true,
            "HOST-MISSING", "RFC 9112 3.2",
            "The Host field is missing."),
        new(Rejection.HostRepeated, 400, true,
            "HOST-REPEATED", "RFC 9112 3.2",
            "There is more than one Host field."),
        new(Rejection.HostInvalid, 400, true,
            "HOST-SYNTAX", "RFC 9112 3.2",
            "The Host field is not a host with an optional port."),
        new(Rejection.ListInvalid, 400, true,
            "LIST-SYNTAX", "RFC 9110 5.6.1",
            "The Connection field is not a list of tokens."),
        new(Rejection.ListEmptyElements, 400, true,
            "LIST-EMPTY-ELEMENTS", "RFC 9110 5.6.1.2",
            "A list has too many empty elements."),
        new(Rejection.LengthInvalid, 400, true,
            "LENGTH-SYNTAX", "RFC 9110 8.6",
            "Content-Length is not a decimal number."),
        new(Rejection.LengthLeadingZero, 400, true,
            "LENGTH-LEADING-ZERO", "RFC 9110 8.6",
            "Content-Length has a leading zero."),
        new(Rejection.LengthOverflow, 400, true,
            "LENGTH-OVERFLOW", "RFC 9112 6.3",
            "Content-Length is larger than any body can be."),
        new(Rejection.LengthRepeated, 400, true,
            "LENGTH-REPEATED", "RFC 9112 6.3",
            "Content-Length is given more than once."),
        new(Rejection.LengthAndCoding, 400, true,
            "FRAMING-LENGTH-AND-CODING", "RFC 9112 6.1",
            "Content-Length and Transfer-Encoding stand together."),
        new(Rejection.CodingInvalid, 400, true,
            "CODING-SYNTAX", "RFC 9112 6.1",
            "Transfer-Encoding is not a list of transfer codings."),
        new(Rejection.CodingRepeated, 400, true,
            "CODING-REPEATED", "RFC 9112 6.1",
            "Transfer-Encoding or its chunked coding is repeated."),
        new(Rejection.CodingNotChunkedLast, 400, true,
            "CODING-NOT-CHUNKED", "RFC 9112 6.3",
            "The last transfer coding is not chunked."),
        new(Rejection.CodingUnknown, 501, true,
            "CODING-UNKNOWN", "RFC 9112 6.1",
            "A transfer coding is not implemented."),
        new(Rejection.CodingInOldVersion, 400, true,
            "CODING-HTTP10", "RFC 9112 6.1",
            "Transfer-Encoding stands in an HTTP/1.0 message."),
        new(Rejection.ExpectationUnknown, 417, true,
            "EXPECT-UNKNOWN", "RFC 9110 10.1.1",
            "The expectation is not 100-continue."),
        new(Rejection.BodyTooLarge, 413, true,
            "BODY-LARGE", "RFC 9110 15.5.14",
            "The content is too large."),
        new(Rejection.BodyIncomplete, 400, true,
            "BODY-INCOMPLETE", "RFC 9112 8",
            "The connection ended before the message did."),
        new(Rejection.ChunkSizeInvalid, 400, true,
            "CHUNK-SIZE", "RFC 9112 7.1",
            "A chunk size is not a hexadecimal number."),
        new(Rejection.ChunkSizeTooLong, 400, true,
            "CHUNK-SIZE-LONG", "RFC 9112 7.1",
            "A chunk size has too many digits."),
        new(Rejection.ChunkExtensionInvalid, 400, true,
            "CHUNK-EXT", "RFC 9112 7.1.1",
            "A chunk extension is malformed."),
        new(Rejection.ChunkExtensionTooLong, 400, true,
            "CHUNK-EXT-LONG", "RFC 9112 7.1.1",
            "The extensions of a chunk are too long."),
        new(Rejection.ChunkExtensionsTooLarge, 400, true,
            "CHUNK-EXT-LARGE", "RFC 9112 7.1.1",
            "The chunk extensions of the message are too large."),
        new(Rejection.ChunkExtensionsRatio, 400, true,
            "CHUNK-EXT-RATIO", "RFC 9112 7.1.1",
            "The chunk extensions outweigh the content."),
        new(Rejection.ChunkDataEnding, 400, true,
            "CHUNK-DATA-END", "RFC 9112 7.1",
            "Chunk data does not end with CRLF where its size says."),
        new(Rejection.TrailersTooMany, 431, true,
            "TRAILER-COUNT", "RFC 9110 6.5",
            "There are too many trailer fields."),
        new(Rejection.TrailersTooLarge, 431, true,
            "TRAILER-LARGE", "RFC 9110 6.5",
            "The trailer section is too large."),
        new(Rejection.StatusLineInvalid, 502, true,
            "STATUS-SYNTAX", "RFC 9112 4",
            "The status line is malformed."),
        new(Rejection.StatusLineTooLong, 502, true,
            "STATUS-LONG", "RFC 9112 4",
            "The status line is too long."),
        new(Rejection.InterimResponsesTooMany, 502, true,
            "STATUS-INTERIM", "RFC 9110 15.2",
            "Too many interim responses precede the final one."),
    ];

    /// <summary>
    /// All rows in the order of the enum, that of <see cref="Rejection.None"/> first.
    /// </summary>
    public static ReadOnlySpan<RejectionInfo> All => s_rows;

    /// <summary>The row of <paramref name="reason"/>.</summary>
    /// <param name="reason">A member of the closed list.</param>
    /// <returns>Its status, clause, id and sentence.</returns>
    public static RejectionInfo Get(Rejection reason)
    {
        RejectionInfo row = s_rows[(int)reason];
        Debug.Assert(row.Reason == reason, "The table stands in the order of the enum.");
        return row;
    }
}
