namespace Reactor;

/// <summary>
/// A 4-ary heap of timer slots, the earliest first. With the key in the slot, sifting down touches
/// half as many cache lines as a binary heap of references.
/// </summary>
internal sealed class TimerHeap
{
    private const int Arity = 4;
    private const int SlotsMin = 16;

    private TimerSlot[] _slots = new TimerSlot[SlotsMin];

    public int Count { get; private set; }

    /// <summary>The earliest slot; there must be one.</summary>
    public ref readonly TimerSlot Head => ref _slots[0];

    public ReadOnlySpan<TimerSlot> Slots => _slots.AsSpan(0, Count);

    public void Add(in TimerSlot slot)
    {
        if (Count == _slots.Length)
        {
            Array.Resize(ref _slots, Count * 2);
        }

        SiftUp(Count++, slot);
    }

    public void RemoveHead()
    {
        TimerSlot last = _slots[--Count];
        _slots[Count] = default;
        if (Count > 0)
        {
            SiftDown(0, last);
        }
    }

    public void Sweep()
    {
        Count = TimerSlot.KeepLive(_slots.AsSpan(0, Count));
        Order();
    }

    /// <summary>Reserves capacity; the heap must be empty.</summary>
    public void Reserve(int count)
    {
        if (_slots.Length < count)
        {
            _slots = new TimerSlot[count];
        }
    }

    /// <summary>Appends slots in any order within the capacity; call Order next.</summary>
    public void Append(ReadOnlySpan<TimerSlot> slots)
    {
        slots.CopyTo(_slots.AsSpan(Count));
        Count += slots.Length;
    }

    /// <summary>Removes the later half, unordered; none if all moments are equal.</summary>
    /// <param name="from">The moment at which the later half begins.</param>
    public TimerSlot[] TakeLater(out long from)
    {
        Span<TimerSlot> all = _slots.AsSpan(0, Count);
        Count = TimerSlot.Split(all, out from);
        TimerSlot[] later = all[Count..].ToArray();
        all[Count..].Clear();
        Order();
        return later;
    }

    /// <summary>Removes everything and releases the memory.</summary>
    public void Clear()
    {
        _slots = new TimerSlot[SlotsMin];
        Count = 0;
    }

    public void Order()
    {
        for (int i = (Count - 2) / Arity; i >= 0 && Count > 1; i--)
        {
            SiftDown(i, _slots[i]);
        }
    }

    private void SiftUp(int index, in TimerSlot slot)
    {
        TimerSlot[] slots = _slots;
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!slot.IsBefore(slots[parent]))
            {
                break;
            }

            slots[index] = slots[parent];
            index = parent;
        }

        slots[index] = slot;
    }

    private void SiftDown(int index, TimerSlot slot)
    {
        TimerSlot[] slots = _slots;
        while (true)
        {
            int first = (index * Arity) + 1;
            if (first >= Count)
            {
                break;
            }

            int end = Math.Min(first + Arity, Count);
            int least = first;
            for (int child = first + 1; child < end; child++)
            {
                if (slots[child].IsBefore(slots[least]))
                {
                    least = child;
                }
            }

            if (!slots[least].IsBefore(slot))
            {
                break;
            }

            slots[index] = slots[least];
            index = least;
        }

        slots[index] = slot;
    }
}
