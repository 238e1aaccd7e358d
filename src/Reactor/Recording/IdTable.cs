using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Reactor.Recording;

/// <summary>
/// Entries by a positive number, in two arrays without a list of free places: a look-up costs a few
/// nanoseconds and a copy is a copy of the arrays, which makes a <see cref="TraceState"/> cheap to
/// keep. A returned reference is valid until the next change. One thread at a time.
/// </summary>
internal sealed class IdTable<T> where T : struct
{
    private const int PlacesMin = 16;

    private long[] _ids = new long[PlacesMin]; // 0: free
    private T[] _entries = new T[PlacesMin];

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>The entries, in no order.</summary>
    public IEnumerable<T> Entries
    {
        get
        {
            for (int i = 0; i < _ids.Length; i++)
            {
                if (_ids[i] != 0)
                {
                    yield return _entries[i];
                }
            }
        }
    }

    /// <summary>The entry of a number; a null reference if there is none.</summary>
    public ref T Find(long id)
    {
        for (int at = PlaceOf(id); _ids[at] != 0; at = (at + 1) & (_ids.Length - 1))
        {
            if (_ids[at] == id)
            {
                return ref _entries[at];
            }
        }

        return ref Unsafe.NullRef<T>();
    }

    /// <summary>The entry of a number, which is added with default values if it is new.</summary>
    public ref T FindOrAdd(long id, out bool isNew)
    {
        Debug.Assert(id > 0, "0 marks a free place");
        ref T known = ref Find(id);
        isNew = Unsafe.IsNullRef(ref known);
        if (!isNew)
        {
            return ref known;
        }

        if ((Count + 1) * 2 > _ids.Length)
        {
            Grow();
        }

        Count++;
        return ref Place(id);
    }

    /// <summary>Removes an entry; false if there is none.</summary>
    public bool Remove(long id)
    {
        int mask = _ids.Length - 1;
        int hole = PlaceOf(id);
        while (_ids[hole] != id)
        {
            if (_ids[hole] == 0)
            {
                return false;
            }

            hole = (hole + 1) & mask;
        }

        // Entries behind the hole move up, unless that were before the place of their number.
        for (int at = (hole + 1) & mask; _ids[at] != 0; at = (at + 1) & mask)
        {
            if (((at - PlaceOf(_ids[at])) & mask) >= ((at - hole) & mask))
            {
                (_ids[hole], _entries[hole]) = (_ids[at], _entries[at]);
                hole = at;
            }
        }

        (_ids[hole], _entries[hole]) = (0, default);
        Count--;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_ids);
        Array.Clear(_entries);
        Count = 0;
    }

    public IdTable<T> Clone()
    {
        var copy = (IdTable<T>)MemberwiseClone();
        copy._ids = [.. _ids];
        copy._entries = [.. _entries];
        return copy;
    }

    private void Grow()
    {
        (long[] ids, T[] entries) = (_ids, _entries);
        _ids = new long[ids.Length * 2];
        _entries = new T[ids.Length * 2];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != 0)
            {
                Place(ids[i]) = entries[i];
            }
        }
    }

    private ref T Place(long id)
    {
        int at = PlaceOf(id);
        while (_ids[at] != 0)
        {
            at = (at + 1) & (_ids.Length - 1);
        }

        _ids[at] = id;
        return ref _entries[at];
    }

    // Multiplies by the golden ratio, of which the highest bits are well mixed.
    private int PlaceOf(long id) => (int)(
        (ulong)id * 0x9E37_79B9_7F4A_7C15 >> (64 - BitOperations.Log2((uint)_ids.Length)));
}
