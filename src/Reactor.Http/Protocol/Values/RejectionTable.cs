// What follows from each rejection.
//
// A released id never changes. The sentence is the text of the error response and holds no bytes of
// the peer. Every reason closes, since the start of the next message is in doubt.
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>What follows from one <see cref="Rejection"/>.</summary>
/// <param name="Reason">The reason itself.</param>
/// <param name="Status">
/// The status code of the response; 502 for a fault that only a server can make.
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
        Row(Rejection.BareCarriageReturn, 400, "LINE-BARE-CR", "RFC 9112 2.2",
            "A carriage return is not followed by a line feed."),
        Row(Rejection.BareLineFeed, 400, "LINE-BARE-LF", "RFC 9112 2.2",
            "A line ends with a line feed alone."),
        Row(Rejection.EmptyLinesTooMany, 400, "START-EMPTY-LINES", "RFC 9112 2.2",
            "Too many empty lines stand before the request line."),
        Row(Rejection.TlsHandshake, 400, "START-TLS", "RFC 9112 2.2",
            "A TLS handshake was sent to a port that speaks plain HTTP."),
        Row(Rejection.MethodInvalid, 400, "START-METHOD", "RFC 9112 3.1",
            "The method is not a token."),
        Row(Rejection.MethodTooLong, 501, "START-METHOD-LONG", "RFC 9112 3",
            "The method is longer than any that this server implements."),
        Row(Rejection.RequestLineWhitespace, 400, "START-WHITESPACE", "RFC 9112 3",
            "The parts of the request line are not separated by exactly one space."),
        Row(Rejection.RequestLineIncomplete, 400, "START-INCOMPLETE", "RFC 9112 3",
            "The request line ends before its version."),
        Row(Rejection.TargetTooLong, 414, "TARGET-LONG", "RFC 9112 3",
            "The request target is too long."),
        Row(Rejection.TargetInvalid, 400, "TARGET-BYTE", "RFC 9112 3.2",
            "The request target has a byte that no URI may have."),
        Row(Rejection.TargetForm, 400, "TARGET-FORM", "RFC 9112 3.2",
            "The form of the request target does not suit the method."),
        Row(Rejection.AuthorityInvalid, 400, "TARGET-AUTHORITY", "RFC 9110 4.2",
            "The authority in the request target is not a host with an optional port."),
        Row(Rejection.AuthorityMismatch, 400, "TARGET-HOST-DIFFER", "RFC 9112 3.2.2",
            "The authority in the request target differs from the Host field."),
        Row(Rejection.ConnectUnsupported, 501, "TARGET-CONNECT", "RFC 9110 9.3.6",
            "CONNECT is not implemented."),
        Row(Rejection.VersionInvalid, 400, "VERSION-SYNTAX", "RFC 9112 2.3",
            "The protocol version is not written as HTTP/digit.digit."),
        Row(Rejection.VersionUnsupported, 505, "VERSION-MAJOR", "RFC 9110 15.6.6",
            "Only HTTP/1 is spoken here."),
        Row(Rejection.WhitespaceBeforeFields, 400, "HDR-SPACE-BEFORE-FIRST", "RFC 9112 2.2",
            "Whitespace stands between the start line and the first field."),
        Row(Rejection.FieldNameEmpty, 400, "HDR-NAME-EMPTY", "RFC 9112 5", "A field has no name."),
        Row(Rejection.FieldNameInvalid, 400, "HDR-NAME-BYTE", "RFC 9112 5",
            "A field name is not a token."),
        Row(Rejection.FieldNameUnderscore, 400, "HDR-NAME-UNDERSCORE", "RFC 9110 5.1",
            "A field name has an underscore."),
        Row(Rejection.SpaceBeforeColon, 400, "HDR-SPACE-BEFORE-COLON", "RFC 9112 5.1",
            "Whitespace stands between a field name and its colon."),
        Row(Rejection.ColonMissing, 400, "HDR-NO-COLON", "RFC 9112 5",
            "A field line has no colon."),
        Row(Rejection.FieldFolded, 400, "HDR-FOLDED", "RFC 9112 5.2",
            "A field is continued on the next line."),
        Row(Rejection.FieldValueControl, 400, "HDR-VALUE-CONTROL", "RFC 9110 5.5",
            "A field value has a control character."),
        Row(Rejection.FieldLineTooLong, 431, "HDR-LINE-LONG", "RFC 9110 5.4",
            "A field line is too long."),
        Row(Rejection.FieldSectionTooLarge, 431, "HDR-SECTION-LARGE", "RFC 9110 5.4",
            "The header section is too large."),
        Row(Rejection.FieldsTooMany, 431, "HDR-COUNT", "RFC 9110 5.4",
            "There are too many header fields."),
        Row(Rejection.FieldRepeated, 400, "HDR-REPEATED", "RFC 9110 5.3",
            "A field that may stand only once is repeated."),
        Row(Rejection.HostMissing, 400, "HOST-MISSING", "RFC 9112 3.2",
            "The Host field is missing."),
        Row(Rejection.HostRepeated, 400, "HOST-REPEATED", "RFC 9112 3.2",
            "There is more than one Host field."),
        Row(Rejection.HostInvalid, 400, "HOST-SYNTAX", "RFC 9112 3.2",
            "The Host field is not a host with an optional port."),
        Row(Rejection.ListInvalid, 400, "LIST-SYNTAX", "RFC 9110 5.6.1",
            "The Connection field is not a list of tokens."),
        Row(Rejection.ListEmptyElements, 400, "LIST-EMPTY-ELEMENTS", "RFC 9110 5.6.1.2",
            "A list has too many empty elements."),
        Row(Rejection.LengthInvalid, 400, "LENGTH-SYNTAX", "RFC 9110 8.6",
            "Content-Length is not a decimal number."),
        Row(Rejection.LengthLeadingZero, 400, "LENGTH-LEADING-ZERO", "RFC 9110 8.6",
            "Content-Length has a leading zero."),
        Row(Rejection.LengthOverflow, 400, "LENGTH-OVERFLOW", "RFC 9112 6.3",
            "Content-Length is larger than any body can be."),
        Row(Rejection.LengthRepeated, 400, "LENGTH-REPEATED", "RFC 9112 6.3",
            "Content-Length is given more than once."),
        Row(Rejection.LengthAndCoding, 400, "FRAMING-LENGTH-AND-CODING", "RFC 9112 6.1",
            "Content-Length and Transfer-Encoding stand together."),
        Row(Rejection.CodingInvalid, 400, "CODING-SYNTAX", "RFC 9112 6.1",
            "Transfer-Encoding is not a list of transfer codings."),
        Row(Rejection.CodingRepeated, 400, "CODING-REPEATED", "RFC 9112 6.1",
            "Transfer-Encoding or its chunked coding is repeated."),
        Row(Rejection.CodingNotChunkedLast, 400, "CODING-NOT-CHUNKED", "RFC 9112 6.3",
            "The last transfer coding is not chunked."),
        Row(Rejection.CodingUnknown, 501, "CODING-UNKNOWN", "RFC 9112 6.1",
            "A transfer coding is not implemented."),
        Row(Rejection.CodingInOldVersion, 400, "CODING-HTTP10", "RFC 9112 6.1",
            "Transfer-Encoding stands in an HTTP/1.0 message."),
        Row(Rejection.ExpectationUnknown, 417, "EXPECT-UNKNOWN", "RFC 9110 10.1.1",
            "The expectation is not 100-continue."),
        Row(Rejection.BodyTooLarge, 413, "BODY-LARGE", "RFC 9110 15.5.14",
            "The content is too large."),
        Row(Rejection.BodyIncomplete, 400, "BODY-INCOMPLETE", "RFC 9112 8",
            "The connection ended before the message did."),
        Row(Rejection.ChunkSizeInvalid, 400, "CHUNK-SIZE", "RFC 9112 7.1",
            "A chunk size is not a hexadecimal number."),
        Row(Rejection.ChunkSizeTooLong, 400, "CHUNK-SIZE-LONG", "RFC 9112 7.1",
            "A chunk size has too many digits."),
        Row(Rejection.ChunkExtensionInvalid, 400, "CHUNK-EXT", "RFC 9112 7.1.1",
            "A chunk extension is malformed."),
        Row(Rejection.ChunkExtensionTooLong, 400, "CHUNK-EXT-LONG", "RFC 9112 7.1.1",
            "The extensions of a chunk are too long."),
        Row(Rejection.ChunkExtensionsTooLarge, 400, "CHUNK-EXT-LARGE", "RFC 9112 7.1.1",
            "The chunk extensions of the message are too large."),
        Row(Rejection.ChunkExtensionsRatio, 400, "CHUNK-EXT-RATIO", "RFC 9112 7.1.1",
            "The chunk extensions outweigh the content."),
        Row(Rejection.ChunkDataEnding, 400, "CHUNK-DATA-END", "RFC 9112 7.1",
            "Chunk data does not end with CRLF where its size says."),
        Row(Rejection.TrailersTooMany, 431, "TRAILER-COUNT", "RFC 9110 6.5",
            "There are too many trailer fields."),
        Row(Rejection.TrailersTooLarge, 431, "TRAILER-LARGE", "RFC 9110 6.5",
            "The trailer section is too large."),
        Row(Rejection.StatusLineInvalid, 502, "STATUS-SYNTAX", "RFC 9112 4",
            "The status line is malformed."),
        Row(Rejection.StatusLineTooLong, 502, "STATUS-LONG", "RFC 9112 4",
            "The status line is too long."),
        Row(Rejection.InterimResponsesTooMany, 502, "STATUS-INTERIM", "RFC 9110 15.2",
            "Too many interim responses precede the final one."),
        Row(Rejection.HeadTooSlow, 408, "TIME-HEAD", "RFC 9110 15.5.9",
            "The head of the request did not arrive in time."),
        Row(Rejection.BodyTooSlow, 408, "TIME-BODY", "RFC 9110 15.5.9",
            "The body of the request did not arrive in time."),
        Row(Rejection.BodyNoRoom, 503, "MEMORY-BODY", "RFC 9110 15.6.4",
            "The server has no memory for the body at the moment."),
        Row(Rejection.ContentCodingInvalid, 502, "BODY-CODING", "RFC 9110 8.4",
            "The content is not encoded as its Content-Encoding says."),
    ];

    /// <summary>All rows, in the order of the enum.</summary>
    public static ReadOnlySpan<RejectionInfo> All => s_rows;

    /// <summary>The row of <paramref name="reason"/>.</summary>
    public static RejectionInfo Get(Rejection reason)
    {
        RejectionInfo row = s_rows[(int)reason];
        Debug.Assert(row.Reason == reason, "The table stands in the order of the enum.");
        return row;
    }

    private static RejectionInfo Row(
        Rejection reason, int status, string id, string clause, string sentence) =>
        new(reason, status, Close: true, id, clause, sentence);
}
