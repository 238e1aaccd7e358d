namespace Reactor.Http.Protocol;

/// <summary>
/// A field line of a head: a view of its bytes, valid until the head is reset. Any thread.
/// </summary>
public readonly ref struct Field
{
    internal Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, KnownHeader known)
    {
        Name = name;
        Value = value;
        Known = known;
    }

    /// <summary>The name as it was sent.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value without surrounding whitespace; opaque octets (RFC 9110 5.5).</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The name as a known header, or <see cref="KnownHeader.Other"/>.</summary>
    public KnownHeader Known { get; }
}

/// <summary>The values of all field lines of one name, in message order.</summary>
public ref struct FieldValues
{
    private readonly MessageHead _head;
    private readonly ReadOnlySpan<byte> _name;
    private readonly KnownHeader _known;
    private int _index;

    internal FieldValues(MessageHead head, KnownHeader known, ReadOnlySpan<byte> name)
    {
        _head = head;
        _known = known;
        _name = name;
        _index = -1;
    }

    /// <summary>The current value.</summary>
    public readonly ReadOnlySpan<byte> Current => _head[_index].Value;

    /// <summary>Goes to the next value.</summary>
    public bool MoveNext()
    {
        _index = _head.IndexOf(_known, _name, _index + 1);
        if (_index >= 0)
        {
            return true;
        }

        _index = _head.Count;
        return false;
    }

    /// <summary>Lets <c>foreach</c> use the values.</summary>
    public readonly FieldValues GetEnumerator() => this;
}

// Where one field stands in the bytes of its head: 16 bytes, because most heads fit into a cache.
internal readonly struct FieldEntry(
    int nameStart, int nameLength, int valueStart, int valueLength, KnownHeader known)
{
    private readonly int _nameLengthAndKnown = (nameLength << 8) | (byte)known;

    public readonly int NameStart = nameStart;
    public readonly int ValueStart = valueStart;
    public readonly int ValueLength = valueLength;

    public int NameLength => _nameLengthAndKnown >> 8;

    public KnownHeader Known => (KnownHeader)(byte)_nameLengthAndKnown;
}
