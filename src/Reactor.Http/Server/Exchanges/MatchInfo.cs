using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// The values that a route captured (aiohttp: <c>match_info</c>), decoded once and safe to append
/// to a folder's path; with <c>:raw</c>, as the client sent them.
/// </summary>
public readonly struct MatchInfo
{
    private readonly string[]? _names;
    private readonly string[]? _values;

    internal MatchInfo(string[] names, string[] values)
    {
        _names = names;
        _values = values;
    }

    /// <summary>The number of values.</summary>
    public int Count => _names?.Length ?? 0;

    /// <summary>The names, in the order of the pattern.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>The values, in the same order.</summary>
    public ReadOnlySpan<string> Values => _values;

    /// <summary>The value of a name.</summary>
    /// <param name="name">A name of the pattern, case-sensitive.</param>
    /// <exception cref="KeyNotFoundException">The pattern has no such name.</exception>
    public string this[string name] => TryGet(name, out string? value)
        ? value
        : throw new KeyNotFoundException(
            $"The route has no parameter '{name}'; it has "
            + (Count == 0 ? "none." : $"'{string.Join("', '", _names!)}'."));

    /// <summary>Gets the value of a name; false if the pattern has no such name.</summary>
    /// <param name="name">A name, case-sensitive.</param>
    /// <param name="value">The value, or null.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        int index = Names.IndexOf(name);
        value = index < 0 ? null : Values[index];
        return index >= 0;
    }
}
