using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The field lines of a head that we send, in order. Names are case-insensitive; names and values
/// are checked when added, against injection (RFC 9112 11.1).
/// </summary>
/// <remarks>A wrapper of one list, so that it costs no object. One thread at a time.</remarks>
internal readonly struct FieldLines
{
    private readonly List<(string Name, string Value)> _fields = [];

    public FieldLines()
    {
    }

    public int Count => _fields.Count;

    public (string Name, string Value) this[int index] => _fields[index];

    /// <summary>Adds a field; fields of the same name stay.</summary>
    /// <exception cref="ArgumentException">The name or value is invalid.</exception>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        FieldRules.RequireName(name);
        FieldRules.RequireValue(value);
        _fields.Add((name, value));
    }

    /// <summary>Adds fields that were checked before.</summary>
    public void AddRange(FieldLines fields) => _fields.AddRange(fields._fields);

    /// <summary>Removes all fields of a name; returns their number.</summary>
    public int Remove(string name) => _fields.RemoveAll(field => IsSame(field.Name, name));

    /// <summary>Removes the fields that a condition holds for.</summary>
    public void RemoveAll(Predicate<(string Name, string Value)> condition) =>
        _fields.RemoveAll(condition);

    /// <summary>The first value of a field, or null.</summary>
    public string? Find(string name) => IndexOf(name, Count) is >= 0 and var index
        ? _fields[index].Value
        : null;

    /// <summary>True if one of the first fields has that name.</summary>
    public bool Contains(string name, int count) => IndexOf(name, count) >= 0;

    public List<(string Name, string Value)>.Enumerator GetEnumerator() => _fields.GetEnumerator();

    private int IndexOf(string name, int count)
    {
        // A lambda would allocate for each message.
        for (int i = 0; i < count; i++)
        {
            if (IsSame(_fields[i].Name, name))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsSame(string one, string other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
