// Why a multipart body is refused. The sentences contain no byte of the peer. Unlike a
// `Rejection`, none of them ends the connection: the body around the parts is framed correctly.
namespace Reactor.Http.Protocol;

internal enum MultipartRejection : byte
{
    None,

    BoundaryMissing,

    BoundaryInvalid,

    PreambleTooLong,

    DelimiterInvalid,

    PartsTooMany,

    HeaderInvalid,

    HeaderTooLong,

    HeadersTooMany,

    HeaderRepeated,

    DispositionMissing,

    DispositionInvalid,

    NameMissing,

    NameInvalid,

    TypeInvalid,

    Nested,

    TransferEncoding,

    EpilogueTooLong,

    Incomplete,
}

/// <summary>The sentence of each reason. Immutable; any thread.</summary>
internal static class MultipartRejections
{
    public static string Sentence(MultipartRejection reason) => reason switch
    {
        MultipartRejection.BoundaryMissing =>
            "The Content-Type of the form has no boundary (RFC 2046 5.1.1).",
        MultipartRejection.BoundaryInvalid =>
            "The boundary of the form is not 1 to 70 of the allowed characters (RFC 2046 5.1.1).",
        MultipartRejection.PreambleTooLong =>
            "Too much text stands before the first part of the form.",
        MultipartRejection.DelimiterInvalid =>
            "A boundary is followed by something else than the end of its line (RFC 2046 5.1.1).",
        MultipartRejection.PartsTooMany => "The form has too many parts.",
        MultipartRejection.HeaderInvalid =>
            "A part of the form has a malformed header field (RFC 7578 4.8).",
        MultipartRejection.HeaderTooLong => "A part of the form has a header field too long.",
        MultipartRejection.HeadersTooMany => "A part of the form has too many header fields.",
        MultipartRejection.HeaderRepeated =>
            "A part of the form repeats a header field that may stand only once.",
        MultipartRejection.DispositionMissing =>
            "A part of the form has no Content-Disposition (RFC 7578 4.2).",
        MultipartRejection.DispositionInvalid =>
            "A part of the form has a malformed Content-Disposition, or one that is not form-data "
            + "(RFC 7578 4.2).",
        MultipartRejection.NameMissing =>
            "A part of the form has no name in its Content-Disposition (RFC 7578 4.2).",
        MultipartRejection.NameInvalid =>
            "A part of the form has a name or file name that is no UTF-8 text (RFC 7578 5.1).",
        MultipartRejection.TypeInvalid =>
            "A part of the form has a malformed Content-Type (RFC 7578 4.4).",
        MultipartRejection.Nested =>
            "A part of the form is a multipart body of its own (RFC 7578 4.3).",
        MultipartRejection.TransferEncoding =>
            "A part of the form has a Content-Transfer-Encoding other than 7bit, 8bit or binary "
            + "(RFC 7578 4.7).",
        MultipartRejection.EpilogueTooLong =>
            "Too much text stands after the last part of the form.",
        MultipartRejection.Incomplete =>
            "The form ends before its last boundary (RFC 2046 5.1.1).",
        _ => "Nothing was refused.",
    };
}
