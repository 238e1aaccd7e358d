namespace Reactor.Http;

/// <summary>
/// Makes the endpoints of an application and of all that is mounted in it, with full patterns, and
/// with everything that runs around them composed once; then freezes the applications.
/// </summary>
internal static class Composition
{
    /// <exception cref="ArgumentException">Two routes conflict, or a pattern is bad.</exception>
    public static IRequestDispatcher Compose(Application root)
    {
        var routes = new List<PlacedRoute>();
        var scopes = new List<PlacedScope>();
        foreach (Application application in root.Mounts.Tree)
        {
            Action<Request?, Response>? prepare = Preparation.Compose(application);
            scopes.Add(new PlacedScope(
                application.HostName, application.Prefix,
                new GeneratedEndpoints(application, prepare)));
            foreach (Route route in application.Router.Routes)
            {
                Endpoint endpoint = MakeEndpoint(
                    application, route,
                    route.Guards.Count == 0 ? prepare : Preparation.Compose(application, route));
                routes.AddRange(route.Methods.Select(
                    method => new PlacedRoute(route.Host, method, route.Pattern, endpoint)));
            }
        }

        IRequestDispatcher dispatcher = RouteDispatcher.Make(routes, scopes);
        foreach (Application application in root.Mounts.Tree)
        {
            application.Freeze();
        }

        return dispatcher;
    }

    private static Endpoint MakeEndpoint(
        Application application, Route route, Action<Request?, Response>? prepare) =>
        new(application.Compose(Middleware.Around(route.Middleware, route.Handler)))
        {
            BodyBytesMax = route.Options?.BodyBytesMax,
            ServesOverloaded = route.Options?.ServesOverloaded == true,
            HandlerTimeout = route.Options?.HandlerTimeout,
            RequestsInFlightMax = route.Options?.RequestsInFlightMax,
            CancelHandlerOnDisconnect = route.Options?.CancelHandlerOnDisconnect,
            Pattern = route.Pattern,
            Route = route,
            Owner = application,
            ErrorPage = application.NearestErrorPage,
            OnResponsePrepare = prepare,
        };
}
