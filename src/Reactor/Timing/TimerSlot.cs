namespace Reactor;

/// <summary>One arming of an entry: its key (when, sequence) and the entry itself.</summary>
internal struct TimerSlot
{
    public long When;
    public long Sequence;
    public TimerEntry Entry;

    /// <summary>False if stale: the entry was cancelled, or armed again.</summary>
    public readonly bool IsLive => Entry.ArmedSequence == Sequence;

    public readonly bool IsBefore(in TimerSlot other) =>
        When < other.When || (When == other.When && Sequence < other.Sequence);

    /// <summary>Compacts the live slots in order and returns their number.</summary>
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

    /// <summary>Partitions the slots into an earlier and a later half, roughly.</summary>
    /// <param name="slots">At least one.</param>
    /// <param name="laterFrom">The first moment of the later half.</param>
    /// <returns>The size of the earlier half: all if all moments are equal.</returns>
    public static int Split(Span<TimerSlot> slots, out long laterFrom)
    {
        laterFrom = MiddleOf(slots);
        int earlier = Partition(slots, laterFrom);
        if (earlier == 0 && laterFrom < long.MaxValue)
        {
            laterFrom++; // the median is the earliest moment, of many slots
            earlier = Partition(slots, laterFrom);
        }

        return earlier == 0 ? slots.Length : earlier;
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
