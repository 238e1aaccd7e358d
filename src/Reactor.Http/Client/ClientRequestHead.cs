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

    /// <summary>Checks what the fields of a request say of its URL and content.</summary>
    /// <exception cref="ArgumentException">They contradict.</exception>
    public static void Check(ClientRequest request, ClientUrl url, ClientOptions options)
    {
        ClientHeaders fields = request.Headers;
        if (fields["Host"] is { } host && options.ProxyFor(url.Origin) is not null
            && !host.Equals(url.Authority, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "A proxy goes by the URL and not by Host (RFC 9112 3.2.2), and these differ: put "
                + "the host into the URL, or into ClientProxy.ExcludedHosts.",
                nameof(request));
        }

        if (request.Content is ClientMultipart form && fields["Content-Type"] is { } type
            && type != form.ContentType)
        {
            throw new ArgumentException(
                "The Content-Type of a form names its boundary: do not set another one.",
                nameof(request));
        }
    }

    public static void Write(PipeWriter output, ClientCall call, ClientOptions options)
    {
        ClientRequest request = call.Request;
        ClientHeaders fields = request.Headers;
        var head = new ResponseHeadWriter(output);
        ClientProxy? proxy = options.ProxyFor(call.Url.Origin);
        string target = proxy is null ? call.Url.Target : call.Url.AbsoluteTarget;
        head.RequestLine(
            Encoding.Latin1.GetBytes(request.Method), Encoding.Latin1.GetBytes(target));
        head.Field("Host", fields["Host"] ?? call.Url.Authority);
        WriteUnlessSet(ref head, fields, "User-Agent", s_userAgent);
        WriteUnlessSet(ref head, fields, "Accept", "*/*");
        if (ContentCodings.NamesOf(ContentCodings.AskedBy(request, options)) is { } codings)
        {
            head.Field("Accept-Encoding", codings);
        }

        foreach ((string name, string value) in fields)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                head.Field(name, value);
            }
        }

        if (Join(fields["Cookie"], call.Cookies) is { } cookies)
        {
            head.Field("Cookie", cookies);
        }

        if (proxy?.Authorization is { } authorization)
        {
            head.Field("Proxy-Authorization", authorization);
        }

        WriteFraming(ref head, call);
        head.End();
    }

    // One field (RFC 6265 5.4). Of two cookies of a name, some servers take the first and others
    // the last: those of the request replace those of the jar.
    private static string? Join(string? own, string? kept)
    {
        own = own?.Trim(' ', '\t', ';'); // RFC 6265 4.2.1: there is no empty pair
        if (string.IsNullOrEmpty(own) || kept is null)
        {
            return string.IsNullOrEmpty(own) ? kept : own;
        }

        string[] names = [.. own.Split(';').Select(NameOf)];
        return string.Join(
            "; ", kept.Split("; ").Where(cookie => !names.Contains(NameOf(cookie))).Prepend(own));
    }

    private static string NameOf(string cookie) => cookie.Split('=')[0].Trim();

    private static void WriteFraming(ref ResponseHeadWriter head, ClientCall call)
    {
        ClientRequest request = call.Request;
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

        if (call.ContentLength is { } length)
        {
            head.ContentLength(length);
        }
        else
        {
            head.Chunked();
        }

        if (call.ExpectsContinue)
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
