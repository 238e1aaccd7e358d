// The handlers of one shape of path, by method.
namespace Reactor.Http.Routing;

internal sealed class RouteEndpoints<THandler>
{
    private readonly record struct Endpoint(string Method, RoutePattern Pattern, THandler Handler);

    // The method that stands for all methods that have no handler of their own. TRACE is none of
    // them: it gives back what was sent, cookies and all, so only who names it gets it (RFC 9110
    // 9.3.8).
    private const string Any = "*";
    private const string Trace = "TRACE";

    // What is said to be allowed where all are.
    private static readonly string[] s_usual = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private readonly List<Endpoint> _endpoints = [];

    /// <summary>The value of Allow: what was added, HEAD with GET, and OPTIONS always.</summary>
    public IEnumerable<string> Methods
    {
        get
        {
            foreach (Endpoint endpoint in _endpoints)
            {
                if (endpoint.Method == Any)
                {
                    foreach (string method in s_usual)
                    {
                        yield return method;
                    }

                    continue;
                }

                yield return endpoint.Method;
                if (endpoint.Method == "GET")
                {
                    yield return "HEAD";
                }
            }

            yield return "OPTIONS";
        }
    }

    /// <exception cref="ArgumentException">
    /// The method has a route of this shape already.
    /// </exception>
    public void Add(string method, RoutePattern pattern, THandler handler)
    {
        foreach (Endpoint endpoint in _endpoints)
        {
            if (endpoint.Method == method)
            {
                throw new ArgumentException(
                    $"The route '{method} {pattern.Text}' conflicts with "
                    + $"'{endpoint.Method} {endpoint.Pattern.Text}': both match the same paths.",
                    nameof(pattern));
            }
        }

        _endpoints.Add(new Endpoint(method, pattern, handler));
    }

    /// <summary>The handler of a method: its own, GET's for HEAD, or that of all methods.</summary>
    public bool TryFind(
        ReadOnlySpan<char> method, out THandler? handler, out RoutePattern? pattern)
    {
        if (TryFindExact(method, out handler, out pattern))
        {
            return true;
        }

        return (method is "HEAD" && TryFindExact("GET", out handler, out pattern))
            || (method is not Trace && TryFindExact(Any, out handler, out pattern));
    }

    private bool TryFindExact(
        ReadOnlySpan<char> method, out THandler? handler, out RoutePattern? pattern)
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
