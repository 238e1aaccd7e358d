using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// The cookies of a request by name, as octets in Latin-1 and without quotes (aiohttp:
/// <c>request.cookies</c>). Names are case-sensitive.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
#pragma warning disable CA1710 // named like the other values of a request
public sealed class CookieValues : IReadOnlyDictionary<string, string>, IRequestValues
#pragma warning restore CA1710
{
    private readonly Dictionary<string, string> _values;

    internal CookieValues(Dictionary<string, string> values) => _values = values;

    /// <summary>The number of cookies.</summary>
    public int Count => _values.Count;

    /// <summary>The names.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>The values.</summary>
    public IEnumerable<string> Values => _values.Values;

    string IRequestValues.Kind => "cookie";

    /// <summary>The value of a cookie.</summary>
    /// <exception cref="KeyNotFoundException">The client sent no such cookie.</exception>
    public string this[string key] => _values[key];

    /// <summary>True if the client sent the cookie.</summary>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <summary>Gets the value of a cookie; false if the client did not send it.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) =>
        _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string? IRequestValues.Find(string name) => _values.GetValueOrDefault(name);

    IEnumerable<string> IRequestValues.FindAll(string name) =>
        _values.TryGetValue(name, out string? value) ? [value] : [];
}
