namespace Reactor.Http.OpenApi;

/// <summary>
/// Places the routes of an application at the paths and methods of a document, in the order of the
/// routes. Paths that differ only in the names of parameters are one path (OpenAPI 3.1, Paths
/// Object).
/// </summary>
internal static class OperationList
{
    // The fields of a Path Item; other methods have no place in OpenAPI 3.1.
    private static readonly string[] s_methods =
        ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    // What a route for every method stands for: the methods that clients of an API use.
    private static readonly string[] s_any = ["get", "put", "post", "delete", "patch"];

    /// <param name="application">The application.</param>
    /// <param name="host">The only host of the document, or null.</param>
    /// <param name="leftOut">Gets the routes that have no operation for a method.</param>
    public static List<PlacedPath> Make(
        Application application, string? host, ISet<Route> leftOut)
    {
        List<PlacedPath> paths = [];
        var shapes = new Dictionary<string, PlacedPath>(StringComparer.Ordinal);
        Route[] routes =
        [
            .. application.Routes
                .Where(route => !route.Metadata.OfType<RouteOmission>().Any())
                .Where(route => host is null || Serves(route, host))
                .OrderBy(Order),
        ];
        foreach (Route route in routes)
        {
            _ = PathOf(route); // the paths have the order of the routes
        }

        // A route for every method leaves alone what another of its host has.
        foreach (Route route in routes.OrderBy(Order).ThenBy(IsForAny))
        {
            Place(PathOf(route), route);
        }

        paths.RemoveAll(path => path.Operations.Count == 0);
        Name(paths);
        return paths;

        // Of the routes that serve the chosen host: its own, then those of the longest wildcard.
        int Order(Route route) => host is null || route.Host is not { } name ? 0
            : name.StartsWith('*') ? -name.Length : int.MinValue;

        PlacedPath PathOf(Route route)
        {
            string template = route.Template;
            string[] names = [.. route.Parameters.Select(parameter => parameter.Name)];
            string shape = names.Aggregate(template, (text, name) =>
                text.Replace($"{{{name}}}", "{}", StringComparison.Ordinal));
            if (!shapes.TryGetValue(shape, out PlacedPath? path))
            {
                shapes.Add(shape, path = new PlacedPath(template, names));
                paths.Add(path);
            }

            return path;
        }

        void Place(PlacedPath path, Route route)
        {
            foreach (string method in IsForAny(route)
                ? s_any : route.Methods.Select(name => name.ToLowerInvariant()))
            {
                if (!s_methods.Contains(method))
                {
                    leftOut.Add(route);
                }
                else if (path.Find(method) is not { } placed)
                {
                    path.Operations.Add(new PlacedOperation(route, method));
                }
                else if (!Replaces(placed.Route, route, host))
                {
                    placed.Hidden.Add(route);
                    leftOut.Add(route);
                }
            }
        }
    }

    // No request reaches the other, because each is for the same paths of a host.
    private static bool Replaces(Route placed, Route other, string? host) =>
        placed.Pattern == other.Pattern && (host is not null || placed.Host == other.Host);

    private static bool IsForAny(Route route) => route.Methods.Contains("*");

    private static void Name(List<PlacedPath> paths)
    {
        var ids = new OperationIds();
        PlacedOperation[] all = [.. paths.SelectMany(path => path.Operations)];
        foreach (PlacedOperation operation in all)
        {
            string? name = OperationIds.ByName(operation.Route, operation.Method);
            operation.Id = name is null ? "" : ids.Take(name);
        }

        foreach (PlacedOperation operation in all.Where(operation => operation.Id.Length == 0))
        {
            operation.Id = ids.Take(
                OperationIds.ByPath(operation.Route.Template, operation.Method));
        }
    }

    private static bool Serves(Route route, string host) =>
        route.Host is not { } name
        || name.Equals(host, StringComparison.OrdinalIgnoreCase)
        || (name is ['*', .. var suffix]
            && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
            && host.Length > suffix.Length);
}
