// What the route table answers: one of four outcomes, and what belongs to each.
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http.Routing;

/// <summary>What came of matching a path.</summary>
public enum RouteOutcome
{
    /// <summary>No route has this path: 404.</summary>
    NotFound,

    /// <summary>A route has this path and method.</summary>
    Found,

    /// <summary>
    /// Routes have this path, but none this method: 405 with Allow, or the answer to OPTIONS.
    /// </summary>
    MethodNotAllowed,

    /// <summary>The path is malformed, whatever the routes: 400.</summary>
    BadPath,
}

/// <summary>The answer of <see cref="RouteTable{THandler}.Match"/>.</summary>
/// <typeparam name="THandler">What a route leads to.</typeparam>
public readonly struct RouteMatch<THandler>
{
    internal RouteMatch(RouteOutcome outcome, string allow = "")
    {
        Outcome = outcome;
        Allow = allow;
        TailStart = -1;
    }

    internal RouteMatch(THandler handler, string pattern, RouteValues values, int tailStart)
    {
        Outcome = RouteOutcome.Found;
        Handler = handler;
        Pattern = pattern;
        Values = values;
        Allow = "";
        TailStart = tailStart;
    }

    /// <summary>Which of the four it is.</summary>
    public RouteOutcome Outcome { get; }

    /// <summary>Found: what the route leads to.</summary>
    public THandler? Handler { get; }

    /// <summary>Found: the pattern of the route, as it was added; for logs and metrics.</summary>
    public string? Pattern { get; }

    /// <summary>Found: the captured values; none for a literal route.</summary>
    public RouteValues Values { get; }

    /// <summary>MethodNotAllowed: the value of Allow (RFC 9110 10.2.1).</summary>
    public string Allow { get; }

    /// <summary>
    /// Found by a tail: where the tail begins in the path, before any decoding; otherwise -1.
    /// </summary>
    public int TailStart { get; }
}

/// <summary>
/// The values that a route captured, each decoded exactly once and safe to append to the path of a
/// folder; or, where the pattern says <c>:raw</c>, as it was sent.
/// </summary>
public readonly struct RouteValues
{
    private readonly string[]? _names;
    private readonly string[]? _values;

    internal RouteValues(string[] names, string[] values)
    {
        _names = names;
        _values = values;
    }

    /// <summary>How many there are.</summary>
    public int Count => _names?.Length ?? 0;

    /// <summary>The names, in the order of the pattern.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>The values, in the same order.</summary>
    public ReadOnlySpan<string> All => _values;

    /// <summary>The value of a name.</summary>
    /// <param name="name">As in the pattern.</param>
    /// <exception cref="KeyNotFoundException">The pattern has no such name.</exception>
    public string this[string name] => TryGet(name, out string? value)
        ? value
        : throw new KeyNotFoundException($"The route captures nothing named '{name}'.");

    /// <summary>The value of a name, if there is one.</summary>
    /// <param name="name">As in the pattern.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the pattern has such a name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        int index = Names.IndexOf(name);
        value = index < 0 ? null : All[index];
        return index >= 0;
    }
}
