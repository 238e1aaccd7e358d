using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The page of an error where the application has none: text, HTML, or problem details (RFC 9457),
/// by the Accept field of the request.
/// </summary>
/// <remarks>
/// Pure; any thread. The detail is escaped for its format. The text of an exception is for
/// development only.
/// </remarks>
internal static class DefaultErrorPage
{
    // "404: Not Found": a flood of requests for nothing makes no text.
    private static readonly string?[] s_lines = new string?[200];

    private static readonly Dictionary<string, string[]> s_noErrors = [];

    /// <summary>
    /// The format of the best quality; of equals the first of text, problem details, HTML. JSON of
    /// any kind counts as problem details, since clients of an API ask for it so.
    /// </summary>
    public static ErrorFormat FormatFor(RequestHead head)
    {
        if (!head.TryGet(KnownHeader.Accept, out ReadOnlySpan<byte> first)
            || first.SequenceEqual("*/*"u8))
        {
            return ErrorFormat.Text;
        }

        int text = MediaRanges.QualityOf(head, "text/plain"u8);
        int html = MediaRanges.QualityOf(head, "text/html"u8);
        int problem = Math.Max(
            MediaRanges.QualityOf(head, "application/problem+json"u8),
            MediaRanges.QualityOf(head, "application/json"u8));
        return text >= problem && text >= html ? ErrorFormat.Text
            : problem >= html ? ErrorFormat.Problem
            : ErrorFormat.Html;
    }

    public static Response Make(in ErrorContext error, bool isDev)
    {
        // An exception that is a response explains itself: only its cause is news.
        string? inside = !isDev ? null
            : (error.Exception is HttpException { Status: < 500 } known
                ? known.InnerException
                : error.Exception)?.ToString();
        Response page = error.Format switch
        {
            ErrorFormat.Problem => Response.Bytes(
                Problem(error, inside), "application/problem+json", error.Status),
            ErrorFormat.Html => Response.Html(Html(error, inside), error.Status),
            _ => Response.Text(Text(error, inside), error.Status),
        };
        page.Headers.Add("X-Content-Type-Options", "nosniff"); // text must not be taken for HTML
        return page;
    }

    private static string Text(in ErrorContext error, string? inside)
    {
        string line = error.Detail is { } detail
            ? $"{error.Status}: {detail}"
            : s_lines[error.Status - 400] ??= $"{error.Status}: {error.Title}";
        if (error.Errors is null && inside is null)
        {
            return line;
        }

        var text = new StringBuilder(line).Append('\n');
        foreach ((string field, string[] messages) in error.Errors ?? s_noErrors)
        {
            text.Append('\n').Append(field).Append(": ").AppendJoin(' ', messages);
        }

        return text.Append(inside is null ? null : "\n").Append(inside).ToString();
    }

    private static string Html(in ErrorContext error, string? inside)
    {
        string title = $"{error.Status} {error.Title}";
        var html = new StringBuilder(
            "<!doctype html>\n<meta charset=\"utf-8\">\n"
            + $"<title>{title}</title>\n<h1>{title}</h1>\n");
        AppendElement(html, "p", error.Detail);
        foreach ((string field, string[] messages) in error.Errors ?? s_noErrors)
        {
            AppendElement(html, "p", $"{field}: {string.Join(' ', messages)}");
        }

        AppendElement(html, "pre", inside);
        return html.ToString();
    }

    private static void AppendElement(StringBuilder html, string name, string? text)
    {
        if (text is not null)
        {
            html.Append($"<{name}>{WebUtility.HtmlEncode(text)}</{name}>\n");
        }
    }

    // RFC 9457 3.1; the type is "about:blank": the title is the phrase of the status (4.2.1).
    private static byte[] Problem(in ErrorContext error, string? inside)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", error.Title);
            json.WriteNumber("status", error.Status);
            if (error.Detail is not null)
            {
                json.WriteString("detail", error.Detail);
            }

            if (error.Errors is { } errors)
            {
                WriteErrors(json, errors);
            }

            if (inside is not null)
            {
                json.WriteString("exception", inside);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteErrors(
        Utf8JsonWriter json, IReadOnlyDictionary<string, string[]> errors)
    {
        json.WriteStartObject("errors");
        foreach ((string field, string[] messages) in errors)
        {
            json.WriteStartArray(field);
            foreach (string message in messages)
            {
                json.WriteStringValue(message);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
