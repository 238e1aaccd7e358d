namespace Reactor.Http;

/// <summary>A route of an application: methods, pattern and handler (aiohttp: a resource route).</summary>
/// <remarks>Set up before the application is served; then immutable and for any thread.</remarks>
public sealed class Route
{
    internal Route(string method, string pattern, Handler handler, RouteOptions? options)
    {
        Method = method;
        Pattern = pattern;
        Handler = handler;
        Options = options;
    }

    /// <summary>The method in upper case, or <c>*</c>.</summary>
    public string Method { get; }

    /// <summary>The pattern.</summary>
    public string Pattern { get; }

    /// <summary>The options, or null.</summary>
    public RouteOptions? Options { get; }

    internal Handler Handler { get; }
}
