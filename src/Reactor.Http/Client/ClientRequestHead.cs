using System.IO.Pipelines;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Writes the head of a request: Host first, then the fields of the client, those of the request,
/// and the framing (RFC 9112 3 and 6).
/// </summary>
/// <remarks>Pure but for its output.</remarks>
internal static class ClientRequestHead
{
    private static readonly string s_userAgent =
        $"reactor/{typeof(ClientRequestHead).Assembly.GetName().Version?.ToString(3)}";

    public static void Write(PipeWriter output, ClientCall call, ClientOptions options)
    {
        ClientRequest request = call.Request;
        ClientHeaders fields = request.Headers;
        var head = new ResponseHeadWriter(output);
        string target = options.Proxy is null ? call.Url.Target : call.Url.AbsoluteTarget;
        head.RequestLine(
            Encoding.Latin1.GetBytes(request.Method), Encoding.Latin1.GetBytes(target));
        head.Field("Host", fields["Host"] ?? call.Url.Authority);
        WriteUnlessSet(ref head, fields, "User-Agent", s_userAgent);
        WriteUnlessSet(ref head, fields, "Accept", "*/*");
        foreach ((string name, string value) in fields)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                head.Field(name, value);
            }
        }

        WriteCookies(ref head, fields["Cookie"], call.Cookies);

        if (options.Proxy?.Authorization is { } authorization)
        {
            head.Field("Proxy-Authorization", authorization);
        }

        WriteFraming(ref head, request);
        head.End();
    }

    // One field (RFC 6265 5.4); of two cookies of a name, servers take the first.
    private static void WriteCookies(ref ResponseHeadWriter head, string? own, string? kept)
    {
        if (own is not null || kept is not null)
        {
            head.Field(
                "Cookie", own is null ? kept! : kept is null ? own : $"{own}; {kept}");
        }
    }

    private static void WriteFraming(ref ResponseHeadWriter head, ClientRequest request)
    {
        if (request.Content is not { } content)
        {
            if (request.Method is "POST" or "PUT" or "PATCH")
            {
                head.ContentLength(0); // RFC 9110 8.6
            }

            return;
        }

        if (content.ContentType is { } type)
        {
            WriteUnlessSet(ref head, request.Headers, "Content-Type", type);
        }

        if (content.Length is { } length)
        {
            head.ContentLength(length);
        }
        else
        {
            head.Chunked();
        }

        if (request.ExpectsContinue)
        {
            head.Field("Expect", "100-continue");
        }
    }

    private static void WriteUnlessSet(
        ref ResponseHeadWriter head, ClientHeaders fields, string name, string value)
    {
        if (!fields.Contains(name))
        {
            head.Field(name, value);
        }
    }
}
