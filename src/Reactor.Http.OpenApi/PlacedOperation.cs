namespace Reactor.Http.OpenApi;

/// <summary>A route at a method of a path of the document.</summary>
/// <param name="Route">The route.</param>
/// <param name="Method">The method, in lower case.</param>
internal sealed record PlacedOperation(Route Route, string Method)
{
    /// <summary>
    /// Routes for other values or hosts that have the same path and method, which a document has
    /// only once.
    /// </summary>
    public List<Route> Hidden { get; } = [];

    public string Id { get; set; } = "";
}

/// <summary>A path of the document.</summary>
/// <param name="Template">The path of the first route of its shape.</param>
/// <param name="Names">The names of the parameters, which all its operations take.</param>
internal sealed record PlacedPath(string Template, string[] Names)
{
    public List<PlacedOperation> Operations { get; } = [];

    public PlacedOperation? Find(string method) =>
        Operations.Find(operation => operation.Method == method);
}
