using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Reads Content-Type (RFC 9110 8.3): whether a body is JSON, and the encoding of its text.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class RequestText
{
    private const int Utf16 = 1200;
    private const int Utf32 = 12000;

    // The fallback of the runtime is a question mark, except in UTF-8 and UTF-16.
    private static readonly DecoderReplacementFallback s_malformed = new("\uFFFD");

    /// <summary>The encoding of a body.</summary>
    /// <exception cref="RequestBodyException">There is none of that name: 415.</exception>
    public static Encoding EncodingOf(RequestHead head) =>
        TryGetEncoding(TypeOf(head), out Exception? error)
            ?? throw Unsupported("The charset of the content is not supported.", error);

    /// <summary>
    /// The encoding that a Content-Type names, UTF-8 if it names none; null if there is none of
    /// that name.
    /// </summary>
    public static Encoding? TryGetEncoding(string? contentType, out Exception? error)
    {
        error = null;
        if (contentType is null || CharsetOf(contentType) is not { } charset || IsUtf8(charset))
        {
            return Encoding.UTF8;
        }

        try
        {
            return Encoding.GetEncoding(charset, EncoderFallback.ReplacementFallback, s_malformed);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            error = unknown;
            return null;
        }
    }

    /// <summary>
    /// Why the content is not JSON: <c>application/json</c>, or a type in <c>+json</c>, in UTF-8;
    /// null if it is.
    /// </summary>
    public static string? WhyNotJson(RequestHead head) => WhyNot(head, IsJson, "application/json");

    /// <summary>Why the content is not lines of JSON; null if it is.</summary>
    public static string? WhyNotNdjson(RequestHead head) =>
        WhyNot(head, IsNdjson, "application/x-ndjson");

    /// <summary>Decodes a body; malformed sequences become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> content, Encoding encoding)
    {
        // In "utf-16" and "utf-32" the mark gives the byte order; default little endian, as in
        // browsers.
        if (encoding.CodePage == Utf16 && content is [0xFE, 0xFF, ..])
        {
            encoding = Encoding.BigEndianUnicode;
        }
        else if (encoding.CodePage == Utf32 && content is [0, 0, 0xFE, 0xFF, ..])
        {
            encoding = new UTF32Encoding(bigEndian: true, byteOrderMark: true);
        }

        ReadOnlySpan<byte> mark = encoding.Preamble;
        return encoding.GetString(content.StartsWith(mark) ? content[mark.Length..] : content);
    }

    private static RequestBodyException Unsupported(string message, Exception? error = null) =>
        new(415, message, error);

    private static string? TypeOf(RequestHead head) =>
        head.TryGet(KnownHeader.ContentType, out ReadOnlySpan<byte> type)
            ? Encoding.Latin1.GetString(type)
            : null;

    private static string? WhyNot(
        RequestHead head, Func<ReadOnlySpan<char>, bool> isExpected, string expected) =>
        TypeOf(head) is not { } type ? $"The content has no Content-Type; it must be {expected}."
            : !isExpected(MediaTypeOf(type)) ? $"The Content-Type must be {expected}."
            : CharsetOf(type) is { } charset && !IsUtf8(charset)
                ? "The content must be in UTF-8, the charset of JSON."
            : null;

    private static ReadOnlySpan<char> MediaTypeOf(ReadOnlySpan<char> type) =>
        (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim(" \t");

    // RFC 6838 4.2: a type, a slash and a subtype; RFC 6839 3.1: the suffix "+json".
    private static bool IsJson(ReadOnlySpan<char> mediaType)
    {
        const string Suffix = "+json";
        int slash = mediaType.IndexOf('/');
        return mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (slash > 0
                && mediaType.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
                && mediaType.Length > slash + 1 + Suffix.Length
                && !mediaType[(slash + 1)..].ContainsAny('/', ','));
    }

    // None is registered; all three are in use.
    private static bool IsNdjson(ReadOnlySpan<char> mediaType) =>
        mediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(string charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    // media-type = type "/" subtype *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] ), RFC
    // 9110 8.3.1. What is malformed names no charset; of two the first counts.
    private static string? CharsetOf(ReadOnlySpan<char> type)
    {
        while (true)
        {
            int semicolon = type.IndexOf(';');
            if (semicolon < 0)
            {
                return null;
            }

            type = type[(semicolon + 1)..].TrimStart(" \t");
            int equals = type.IndexOfAny('=', ';');
            if (equals < 0 || type[equals] == ';')
            {
                continue;
            }

            ReadOnlySpan<char> name = type[..equals];
            string? value = TakeValue(type[(equals + 1)..], out type);
            if (value is null || name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }
    }

    // A token up to a semicolon, or a quoted string; null for one that does not end.
    private static string? TakeValue(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (text is not ['"', ..])
        {
            int end = text.IndexOf(';');
            rest = end < 0 ? default : text[end..];
            return (end < 0 ? text : text[..end]).Trim(" \t").ToString();
        }

        var value = new StringBuilder();
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                rest = text[(i + 1)..];
                return value.ToString();
            }

            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            value.Append(text[i]);
        }

        return null;
    }
}
