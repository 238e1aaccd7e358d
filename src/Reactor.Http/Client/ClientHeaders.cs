using System.Collections;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields of a request that a client sends; the client sets the framing fields. Names and values
/// are checked when added (RFC 9112 11.1).
/// </summary>
/// <remarks>Loop thread only while a request is sent.</remarks>
public sealed class ClientHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The field at an index.</summary>
    public KeyValuePair<string, string> this[int index] => _fields[index];

    /// <summary>Adds a field; fields of the same name stay.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value is invalid, or the client sets this field.
    /// </exception>
    public void Add(string name, string value)
    {
        FieldRules.RequireName(name);
        FieldRules.RequireValue(value);
        _fields.Add(new(name, value));
    }

    /// <summary>Adds the fields of others whose names are not here.</summary>
    internal void AddMissing(ClientHeaders defaults)
    {
        int count = Count;
        foreach ((string name, string value) in defaults._fields)
        {
            if (_fields.FindIndex(0, count, field => field.Key.Equals(
                name, StringComparison.OrdinalIgnoreCase)) < 0)
            {
                _fields.Add(new(name, value));
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
