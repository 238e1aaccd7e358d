using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>What kind of form a request's Content-Type announces, and its text.</summary>
/// <remarks>Pure; any thread. UTF-8 is the only charset (WHATWG URL 5, RFC 7578 5.1).</remarks>
internal static class FormContent
{
    /// <summary>
    /// The boundary of a multipart form; null if it is urlencoded, and that is allowed.
    /// </summary>
    /// <exception cref="RequestBodyException">
    /// It is no form, or in another charset (415), or has no valid boundary (400).
    /// </exception>
    public static byte[]? BoundaryOf(RequestHead head, bool mayBeUrlEncoded)
    {
        head.TryGet(KnownHeader.ContentType, out ReadOnlySpan<byte> type);
        ReadOnlySpan<byte> media = new ContentParameters(type).Main;
        bool isMultipart = Ascii.EqualsIgnoreCase(media, "multipart/form-data"u8);
        if (!isMultipart && !(mayBeUrlEncoded
            && Ascii.EqualsIgnoreCase(media, "application/x-www-form-urlencoded"u8)))
        {
            throw FormFault.Unsupported(mayBeUrlEncoded
                ? "The content is no form: Content-Type is neither multipart/form-data nor "
                + "application/x-www-form-urlencoded."
                : "The content is no form: Content-Type is not multipart/form-data.");
        }

        ThrowIfNotUtf8(type);
        if (!isMultipart)
        {
            return null;
        }

        return MultipartBoundary.Read(type, out MultipartRejection rejection)
            ?? throw FormFault.Of(rejection);
    }

    /// <summary>The text of a field of a form.</summary>
    /// <param name="content">The content of the part.</param>
    /// <param name="contentType">The Content-Type of the part, or null.</param>
    /// <exception cref="RequestBodyException">
    /// It is in another charset (415), or no UTF-8, or has a NUL, as in an urlencoded form (400).
    /// </exception>
    public static string Text(ReadOnlySpan<byte> content, string? contentType)
    {
        if (contentType is not null)
        {
            ThrowIfNotUtf8(Encoding.Latin1.GetBytes(contentType));
        }

        return System.Text.Unicode.Utf8.IsValid(content) && !content.Contains((byte)0)
            ? Encoding.UTF8.GetString(content)
            : throw FormFault.Malformed("A field of the form is no UTF-8 text.");
    }

    private static void ThrowIfNotUtf8(ReadOnlySpan<byte> type)
    {
        var parameters = new ContentParameters(type);
        while (parameters.MoveNext())
        {
            if (parameters.NameIs("charset"u8)
                && !Ascii.EqualsIgnoreCase(parameters.Value, "utf-8"u8)
                && !Ascii.EqualsIgnoreCase(parameters.Value, "utf8"u8))
            {
                throw FormFault.Unsupported("The form is not in UTF-8, the only charset of forms.");
            }
        }
    }
}
