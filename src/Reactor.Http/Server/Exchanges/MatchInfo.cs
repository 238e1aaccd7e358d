using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// The values that a route captured (aiohttp: <c>match_info</c>). Each is decoded once and safe to
/// append to the path of a folder; where the pattern says <c>:raw</c>, it is as the client sent it.
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
        : throw new KeyNotFoundException($"The route captures nothing named '{name}'.");

    /// <summary>Gets the value of a name, if the pattern has it.</summary>
    /// <param name="name">A name, case-sensitive.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>True if the pattern has such a name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        int index = Names.IndexOf(name);
        value = index < 0 ? null : Values[index];
        return index >= 0;
    }
}
