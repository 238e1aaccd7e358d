namespace Reactor.Http.OpenApi;

/// <summary>Serves the OpenAPI document of an application, or writes it to a file.</summary>
public static class OpenApiServing
{
    /// <summary>
    /// Adds a route that serves the document of the application, with what is mounted in it. It is
    /// made once, when the application starts, so that a contradiction ends the start; the route
    /// itself is not in it.
    /// </summary>
    /// <remarks>
    /// One thread, before the application is served. The response has an ETag and
    /// <c>Cache-Control: no-cache</c>; a client that has the document gets 304.
    /// </remarks>
    /// <param name="application">The application.</param>
    /// <param name="pattern">The pattern, such as <c>/openapi.json</c>.</param>
    /// <param name="info">What no route knows.</param>
    /// <exception cref="ArgumentException">
    /// The pattern is malformed, or conflicts with another route.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Route ServeOpenApi(
        this Application application, string pattern, OpenApiInfo info)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(info);
        // Of all loops: the first makes it, and the others wait for it, at their start.
        var document = new Lazy<ServedDocument>(() => new ServedDocument(
            OpenApiDocument.Create(application, info).ToUtf8Bytes()));
        application.OnStartup.Add(Prepare);
        return application.Get(pattern, request => document.Value.Answer(request))
            .Undocumented();

#pragma warning disable CS1998 // a hook is a coroutine
        async Coroutine Prepare(Application started) => GC.KeepAlive(document.Value);
#pragma warning restore CS1998
    }

    /// <summary>
    /// Writes the document of the application to a file, which is replaced: in a step of a build,
    /// or before the application is served. It blocks, so not on the loop thread.
    /// </summary>
    /// <param name="application">The application, whose routes do not change any more.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="info">What no route knows.</param>
    /// <inheritdoc cref="OpenApiDocument.Create" path="/exception"/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteOpenApi(
        this Application application, string path, OpenApiInfo info) =>
        OpenApiDocument.Create(application, info).Save(path);

    private sealed class ServedDocument(byte[] bytes)
    {
        private readonly ETag _tag = ETag.Of(bytes);

        public Response Answer(Request request)
        {
            Response response = request.CheckPreconditions(_tag)
                ?? Response.Bytes(bytes, "application/json");
            response.SetETag(_tag);
            response.Headers.Set("Cache-Control", "no-cache");
            response.Headers.Set("X-Content-Type-Options", "nosniff");
            return response;
        }
    }
}
