namespace Reactor;

/// <summary>One arming of an entry: its key (when, sequence) and the entry itself.</summary>
internal struct TimerSlot
{
    public long When;
    public long Sequence;
    public TimerEntry Entry;

    /// <summary>
    /// False once the entry was cancelled, or armed anew under another number: the slot is stale.
    /// </summary>
    public readonly bool IsLive => Entry.ArmedSequence == Sequence;

    public readonly bool IsBefore(in TimerSlot other) =>
        When < other.When || (When == other.When && Sequence < other.Sequence);

    /// <summary>Keeps the live slots, in their order, and clears what is left over.</summary>
    /// <returns>How many are kept, from the beginning.</returns>
    public static int KeepLive(Span<TimerSlot> slots)
    {
        int kept = 0;
        foreach (ref TimerSlot slot in slots)
        {
            if (slot.IsLive)
            {
                slots[kept++] = slot;
            }
        }

        slots[kept..].Clear();
        return kept;
    }

    /// <summary>Disarms the entry of every live slot, and adds it to a list.</summary>
    public static void TakeLive(ReadOnlySpan<TimerSlot> slots, List<TimerEntry> entries)
    {
        foreach (ref readonly TimerSlot slot in slots)
        {
            if (slot.IsLive)
            {
                slot.Entry.ArmedSequence = 0;
                entries.Add(slot.Entry);
            }
        }
    }

    /// <summary>
    /// Brings the earlier slots to the front and the later ones behind them, in about two halves.
    /// </summary>
    /// <param name="slots">At least one.</param>
    /// <param name="laterFrom">The moment from which on a slot counts as later.</param>
    /// <returns>How many are earlier: all of them if every moment is the same.</returns>
    public static int Split(Span<TimerSlot> slots, out long laterFrom)
    {
        laterFrom = MiddleOf(slots);
        int earlier = Partition(slots, laterFrom);
        if (earlier == 0 && laterFrom < long.MaxValue)
        {
            laterFrom++; // the middle was the earliest moment, and many share it
            earlier = Partition(slots, laterFrom);
        }

        return earlier == 0 ? slots.Length : earlier;
    }

    /// <summary>The earliest and the latest moment; of at least one slot.</summary>
    public static (long Earliest, long Latest) RangeOf(ReadOnlySpan<TimerSlot> slots)
    {
        long earliest = long.MaxValue;
        long latest = long.MinValue;
        foreach (ref readonly TimerSlot slot in slots)
        {
            earliest = Math.Min(earliest, slot.When);
            latest = Math.Max(latest, slot.When);
        }

        return (earliest, latest);
    }

    private static int Partition(Span<TimerSlot> slots, long laterFrom)
    {
        int earlier = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].When < laterFrom)
            {
                (slots[earlier], slots[i]) = (slots[i], slots[earlier]);
                earlier++;
            }
        }

        return earlier;
    }

    /// <summary>The median of a few samples.</summary>
    private static long MiddleOf(ReadOnlySpan<TimerSlot> slots)
    {
        const int Samples = 31;
        Span<long> whens = stackalloc long[Samples];
        for (int i = 0; i < Samples; i++)
        {
            whens[i] = slots[(int)((long)i * (slots.Length - 1) / (Samples - 1))].When;
        }

        whens.Sort();
        return whens[Samples / 2];
    }
}
