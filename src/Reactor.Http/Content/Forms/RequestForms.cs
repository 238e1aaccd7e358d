namespace Reactor.Http;

/// <summary>
/// Reads the form in the body of a request, urlencoded or multipart, whole or part by part.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public static class RequestForms
{
    extension(Request request)
    {
        /// <summary>
        /// Reads a form, urlencoded or multipart; later calls return the same (aiohttp:
        /// <c>request.post()</c>). Files are stored in temporary files until the request ends.
        /// </summary>
        /// <param name="options">The bounds; null: <see cref="FormOptions.Default"/>.</param>
        /// <remarks>
        /// Strict: UTF-8 is the only charset, and an invalid escape is an error. For large files
        /// use <see cref="ReadMultipart"/>.
        /// </remarks>
        /// <exception cref="RequestBodyException">
        /// The Content-Type is no form (415); the form is malformed, or exceeds a limit (400); it
        /// is
        /// too large (413); or the body is late or incomplete.
        /// </exception>
        /// <exception cref="InvalidOperationException">The body was read another way.</exception>
        public Coroutine<FormValues> FormAsync(FormOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(request);
            return FormReading.ReadAsync(request, options ?? FormOptions.Default);
        }

        /// <summary>
        /// The parts of a multipart form as they arrive, for <c>await foreach</c> (aiohttp:
        /// <c>request.multipart()</c>). Nothing is read before the first step.
        /// </summary>
        /// <param name="options">The bounds; null: <see cref="FormOptions.Default"/>.</param>
        /// <exception cref="RequestBodyException">
        /// The Content-Type is not multipart/form-data (415), or has no valid boundary (400).
        /// </exception>
        public MultipartReader ReadMultipart(FormOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(request);
            byte[] boundary = FormContent.BoundaryOf(request.Head, mayBeUrlEncoded: false)!;
            return new MultipartReader(request, boundary, options ?? FormOptions.Default);
        }
    }
}
