// Maps host, method and path to a handler.
//
// The routes of a host form a tree of segments: a node has literal children, constrained
// parameters, and at most one parameter, one raw parameter, one tail and one raw tail. Each goes
// before those after it, segment by segment from the left, with backtracking; RouteOverlap makes
// sure that this is independent of the order in which routes are added. A match takes at most one
// step per node. The routes of an exact host go before those of a wildcard, and these before those
// for all hosts, whatever their paths.
//
// One thread fills the table; then any number of threads read it.
using System.Buffers;

namespace Reactor.Http.Routing;

/// <summary>A table of routes.</summary>
internal sealed class RouteTable<THandler>
{
    private static readonly SearchValues<char> s_methodCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private readonly HostMap<THandler> _hosts = new();

    /// <summary>The routes by host; the first are those for all hosts.</summary>
    public IReadOnlyList<HostRoutes<THandler>> Hosts => _hosts.All;

    /// <summary>The paths of the routes for all hosts without captures, in normal form.</summary>
    public IReadOnlyCollection<string> LiteralPaths => Hosts[0].LiteralPaths;

    /// <summary>Adds a route for all hosts.</summary>
    /// <inheritdoc cref="Add(string, string, string, THandler)"/>
    public void Add(string method, string pattern, THandler handler) =>
        Add("", method, pattern, handler);

    /// <summary>
    /// Adds a route, by a host (see <see cref="RouteHost"/>) or "" for all; by a method in upper
    /// case, or <c>*</c> for those without a route; and by a pattern (see
    /// <see cref="RoutePattern"/>).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The host, the method or the pattern is malformed, or conflicts with another route.
    /// </exception>
    public void Add(string host, string method, string pattern, THandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(pattern);
        ThrowIfNoMethod(method);
        var parsed = RoutePattern.Parse(pattern);
        _hosts.Get(NormaliseHost(host)).Add(method, parsed, handler);
    }

    /// <summary>
    /// Adds a scope for the paths below a prefix: a pattern without tail, or "" for all paths. A
    /// path that no route serves belongs to the scope with the longest prefix; the first scope of a
    /// prefix stays.
    /// </summary>
    /// <exception cref="ArgumentException">The host or the prefix is malformed.</exception>
    public void AddScope(string host, string prefix, object scope) =>
        _hosts.Get(NormaliseHost(host)).AddScope(
            prefix is "" or "/" ? null : RoutePattern.Parse(RoutePattern.Join(prefix, "")), scope);

    /// <summary>The most specific routes of a host in normal form, or "".</summary>
    public HostRoutes<THandler> Find(ReadOnlySpan<char> host) => _hosts.Find(host);

    /// <summary>Matches in the routes for all hosts.</summary>
    /// <inheritdoc cref="Match(HostRoutes{THandler}, ReadOnlySpan{char}, ReadOnlySpan{char})"/>
    public RouteMatch<THandler> Match(ReadOnlySpan<char> method, ReadOnlySpan<char> path) =>
        Match(Hosts[0], method, path);

    /// <summary>
    /// Matches a method and a path without its query, both as sent, in the routes of a host and the
    /// less specific ones. Allocates only captured values and Allow.
    /// </summary>
    public static RouteMatch<THandler> Match(
        HostRoutes<THandler> host, ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        Span<Range> segments = stackalloc Range[RoutePattern.SegmentsMax + 1];
        return SplitPath.TrySplit(path, segments, out SplitPath split)
            ? new RouteSearch<THandler>(method, split).Run(host)
            : new RouteMatch<THandler>(RouteOutcome.BadPath);
    }

    private static string NormaliseHost(string host) =>
        host.Length == 0 ? host : RouteHost.Normalise(host);

    // Methods are case-sensitive (RFC 9110 9.1) and all registered ones are in upper case: a route
    // for "get" or "GET|POST" would never match.
    private static void ThrowIfNoMethod(string method)
    {
        if (method != "*" && method.AsSpan().ContainsAnyExcept(s_methodCharacters))
        {
            throw new ArgumentException(
                $"The method '{method}' is not usable: a method is case-sensitive and consists of "
                + "upper-case letters, digits, '-', '.' and '_', such as "
                + $"'{UsableFormOf(method)}'; '*' stands for every method without a route.",
                nameof(method));
        }
    }

    private static string UsableFormOf(string method) =>
        method.ToUpperInvariant() is var upper
            && upper.AsSpan().ContainsAnyExcept(s_methodCharacters) ? "GET" : upper;
}
