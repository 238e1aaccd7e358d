using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Conditional requests (RFC 9110 13): a client that has the representation gets 304 without
/// content, and a client that would overwrite a change that it has not seen gets 412.
/// </summary>
/// <remarks>
/// Loop thread only. A handler calls <c>CheckPreconditions</c> when it knows that its response is a
/// success, and before it changes anything: conditions are ignored if the response without them is
/// an error (13.2.1).
/// </remarks>
/// <example><code>
/// var tag = new ETag($"{todo.Version}");
/// Response response = request.CheckPreconditions(tag) ?? Response.Json(todo, metadata);
/// response.SetETag(tag);
/// return response;
/// </code></example>
public static class ConditionalRequests
{
    /// <summary>
    /// Bodies up to this size get a tag by <see cref="AnswerAsync"/>: the hash runs on the loop, at
    /// about a millisecond per MiB.
    /// </summary>
    public const int TaggedBytesMax = 1024 * 1024;

    extension(Request request)
    {
        /// <summary>
        /// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since, in the
        /// order of RFC 9110 13.2.2.
        /// </summary>
        /// <param name="tag">The entity tag of the present representation; null for none.</param>
        /// <param name="lastModified">When it was last modified; null if that is unknown.</param>
        /// <param name="exists">
        /// False if there is no representation yet, as before a PUT that creates one.
        /// </param>
        /// <returns>
        /// 304 with the tag, or the date if there is no tag; null if the request is to be
        /// performed. A 304 also needs the Cache-Control, Content-Location, Expires and Vary that
        /// the response to the same request would have (15.4.5): set them on both.
        /// </returns>
        /// <exception cref="HttpException">412: a condition is false.</exception>
        public Response? CheckPreconditions(
            ETag? tag = null, DateTimeOffset? lastModified = null, bool exists = true)
        {
            var state = new Validators(exists, tag, lastModified);
            switch (Preconditions.Evaluate(request.Head, state, request.Loop.Driver.UtcNow))
            {
                case PreconditionOutcome.Failed:
                    throw HttpException.PreconditionFailed(
                        "A precondition of the request is false.");
                case PreconditionOutcome.Perform:
                    return null;
            }

            var response = new Response(304);
            if (tag is { } known)
            {
                response.SetETag(known);
            }
            else if (lastModified is { } date)
            {
                response.SetLastModified(date);
            }

            return response;
        }
    }

    /// <summary>
    /// A middleware, <c>app.Use(ConditionalRequests.AnswerAsync)</c>: gives a 200 of GET or HEAD
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
