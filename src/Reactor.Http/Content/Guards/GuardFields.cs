namespace Reactor.Http;

/// <summary>
/// How guards change a response: in a hook before its head, so that a streamed response and a
/// generated one are treated alike, also if no middleware runs.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class GuardFields
{
    /// <summary>True if a response or an application around it sets a field.</summary>
    public static bool IsSet(Application application, Response response, string name) =>
        response.Headers.Contains(name) || HolderOf(application, name) is not null;

    /// <summary>Adds names to Vary, beside its default values.</summary>
    public static void AddVary(
        Application application, Response response, params ReadOnlySpan<string> names)
    {
        ResponseHeaders own = response.Headers;
        if (!own.Contains("Vary") && HolderOf(application, "Vary") is { } defaults)
        {
            for (int i = 0; i < defaults.Count; i++)
            {
                if (defaults[i].Name.Equals("Vary", StringComparison.OrdinalIgnoreCase))
                {
                    own.Add("Vary", defaults[i].Value);
                }
            }
        }

        foreach (string name in names)
        {
            own.AddVary(name);
        }
    }

    /// <summary>
    /// Answers with the page of an error. Cheaper than throwing it, which counts in a flood.
    /// </summary>
#pragma warning disable CS1998 // a middleware returns a coroutine
    public static async Coroutine<Response> RefuseAsync(Request request, HttpException error) =>
        ErrorAnswers.OfFailure(request.Context, error);
#pragma warning restore CS1998

    private static ResponseHeaders? HolderOf(Application? application, string name)
    {
        while (application is not null && !application.DefaultHeaders.Contains(name))
        {
            application = application.Parent;
        }

        return application?.DefaultHeaders;
    }
}
