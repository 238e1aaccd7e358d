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

    public static List<PlacedPath> Make(Application application, string? host)
    {
        List<PlacedPath> paths = [];
        var shapes = new Dictionary<string, PlacedPath>(StringComparer.Ordinal);
        Route[] routes =
        [
            .. application.Routes
                .Where(route => !route.Metadata.OfType<RouteOmission>().Any())
                .Where(route => host is null || Serves(route, host))
                // The most specific host first, and a stable order.
                .OrderBy(route => host is null ? 0 : -(route.Host?.Length ?? 0)),
        ];
        foreach (Route route in routes)
        {
            PlacedPath path = PathOf(route);
            foreach (string method in route.Methods.Select(name => name.ToLowerInvariant())
                .Where(s_methods.Contains))
            {
                Place(path, route, method, host);
            }
        }

        // After the others, whose methods it leaves alone.
        foreach (Route route in routes.Where(route => route.Methods.Contains("*")))
        {
            PlacedPath path = PathOf(route);
            foreach (string method in s_any.Where(method => path.Find(method) is null))
            {
                Place(path, route, method, host);
            }
        }

        paths.RemoveAll(path => path.Operations.Count == 0);
        Name(paths);
        return paths;

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
    }

    private static void Place(PlacedPath path, Route route, string method, string? host)
    {
        if (path.Find(method) is not { } placed)
        {
            path.Operations.Add(new PlacedOperation(route, method));
        }
        else if (host is null || placed.Route.Host == route.Host)
        {
            placed.Hidden.Add(route); // else the more specific host has it alone
        }
    }

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
