// What request heads, response heads and trailer sections have in common: bytes and a field table.
//
// A head owns a contiguous copy of its bytes, so that everything read from it stays valid when the
// network buffer is gone. Both arrays are rented: `Reset` keeps them for the next message of the
// same connection, `Release` gives them back, so that an idle connection holds none. Fields are
// offsets into the copy. Look-up is linear, over at most `ParserLimits.FieldsMax` entries, and a
// 64-bit set of the known names present answers most questions without looking.
//
// A head belongs to one connection and is used by one thread at a time.
using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>The field table of a message, on bytes that the head owns. Reusable.</summary>
/// <remarks>Every span handed out is valid until the next Reset or Release.</remarks>
public abstract class MessageHead
{
    // A client of an API sends fewer. A head of a browser, 500 to 800 bytes and some 15 fields, is
    // copied when it is whole, so it makes room for its bytes once, and for its fields twice.
    private const int FirstBytes = 256;
    private const int FirstEntries = 8;

    // That of a browser stays as well.
    private const int KeptBytesMax = 2048;
    private const int KeptEntriesMax = 64;

    private byte[] _bytes = [];
    private FieldEntry[] _entries = [];
    private int _length;
    private int _count;
    private ulong _present;

    private protected MessageHead()
    {
    }

    /// <summary>The number of field lines.</summary>
    public int Count => _count;

    /// <summary>The field line at a place, in the order of the message.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Field this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                (uint)index, (uint)_count, nameof(index));
            ref readonly FieldEntry entry = ref _entries[index];
            return new Field(
                Slice(entry.NameStart, entry.NameLength),
                Slice(entry.ValueStart, entry.ValueLength),
                entry.Known);
        }
    }

    /// <summary>Whether a field with this name is present.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    /// <returns>Whether it is there, perhaps with an empty value.</returns>
    public bool Contains(KnownHeader header) => (_present & (1UL << (int)header)) != 0;

    /// <summary>The value of the first field with this name.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    /// <param name="value">The value, or nothing.</param>
    /// <returns>Whether there is such a field.</returns>
    public bool TryGet(KnownHeader header, out ReadOnlySpan<byte> value)
    {
        if (!Contains(header))
        {
            value = default;
            return false;
        }

        return ValueAt(IndexOf(header, default, 0), out value);
    }

    /// <summary>
    /// The value of the first field with this name, whatever the case of its letters.
    /// </summary>
    /// <param name="name">The bytes of the name.</param>
    /// <param name="value">The value, or nothing.</param>
    /// <returns>Whether there is such a field.</returns>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        KnownHeader known = KnownHeaders.Find(name);
        return known != KnownHeader.Other
            ? TryGet(known, out value)
            : ValueAt(IndexOf(known, name, 0), out value);
    }

    /// <summary>All values of a known name, in their order.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    /// <returns>An enumerator for <c>foreach</c>.</returns>
    public FieldValues Values(KnownHeader header) => new(this, header, default);

    /// <summary>All values of a name, whatever the case of its letters, in their order.</summary>
    /// <param name="name">The bytes of the name; they must stay valid while enumerating.</param>
    /// <returns>An enumerator for <c>foreach</c>.</returns>
    public FieldValues Values(ReadOnlySpan<byte> name) => new(this, KnownHeaders.Find(name), name);

    /// <summary>The first value of a name as a string. Makes a string at each call.</summary>
    /// <param name="name">The name, whatever the case of its letters.</param>
    /// <returns>The value, each octet as one Latin-1 character, or null.</returns>
    public string? GetHeader(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (int i = 0; i < _count; i++)
        {
            Field field = this[i];
            if (Ascii.EqualsIgnoreCase(field.Name, name))
            {
                return Encoding.Latin1.GetString(field.Value);
            }
        }

        return null;
    }

    /// <summary>Forgets the message and keeps the buffers for the next one.</summary>
    public virtual void Reset()
    {
        _length = 0;
        _count = 0;
        _present = 0;
    }

    /// <summary>
    /// Forgets the message and gives the buffers back, as before a connection idles.
    /// </summary>
    public void Release()
    {
        Reset();
        if (_bytes.Length > 0)
        {
            Poison(_bytes);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        if (_entries.Length > 0)
        {
            ArrayPool<FieldEntry>.Shared.Return(_entries);
            _entries = [];
        }
    }

    // What the copy of the bytes has room for.
    internal int RentedBytes => _bytes.Length;

    // Gives the arrays back if they are large: before what may be kept for long.
    internal void Trim()
    {
        if (_bytes.Length > KeptBytesMax || _entries.Length > KeptEntriesMax)
        {
            Release();
        }
    }

    // How many bytes have been copied so far.
    internal int Length => _length;

    // The names that are there, a bit each; bit 0 stands for all that are not known.
    internal ulong Present => _present;

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    internal ReadOnlySpan<byte> Slice(int start, int length)
    {
        Debug.Assert(start + length <= _length, "A field lies within the copied bytes.");
        return _bytes.AsSpan(start, length);
    }

    internal ref readonly FieldEntry Entry(int index) => ref _entries[index];

    // Makes `bytes` the whole content, for a head that was parsed where it lay.
    internal void Adopt(ReadOnlySpan<byte> bytes)
    {
        _length = 0;
        Append(bytes);
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            GrowBytes(_length + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    // Cuts off what was copied beyond the end of the message.
    internal void Truncate(int length)
    {
        Debug.Assert(length <= _length, "A message ends within its copied bytes.");
        _length = length;
    }

    internal void AddField(in FieldEntry entry)
    {
        if (_count == _entries.Length)
        {
            GrowEntries();
        }

        _entries[_count++] = entry;
        _present |= 1UL << (int)entry.Known;
    }

    // Drops the fields for which `drop` says so; the order of the others stays.
    internal int RemoveFields(Predicate<KnownHeader> drop)
    {
        int kept = 0;
        _present = 0;
        for (int i = 0; i < _count; i++)
        {
            FieldEntry entry = _entries[i];
            if (!drop(entry.Known))
            {
                _entries[kept++] = entry;
                _present |= 1UL << (int)entry.Known;
            }
        }

        int dropped = _count - kept;
        _count = kept;
        return dropped;
    }

    // The next field of a name at or after `from`, or -1. Known names compare by their number.
    internal int IndexOf(KnownHeader known, ReadOnlySpan<byte> name, int from)
    {
        for (int i = from; i < _count; i++)
        {
            ref readonly FieldEntry entry = ref _entries[i];
            if (entry.Known == known
                && (known != KnownHeader.Other
                    || Ascii.EqualsIgnoreCase(Slice(entry.NameStart, entry.NameLength), name)))
            {
                return i;
            }
        }

        return -1;
    }

    private bool ValueAt(int index, out ReadOnlySpan<byte> value)
    {
        value = index < 0 ? default : this[index].Value;
        return index >= 0;
    }

    private void GrowBytes(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, needed));
        Bytes.CopyTo(larger);
        if (_bytes.Length > 0)
        {
            Poison(_bytes);
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }

    private void GrowEntries()
    {
        FieldEntry[] larger = ArrayPool<FieldEntry>.Shared.Rent(Math.Max(FirstEntries, _count * 2));
        _entries.AsSpan(0, _count).CopyTo(larger);
        if (_entries.Length > 0)
        {
            ArrayPool<FieldEntry>.Shared.Return(_entries);
        }

        _entries = larger;
    }

    // A span that outlives its head shows at once in a debug build.
    [Conditional("DEBUG")]
    private static void Poison(byte[] bytes) => bytes.AsSpan().Fill(0xDD);
}
