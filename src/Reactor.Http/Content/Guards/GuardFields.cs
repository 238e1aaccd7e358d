namespace Reactor.Http;

/// <summary>Kinds of guards of which only the nearest to the handler sets fields.</summary>
[Flags]
internal enum GuardKinds
{
    None = 0,
    Cors = 1,
    SecurityHeaders = 2,
}

/// <summary>
/// How guards change a response: in a hook before its head, so that a streamed response and a
/// generated one are treated alike. A guard of an application is a hook of the application too,
/// for requests that are refused before any middleware runs.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class GuardFields
{
    /// <summary>
    /// True for the first guard of a kind that asks. Hooks run from the inside out, so that is the
    /// guard nearest to the handler, and its policy stands alone.
    /// </summary>
    public static bool TrySettle(Request? request, GuardKinds kind)
    {
        if (request is null)
        {
            return true; // only the hooks of the outermost application run
        }

        RequestContext context = request.Context;
        var settled = (GuardKinds)context.SettledGuards;
        context.SettledGuards = (int)(settled | kind);
        return (settled & kind) == 0;
    }

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
