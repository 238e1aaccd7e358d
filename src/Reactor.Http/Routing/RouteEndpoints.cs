using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http.Routing;

/// <summary>The handlers of one path, by method, in the order in which they were added.</summary>
internal sealed class RouteEndpoints<THandler>
{
    private readonly record struct Endpoint(string Method, RoutePattern Pattern, THandler Handler);

    // Stands for every method without a handler but TRACE, which echoes the request with its
    // cookies (RFC 9110 9.3.8): that needs a route of its own.
    private const string Any = "*";
    private const string Trace = "TRACE";

    // The value of Allow where every method is allowed.
    private static readonly string[] s_usual = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private readonly List<Endpoint> _endpoints = [];

    /// <summary>The value of Allow: the methods, HEAD with GET, and always OPTIONS.</summary>
    public IEnumerable<string> Methods => _endpoints
        .SelectMany(endpoint => endpoint.Method switch
        {
            Any => s_usual,
            "GET" => ["GET", "HEAD"],
            _ => [endpoint.Method],
        })
        .Append("OPTIONS");

    /// <exception cref="ArgumentException">The method has a handler already.</exception>
    public void Add(string host, string method, RoutePattern pattern, THandler handler)
    {
        if (TryFindExact(method, out _, out RoutePattern? other))
        {
            throw new ArgumentException(
                $"The route '{new RouteName(method, host, pattern.Text)}' conflicts with "
                + $"'{new RouteName(method, host, other.Text)}': both match the same paths.",
                nameof(pattern));
        }

        _endpoints.Add(new Endpoint(method, pattern, handler));
    }

    /// <summary>Finds the handler of a method: its own, GET's for HEAD, or that of "*".</summary>
    public bool TryFind(
        ReadOnlySpan<char> method, out THandler? handler, out RoutePattern? pattern) =>
        TryFindExact(method, out handler, out pattern)
        || (method is "HEAD" && TryFindExact("GET", out handler, out pattern))
        || (method is not Trace && TryFindExact(Any, out handler, out pattern));

    /// <summary>A method and its pattern that serve some method which another serves too.</summary>
    public (string Method, RoutePattern Pattern)? FindServing(string method)
    {
        foreach (Endpoint endpoint in _endpoints)
        {
            if (Serves(endpoint.Method, method) || Serves(method, endpoint.Method)
                || (IsGetOrHead(endpoint.Method) && IsGetOrHead(method)))
            {
                return (endpoint.Method, endpoint.Pattern);
            }
        }

        return null;
    }

    private static bool Serves(string method, string other) =>
        method == other || (method == Any && other != Trace);

    private static bool IsGetOrHead(string method) => method is "GET" or "HEAD";

    private bool TryFindExact(
        ReadOnlySpan<char> method, out THandler? handler,
        [NotNullWhen(true)] out RoutePattern? pattern)
    {
        foreach (Endpoint endpoint in _endpoints)
        {
            if (method.SequenceEqual(endpoint.Method))
            {
                (_, pattern, handler) = endpoint;
                return true;
            }
        }

        handler = default;
        pattern = null;
        return false;
    }
}

/// <summary>A route as messages name it; the host may be empty.</summary>
internal sealed record RouteName(string Method, string Host, string Pattern)
{
    public override string ToString() => $"{Method} {Host}{Pattern}";
}
