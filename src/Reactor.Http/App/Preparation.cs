namespace Reactor.Http;

/// <summary>
/// Composes what runs before the head of every response of an application or a route: of each kind
/// of guard the nearest one, the application's hooks after those around it, then the default
/// headers of mounted applications.
/// </summary>
/// <remarks>
/// The default headers of the outermost application are no part of it: they are encoded once, in
/// the server's cached heads.
/// </remarks>
internal static class Preparation
{
    /// <summary>Null if there is nothing to do.</summary>
    /// <param name="application">The application.</param>
    /// <param name="route">The route, if it has guards of its own.</param>
    public static Action<Request?, Response>? Compose(
        Application application, Route? route = null)
    {
        Action<Request?, Response>? all = null;
        foreach (Action<Request?, Response> hook in
            Guards(application, route).Concat(Hooks(application)).Concat(Defaults(application)))
        {
            all += hook; // a delegate of several calls them in order, until one throws
        }

        return all;
    }

    // Decided here, and not by middleware as it runs: a response that the server makes before any
    // middleware has the fields of the nearest guard too.
    private static Action<Request?, Response>[] Guards(Application application, Route? route)
    {
        var nearest = new Dictionary<Type, Action<Request?, Response>>(route?.Guards ?? []);
        for (Application? around = application; around is not null; around = around.Parent)
        {
            foreach ((Type kind, Action<Request?, Response> hook) in around.Guards)
            {
                nearest.TryAdd(kind, hook);
            }
        }

        return [.. nearest.Values];
    }

    private static IEnumerable<Action<Request?, Response>> Hooks(Application application) =>
        (application.Parent is { } parent ? Hooks(parent) : []).Concat(
            application.OnResponsePrepare);

    // The innermost application is first, and a name that is there already is left alone.
    private static IEnumerable<Action<Request?, Response>> Defaults(Application application)
    {
        for (; application.Parent is { } parent; application = parent)
        {
            if (application.DefaultHeaders is { Count: > 0 } headers)
            {
                yield return (_, response) => AddMissing(headers, response.Headers);
            }
        }
    }

    private static void AddMissing(ResponseHeaders defaults, ResponseHeaders own)
    {
        int before = own.Count;
        for (int i = 0; i < defaults.Count; i++)
        {
            (string name, string value) = defaults[i];
            if (!own.Contains(name, before))
            {
                own.Add(name, value);
            }
        }
    }
}
