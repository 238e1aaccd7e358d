using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Reads the content of a request as JSON, whole or as lines, and answers with lines of JSON. The
/// metadata is that of the source generator: no reflection.
/// </summary>
/// <remarks>
/// Loop thread only. The content type is checked first, because another site can make a browser
/// send forms and text with the user's cookies, but not JSON labelled as such. A value that
/// implements <see cref="IValidatable"/> is validated.
/// </remarks>
public static class JsonRequests
{
    extension(Request request)
    {
        /// <summary>
        /// Reads the whole body as JSON (aiohttp: <c>request.json</c>). Content-Type must be
        /// <c>application/json</c> or end in <c>+json</c> (RFC 6839), in UTF-8 (RFC 8259).
        /// </summary>
        /// <param name="metadata">The type, by the source generator.</param>
        /// <param name="limits">Default: <see cref="JsonLimits.Default"/>.</param>
        /// <returns>The value; never null.</returns>
        /// <exception cref="HttpException">
        /// 415: Content-Type is missing or another. 400: the content is null or not such JSON; the
        /// detail says where. 422: the value is not valid. 413: it was read before and is larger
        /// than <see cref="JsonLimits.BytesMax"/>.
        /// </exception>
        /// <exception cref="RequestBodyException">
        /// As <see cref="Request.ReadAsync"/>; 413 for a body that is too large.
        /// </exception>
        public async Coroutine<T> JsonAsync<T>(JsonTypeInfo<T> metadata, JsonLimits? limits = null)
        {
            ArgumentNullException.ThrowIfNull(metadata);
            limits ??= JsonLimits.Default;
            ThrowIfNot(RequestText.WhyNotJson(request.Head));
            bool isLimited = Limit(request, limits);
            ReadOnlyMemory<byte> content = await request.ReadAsync();
            if (!isLimited && content.Length > limits.BytesMax)
            {
                throw HttpException.ContentTooLarge(
                    $"The content has more than {limits.BytesMax} bytes.");
            }

            T value = JsonText.Read(content.Span, metadata, limits, "The content");
            Validation.ThrowIfInvalid(value!, "");
            return value;
        }

        /// <summary>
        /// The body as lines of JSON, for <c>await foreach</c>, in bounded memory: a value is read
        /// when its line is complete. Content-Type must be <c>application/x-ndjson</c> (or
        /// <c>application/ndjson</c>, <c>application/jsonl</c>), in UTF-8.
        /// </summary>
        /// <remarks>
        /// A line ends with LF or CR LF; the last may end with the body. Empty lines are skipped.
        /// The values are not null. The route's body limit holds for all lines together.
        /// </remarks>
        /// <param name="metadata">The type of a line, by the source generator.</param>
        /// <param name="limits">Default: <see cref="JsonLimits.Default"/>.</param>
        /// <exception cref="HttpException">
        /// 415: Content-Type is missing or another. Thrown by a step: 400 or 422 for an invalid
        /// line, 413 for a line over <see cref="JsonLimits.LineBytesMax"/>.
        /// </exception>
        /// <exception cref="InvalidOperationException">The body was read whole.</exception>
        public NdjsonLines<T> ReadNdjson<T>(JsonTypeInfo<T> metadata, JsonLimits? limits = null)
        {
            ArgumentNullException.ThrowIfNull(metadata);
            limits ??= JsonLimits.Default;
            ThrowIfNot(RequestText.WhyNotNdjson(request.Head));
            Limit(request, limits);
            return new NdjsonLines<T>(request.Body, metadata, limits);
        }

        /// <summary>
        /// Answers with a line of JSON for each item, as they come; waits while the client does not
        /// take them. The head is sent with the first item, so what the sequence throws before is
        /// answered as an error.
        /// </summary>
        /// <remarks>
        /// Ends early if the client disconnects. For HEAD no item is asked for.
        /// <see cref="NdjsonWriter{T}"/> writes items one by one.
        /// </remarks>
        /// <param name="items">The items.</param>
        /// <param name="metadata">The type of an item, by the source generator.</param>
        /// <returns>The response, to be returned by the handler.</returns>
        public async Coroutine<Response> WriteNdjsonAsync<T>(
            IAsyncEnumerable<T> items, JsonTypeInfo<T> metadata)
        {
            ArgumentNullException.ThrowIfNull(items);
            var lines = new NdjsonWriter<T>(metadata);
            if (request.Head.Method != KnownMethod.Head)
            {
                await foreach (T item in items.OnLoop())
                {
                    if (!lines.Response.IsPrepared)
                    {
                        lines.Response.Prepare(request);
                    }

                    await lines.WriteAsync(item);
                    if (lines.Response.IsClientGone)
                    {
                        return lines.Response;
                    }
                }
            }

            if (!lines.Response.IsPrepared)
            {
                lines.Response.Prepare(request);
            }

            return lines.Response;
        }
    }

    private static bool Limit(Request request, JsonLimits limits) =>
        limits.BytesMax is not { } bytesMax || request.Context.Body.TryLimitTo(bytesMax);

    private static void ThrowIfNot(string? reason)
    {
        if (reason is not null)
        {
            throw HttpException.UnsupportedMediaType(reason);
        }
    }
}
