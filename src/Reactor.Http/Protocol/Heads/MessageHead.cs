// A head owns a contiguous copy of its bytes, so its spans outlive the network buffer. Both arrays
// are rented. Look-up is linear; a 64-bit set of the known names answers most questions alone.
using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>The field table of a message. Reusable, by one thread at a time.</summary>
/// <remarks>
/// A span of the head is valid until the next <see cref="Reset"/> or <see cref="Release"/>.
/// </remarks>
public abstract class MessageHead
{
    // Enough for an API client. A browser's 500 to 800 bytes and 15 fields grow the bytes once and
    // the fields twice.
    private const int FirstBytes = 256;
    private const int FirstEntries = 8;

    private const int KeptBytesMax = 2048;
    private const int KeptEntriesMax = 64;

    private byte[] _bytes = [];
    private FieldEntry[] _entries = [];
    private ulong _present;
    private ulong _repeated;

    private protected MessageHead()
    {
    }

    /// <summary>The number of field lines.</summary>
    public int Count { get; private set; }

    /// <summary>The field line at an index, in message order.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public Field this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                (uint)index, (uint)Count, nameof(index));
            ref readonly FieldEntry entry = ref _entries[index];
            return new Field(
                Slice(entry.NameStart, entry.NameLength),
                Slice(entry.ValueStart, entry.ValueLength),
                entry.Known);
        }
    }

    /// <summary>Whether a field with this name is present.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    public bool Contains(KnownHeader header) => (_present & (1UL << (int)header)) != 0;

    /// <summary>The value of the first field with this name.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    /// <param name="value">The value, or empty.</param>
    public bool TryGet(KnownHeader header, out ReadOnlySpan<byte> value)
    {
        if (!Contains(header))
        {
            value = default;
            return false;
        }

        return ValueAt(IndexOf(header, default, 0), out value);
    }

    /// <inheritdoc cref="TryGet(KnownHeader, out ReadOnlySpan{byte})"/>
    /// <param name="name">The bytes of the name, in any case.</param>
    /// <param name="value">The value, or empty.</param>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        KnownHeader known = KnownHeaders.Find(name);
        return known != KnownHeader.Other
            ? TryGet(known, out value)
            : ValueAt(IndexOf(known, name, 0), out value);
    }

    /// <summary>All values of a known name, in message order.</summary>
    /// <param name="header">A known name, not <see cref="KnownHeader.Other"/>.</param>
    public FieldValues Values(KnownHeader header) => new(this, header, default);

    /// <summary>All values of a name, in message order.</summary>
    /// <param name="name">
    /// The bytes of the name, in any case; valid until the enumeration ends.
    /// </param>
    public FieldValues Values(ReadOnlySpan<byte> name) => new(this, KnownHeaders.Find(name), name);

    /// <summary>The first value of a name as a string, which each call allocates.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The value, each octet as one Latin-1 character, or null.</returns>
    public string? GetHeader(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (int i = 0; i < Count; i++)
        {
            Field field = this[i];
            if (Ascii.EqualsIgnoreCase(field.Name, name))
            {
                return Encoding.Latin1.GetString(field.Value);
            }
        }

        return null;
    }

    /// <summary>Clears the head for the next message; keeps its arrays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public virtual void Reset()
    {
        Length = 0;
        Count = 0;
        _present = 0;
        _repeated = 0;
    }

    /// <summary>Clears the head and returns its arrays to the pool.</summary>
    public void Release()
    {
        Reset();
        Return(ref _bytes);
        Return(ref _entries);
    }

    internal int RentedBytes => _bytes.Length;

    internal void Trim()
    {
        if (_bytes.Length > KeptBytesMax || _entries.Length > KeptEntriesMax)
        {
            Release();
        }
    }

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    internal ReadOnlySpan<byte> Slice(int start, int length)
    {
        Debug.Assert(start + length <= Length, "A field lies within the copied bytes.");
        return _bytes.AsSpan(start, length);
    }

    // Whether this known name is there once, and none of the others in a set.
    internal bool HasOnly(KnownHeader one, ulong others) =>
        (_present & others) == 1UL << (int)one && (_repeated & (1UL << (int)one)) == 0;

    internal ReadOnlySpan<FieldEntry> Entries => _entries.AsSpan(0, Count);

    internal void Adopt(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        Append(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - Length)
        {
            Grow(ref _bytes, Length, Math.Max(FirstBytes, Length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    internal void Truncate(int length)
    {
        Debug.Assert(length <= Length, "A message ends within its copied bytes.");
        Length = length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddField(in FieldEntry entry)
    {
        int count = Count;
        if ((uint)count >= (uint)_entries.Length)
        {
            Grow(ref _entries, count, Math.Max(FirstEntries, count * 2));
        }

        _entries[count] = entry;
        Count = count + 1;
        ulong bit = 1UL << (int)entry.Known;
        _repeated |= _present & bit;
        _present |= bit;
    }

    // Appends a continuation line to the last value, with the line end before it; see `Unfold`.
    internal void ExtendField(ReadOnlySpan<byte> data, int start, int end)
    {
        while (start < end && Grammar.IsWhitespace(data[start]))
        {
            start++;
        }

        while (end > start && Grammar.IsWhitespace(data[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            ref FieldEntry last = ref _entries[Count - 1];
            int valueStart = last.ValueLength == 0 ? start : last.ValueStart;
            last = new FieldEntry(
                last.NameStart, last.NameLength, valueStart, end - valueStart, last.Known);
        }
    }

    // Each fold becomes as many spaces (RFC 9112 5.2), so that no offset changes.
    internal void Unfold()
    {
        foreach (ref readonly FieldEntry entry in Entries)
        {
            Span<byte> value = _bytes.AsSpan(entry.ValueStart, entry.ValueLength);
            while (value.IndexOfAny(Grammar.Cr, Grammar.Lf) is >= 0 and int fold)
            {
                int start = value[..fold].LastIndexOfAnyExcept(Grammar.Space, Grammar.Tab) + 1;
                int length = value[start..].IndexOfAnyExcept(" \t\r\n"u8);
                value.Slice(start, length).Fill(Grammar.Space);
                value = value[(start + length)..];
            }
        }
    }

    // Returns how many fields were dropped.
    internal int RemoveFields(Predicate<KnownHeader> drop)
    {
        int kept = 0;
        _present = 0;
        for (int i = 0; i < Count; i++)
        {
            FieldEntry entry = _entries[i];
            if (!drop(entry.Known))
            {
                _entries[kept++] = entry;
                _present |= 1UL << (int)entry.Known;
            }
        }

        int dropped = Count - kept;
        Count = kept;
        return dropped;
    }

    // The next field of a name at or after `from`, or -1. Known names compare by their number.
    internal int IndexOf(KnownHeader known, ReadOnlySpan<byte> name, int from)
    {
        for (int i = from; i < Count; i++)
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

    private static void Grow<T>(ref T[] array, int used, int least) where T : unmanaged
    {
        T[] larger = ArrayPool<T>.Shared.Rent(least);
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array) where T : unmanaged
    {
        if (array.Length > 0)
        {
            Poison(array);
            ArrayPool<T>.Shared.Return(array);
            array = [];
        }
    }

    // A span that outlives its head shows at once in a debug build.
    [Conditional("DEBUG")]
    private static void Poison<T>(T[] array)
        where T : unmanaged => MemoryMarshal.AsBytes(array.AsSpan()).Fill(0xDD);
}
