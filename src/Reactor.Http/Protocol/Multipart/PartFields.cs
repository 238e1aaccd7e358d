// What the header fields of a part say (RFC 7578 4), checked once, before any content is read.
//
//   Content-Disposition        form-data, once, with a name; a file name makes the part a file
//   Content-Type               once; multipart/* would be a form within the form (RFC 7578 4.3)
//   Content-Transfer-Encoding  only those that change nothing (RFC 7578 4.7)
//
// Names are UTF-8. In a quoted name browsers write %22, %0D and %0A for the quote, CR and LF, and
// no other escape (WHATWG HTML, multipart/form-data encoding algorithm); others put a backslash
// before a quote or a backslash. An extended parameter (name*, RFC 8187) wins over the plain one:
// RFC 7578 4.2 forbids to send it, but aiohttp and .NET do.
using System.Buffers;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>The meaning of a part's header fields. Immutable; any thread.</summary>
/// <param name="Name">The name of the field of the form.</param>
/// <param name="FileName">The name of the file as sent, or null if the part is no file.</param>
/// <param name="ContentType">The value of Content-Type, or null.</param>
internal sealed record PartFields(string Name, string? FileName, string? ContentType)
{
    private static ReadOnlySpan<byte> TransferEncodingName => "Content-Transfer-Encoding"u8;

    /// <summary>Reads the fields; null if they are refused.</summary>
    public static PartFields? Read(PartHead head, out MultipartRejection rejection)
    {
        string? type = null;
        string? name = null;
        string? fileName = null;
        rejection = IsRepeated(head) ? MultipartRejection.HeaderRepeated
            : CheckCoding(head) is var coding and not MultipartRejection.None ? coding
            : CheckType(head, ref type) is var media and not MultipartRejection.None ? media
            : ReadDisposition(head, out name, out fileName);
        return rejection == MultipartRejection.None
            ? new PartFields(name!, fileName, type)
            : null;
    }

    private static bool IsRepeated(PartHead head)
    {
        int dispositions = 0;
        int types = 0;
        int codings = 0;
        for (int i = 0; i < head.Count; i++)
        {
            Field field = head[i];
            dispositions += field.Known == KnownHeader.ContentDisposition ? 1 : 0;
            types += field.Known == KnownHeader.ContentType ? 1 : 0;
            codings += Ascii.EqualsIgnoreCase(field.Name, TransferEncodingName) ? 1 : 0;
        }

        return dispositions > 1 || types > 1 || codings > 1;
    }

    private static MultipartRejection CheckCoding(PartHead head) =>
        !head.TryGet(TransferEncodingName, out ReadOnlySpan<byte> coding)
        || Ascii.EqualsIgnoreCase(coding, "7bit"u8)
        || Ascii.EqualsIgnoreCase(coding, "8bit"u8)
        || Ascii.EqualsIgnoreCase(coding, "binary"u8)
            ? MultipartRejection.None
            : MultipartRejection.TransferEncoding;

    private static MultipartRejection CheckType(PartHead head, ref string? type)
    {
        if (!head.TryGet(KnownHeader.ContentType, out ReadOnlySpan<byte> value))
        {
            return MultipartRejection.None;
        }

        type = Encoding.Latin1.GetString(value);
        ReadOnlySpan<byte> media = new ContentParameters(value).Main;
        int slash = media.IndexOf((byte)'/');
        return slash < 0
            || !Grammar.IsToken(media[..slash]) || !Grammar.IsToken(media[(slash + 1)..])
            ? MultipartRejection.TypeInvalid
            : Ascii.EqualsIgnoreCase(media[..slash], "multipart"u8)
            ? MultipartRejection.Nested
            : MultipartRejection.None;
    }

    private static MultipartRejection ReadDisposition(
        PartHead head, out string? name, out string? fileName)
    {
        (name, fileName) = (null, null);
        if (!head.TryGet(KnownHeader.ContentDisposition, out ReadOnlySpan<byte> value))
        {
            return MultipartRejection.DispositionMissing;
        }

        var parameters = new ContentParameters(value);
        bool isForm = Ascii.EqualsIgnoreCase(parameters.Main, "form-data"u8);
        bool isText = true;
        Seen seen = default;
        bool isRepeated = false;
        while (parameters.MoveNext())
        {
            Seen one = Which(parameters);
            isRepeated |= (seen & one) != 0;
            seen |= one;
            string? text = one is Seen.None ? ""
                : one is Seen.NameExtended or Seen.FileExtended ? DecodeExtended(parameters)
                : DecodePlain(parameters);
            isText &= text is not null;
            if (one == Seen.NameExtended || (one == Seen.Name && (seen & Seen.NameExtended) == 0))
            {
                name = text;
            }
            else if (one == Seen.FileExtended
                || (one == Seen.File && (seen & Seen.FileExtended) == 0))
            {
                fileName = text;
            }
        }

        return !isForm || parameters.IsMalformed || isRepeated
            ? MultipartRejection.DispositionInvalid
            : !isText ? MultipartRejection.NameInvalid
            : name is null ? MultipartRejection.NameMissing
            : MultipartRejection.None;
    }

    private static Seen Which(in ContentParameters parameters) =>
        parameters.NameIs("name"u8) ? Seen.Name
        : parameters.NameIs("filename"u8) ? Seen.File
        : parameters.NameIs("name*"u8) ? Seen.NameExtended
        : parameters.NameIs("filename*"u8) ? Seen.FileExtended
        : Seen.None;

    private static string? DecodePlain(in ContentParameters parameters)
    {
        ReadOnlySpan<byte> value = parameters.Value;
        if (!parameters.IsQuoted || value.IndexOfAny((byte)'%', (byte)'\\') < 0)
        {
            return Text(value);
        }

        byte[] decoded = new byte[value.Length];
        int length = 0;
        while (!value.IsEmpty)
        {
            int used = 3;
            byte octet = value switch
            {
                [(byte)'%', (byte)'2', (byte)'2', ..] => (byte)'"',
                [(byte)'%', (byte)'0', (byte)'D' or (byte)'d', ..] => Grammar.Cr,
                [(byte)'%', (byte)'0', (byte)'A' or (byte)'a', ..] => Grammar.Lf,
                _ => 0,
            };
            if (octet == 0)
            {
                bool isEscape = value is [(byte)'\\', (byte)'"' or (byte)'\\', ..];
                octet = value[isEscape ? 1 : 0];
                used = isEscape ? 2 : 1;
            }

            decoded[length++] = octet;
            value = value[used..];
        }

        return Text(decoded.AsSpan(0, length));
    }

    // ext-value = charset "'" [ language ] "'" *( pct-encoded / attr-char ), RFC 8187 3.2.1.
    private static string? DecodeExtended(in ContentParameters parameters)
    {
        ReadOnlySpan<byte> value = parameters.Value;
        int charsetEnd = value.IndexOf((byte)'\'');
        int languageLength = value[(charsetEnd + 1)..].IndexOf((byte)'\'');
        if (parameters.IsQuoted || charsetEnd < 0 || languageLength < 0
            || !Ascii.EqualsIgnoreCase(value[..charsetEnd], "utf-8"u8))
        {
            return null;
        }

        value = value[(charsetEnd + languageLength + 2)..];
        byte[] decoded = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            int octet = value[i];
            if (octet == '%')
            {
                octet = i + 2 < value.Length
                    ? (Grammar.HexValue(value[i + 1]) << 4) | Grammar.HexValue(value[i + 2])
                    : -1;
                i += 2;
            }
            else if (octet is '*' or '\'')
            {
                octet = -1; // tokens that are no attr-char
            }

            if (octet < 0)
            {
                return null;
            }

            decoded[length++] = (byte)octet;
        }

        return Text(decoded.AsSpan(0, length));
    }

    // A NUL would end the name where it is handed to the system.
    private static string? Text(ReadOnlySpan<byte> octets)
    {
        for (ReadOnlySpan<byte> rest = octets; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int used) != OperationStatus.Done
                || rune.Value == 0)
            {
                return null;
            }

            rest = rest[used..];
        }

        return Encoding.UTF8.GetString(octets);
    }

    [Flags]
    private enum Seen
    {
        None = 0,

        Name = 1,

        File = 2,

        NameExtended = 4,

        FileExtended = 8,
    }
}
