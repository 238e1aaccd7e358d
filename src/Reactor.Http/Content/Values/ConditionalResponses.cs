using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A middleware that makes reads conditional (RFC 9110 13): it tags responses that are whole in
/// memory, and sends 304 in place of one that the client has.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public static class ConditionalResponses
{
    /// <summary>
    /// Bodies up to this size get a tag by <see cref="AnswerAsync"/>: the hash runs on the loop, at
    /// about a millisecond per MiB.
    /// </summary>
    public const int TaggedBytesMax = 1024 * 1024;

    /// <summary>
    /// A middleware, <c>app.Use(ConditionalResponses.AnswerAsync)</c>: gives a 200 of GET or HEAD
    /// that is whole in memory a strong tag, unless its handler has set one, and evaluates the
    /// conditions. Other responses pass unchanged.
    /// </summary>
    /// <remarks>
    /// It saves the transfer, not the work of the handler. A method that changes something calls
    /// <c>CheckPreconditions</c> before it does.
    /// </remarks>
    /// <exception cref="HttpException">412: a condition is false.</exception>
    public static async Coroutine<Response> AnswerAsync(Request request, Handler next)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(next);
        Response response = await next(request);
        bool isRead = request.Head.Method is KnownMethod.Get or KnownMethod.Head;
        if (!isRead || response?.Status != 200 || response.GetType() != typeof(Response)
            || response.BodyBytes > TaggedBytesMax)
        {
            return response!; // the server reports null
        }

        if (response.Headers.Find("ETag") is null)
        {
            response.SetETag(TagOf(response));
        }

        bool hasTag = ETag.TryParse(response.Headers.Find("ETag"), out ETag tag);
        bool hasDate = HttpDate.TryParse(
            Encoding.Latin1.GetBytes(response.Headers.Find("Last-Modified") ?? ""),
            request.Loop.Driver.UtcNow,
            out DateTimeOffset date);
        Response? answer = request.CheckPreconditions(
            hasTag ? tag : null, hasDate ? date : null);
        return answer is null ? response : NotModified(response);
    }

    // The type is part of a representation: the same bytes as text and as HTML are two.
    private static ETag TagOf(Response response)
    {
        ReadOnlySpan<byte> content = response.ToBytes().Span;
        byte[] type = Encoding.Latin1.GetBytes($"{response.ContentType}\0");
        return ETag.Of([.. type, .. content]);
    }

    // All fields but those that describe the content that is not sent (15.4.5).
    private static Response NotModified(Response full)
    {
        var response = new Response(304);
        for (int i = 0; i < full.Headers.Count; i++)
        {
            (string name, string value) = full.Headers[i];
            bool isOfContent = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Content-Location", StringComparison.OrdinalIgnoreCase);
            bool isDate = name.Equals("Last-Modified", StringComparison.OrdinalIgnoreCase);
            if (!isOfContent && !isDate)
            {
                response.Headers.Add(name, value);
            }
        }

        return response;
    }
}
