// The result of a match: one of four outcomes, and what belongs to each.
namespace Reactor.Http.Routing;

/// <summary>The outcome of a match.</summary>
internal enum RouteOutcome
{
    /// <summary>No route has this path: 404.</summary>
    NotFound,

    /// <summary>A route has this path and method.</summary>
    Found,

    /// <summary>Routes have this path, but not this method: 405, or OPTIONS.</summary>
    MethodNotAllowed,

    /// <summary>The path is malformed: 400.</summary>
    BadPath,
}

/// <summary>The result of <see cref="RouteTable{THandler}.Match"/>.</summary>
internal readonly struct RouteMatch<THandler>
{
    internal RouteMatch(RouteOutcome outcome, string allow = "")
    {
        Outcome = outcome;
        Allow = allow;
        TailStart = -1;
    }

    internal RouteMatch(
        THandler handler, string pattern, string[] names, string[] values, int tailStart)
    {
        Outcome = RouteOutcome.Found;
        Handler = handler;
        Pattern = pattern;
        Names = names;
        Values = values;
        Allow = "";
        TailStart = tailStart;
    }

    public RouteOutcome Outcome { get; }

    /// <summary>Found: the handler of the route.</summary>
    public THandler? Handler { get; }

    /// <summary>Found: the pattern of the route.</summary>
    public string? Pattern { get; }

    /// <summary>Found: the names of the captured values, in the order of the pattern.</summary>
    public string[] Names { get; } = [];

    /// <summary>
    /// Found: the captured values, each decoded once and safe to append to the path of a folder;
    /// where the pattern says <c>:raw</c>, as the client sent it.
    /// </summary>
    public string[] Values { get; } = [];

    /// <summary>MethodNotAllowed: the value of Allow (RFC 9110 10.2.1).</summary>
    public string Allow { get; }

    /// <summary>Found by a tail: its offset in the raw path; otherwise -1.</summary>
    public int TailStart { get; }
}
