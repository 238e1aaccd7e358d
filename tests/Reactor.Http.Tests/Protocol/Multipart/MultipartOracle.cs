// A second reading of RFC 7578 and RFC 2046 5.1.1, on whole strings with regular expressions, which
// shares no line with the decoder.
using System.Text;
using System.Text.RegularExpressions;

namespace Reactor.Http.Tests.Protocol.Multipart;

internal static partial class MultipartOracle
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// A line "name|file name|type|content" for each part before the first fault, then "end", or
    /// "refused".
    /// </summary>
    public static string Of(string body, string boundary)
    {
        string delimiter = $"\r\n--{boundary}";
        string text = "\r\n" + body;
        var told = new StringBuilder();
        int at = text.IndexOf(delimiter, StringComparison.Ordinal);
        if (at < 0 || at - 2 > 1024)
        {
            return "refused";
        }

        for (int parts = 0; ; parts++)
        {
            string rest = text[(at + delimiter.Length)..];
            if (CloseLine().Match(rest) is { Success: true } close)
            {
                return told + (rest.Length - close.Length <= 1024 ? "end" : "refused");
            }

            Match line = PartLine().Match(rest);
            int fieldsStart = at + delimiter.Length + line.Length;
            if (!line.Success || parts == 128 || Fields(text[fieldsStart..]) is not { } part)
            {
                return $"{told}refused";
            }

            // The empty line may be the CRLF of the delimiter.
            int contentStart = fieldsStart + part.Length;
            at = text.IndexOf(delimiter, contentStart - 2, StringComparison.Ordinal);
            if (at < 0)
            {
                return $"{told}refused";
            }

            told.Append(part.Names).Append(text[contentStart..Math.Max(at, contentStart)])
                .Append('\n');
        }
    }

    private static (string Names, int Length)? Fields(string text)
    {
        string disposition = "";
        string type = "-";
        int dispositions = 0;
        int types = 0;
        int codings = 0;
        int length = 0;
        for (int count = 0; ; count++)
        {
            int end = text.IndexOf("\r\n", length, StringComparison.Ordinal);
            if (end == length)
            {
                length += 2;
                break;
            }

            Match field = Field().Match(end < 0 ? "" : text[length..end]);
            if (!field.Success || count == 16 || end - length > 4096)
            {
                return null;
            }

            string value = field.Groups[2].Value;
            switch (field.Groups[1].Value.ToLowerInvariant())
            {
                case "content-disposition":
                    (disposition, dispositions) = (value, dispositions + 1);
                    break;
                case "content-type":
                    (type, types) = (value, types + 1);
                    break;
                case "content-transfer-encoding"
                    when value.ToLowerInvariant() is "7bit" or "8bit" or "binary":
                    codings++;
                    break;
                case "content-transfer-encoding":
                    return null;
                default:
                    break;
            }

            length = end + 2;
        }

        string? names = dispositions == 1 ? Names(disposition) : null;
        return names is not null && types < 2 && codings < 2
            && (types == 0 || MediaType().IsMatch(type))
            ? ($"{names}|{type}|", length)
            : null;
    }

    private static string? Names(string disposition)
    {
        Match form = FormData().Match(disposition);
        string rest = disposition[form.Length..];
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        while (form.Success && rest.Length > 0)
        {
            Match parameter = Parameter().Match(rest);
            if (!parameter.Success)
            {
                return null;
            }

            rest = rest[parameter.Length..];
            string name = parameter.Groups["n"].Value;
            bool isKnown = name.ToLowerInvariant()
                is "name" or "filename" or "name*" or "filename*";
            if (isKnown && !values.TryAdd(name, Value(name, parameter.Groups["v"].Value)))
            {
                return null;
            }
        }

        string? field = values.GetValueOrDefault("name*") ?? values.GetValueOrDefault("name");
        string? file =
            values.GetValueOrDefault("filename*") ?? values.GetValueOrDefault("filename");
        return form.Success && field is not null && !values.ContainsValue(null)
            ? $"{field}|{file ?? "-"}"
            : null;
    }

    // Null if it is no UTF-8 text.
    private static string? Value(string name, string value)
    {
        if (name.EndsWith('*'))
        {
            Match extended = Extended().Match(value);
            return extended.Success
                ? Text(Escape().Replace(
                    extended.Groups[1].Value,
                    escape => $"{(char)Convert.ToByte(escape.Value[1..], 16)}"))
                : null;
        }

        return Text(!value.StartsWith('"') ? value : QuotedEscape().Replace(
            value[1..^1],
            escape => escape.Value.ToUpperInvariant() switch
            {
                "%22" => "\"",
                "%0D" => "\r",
                "%0A" => "\n",
                string backslash => backslash[1..],
            }));
    }

    private static string? Text(string octets)
    {
        try
        {
            string text = s_utf8.GetString(Encoding.Latin1.GetBytes(octets));
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A--[ \t]{0,64}(\r\n|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex CloseLine();

    [GeneratedRegex(@"\A[ \t]{0,64}\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex PartLine();

    [GeneratedRegex(
        @"\A([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0A-\x1F\x7F]*?)[ \t]*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(
        @"\A(?!multipart/)[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*(;.*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex MediaType();

    [GeneratedRegex(
        @"\Aform-data[ \t]*(?=;|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FormData();

    [GeneratedRegex(
        @"\A;[ \t]*((?<n>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?<v>""(?>(\\[""\\]|[^""])*)""|"
        + @"[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*)?(?=;|\z)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"\Autf-8'[^']*'(([!#$&+\-.^_`|~0-9A-Za-z]|%[0-9A-Fa-f]{2})*)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Extended();

    [GeneratedRegex("%..", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex(
        @"\\[""\\]|%22|%0D|%0A", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuotedEscape();
}
