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
}
