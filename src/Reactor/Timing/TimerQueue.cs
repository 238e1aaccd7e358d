using System.Diagnostics;

namespace Reactor;

/// <summary>
/// What is due, and when. Pure: it knows no clock, no thread and no operating system; the caller
/// brings the time.
/// </summary>
/// <remarks>
/// <para>
/// Most timers of a server are deadlines that never fire: they are armed, and cancelled long
/// before they are due. So cancelling must be free. It only marks the entry; the slot stays in the
/// heap until it reaches the head, or until more than half of more than 100 slots are cancelled
/// and one sweep removes them all (both rules are asyncio's). A hashed wheel was rejected: its
/// grain would make deadlines inexact, and a million sleepers with random deadlines are where a
/// heap is at home.
/// </para>
/// <para>
/// The key is (when, sequence), so equal deadlines fall due in the order they were armed. The heap
/// has four children a node and holds the key inside the slot: sifting down touches half as many
/// cache lines as a binary heap of references would.
/// </para>
/// </remarks>
internal sealed class TimerQueue
{
    internal const int SweepAbove = 100;

    private struct Slot
    {
        public long When;
        public long Sequence;
        public TimerEntry Entry;
    }

    private const int Arity = 4;

    private Slot[] _heap = new Slot[16];
    private long _sequence;
    private int _cancelled;

    /// <summary>Slots in the heap, cancelled ones included.</summary>
    public int Count { get; private set; }

    /// <summary>The moment of the entry that was taken last.</summary>
    public long LastTaken { get; private set; }

    /// <summary>Arms an entry for a moment, in ticks of the loop's clock.</summary>
    public void Add(TimerEntry entry, long when)
    {
        Debug.Assert(!entry.IsArmed, "an entry is armed at most once");
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }

        entry.ArmedSequence = ++_sequence;
        SiftUp(Count++, new Slot { When = when, Sequence = _sequence, Entry = entry });
    }

    /// <summary>Disarms an entry; false if it was not armed.</summary>
    public bool Cancel(TimerEntry entry)
    {
        if (!entry.IsArmed)
        {
            return false;
        }

        entry.ArmedSequence = 0;
        _cancelled++;
        return true;
    }

    /// <summary>
    /// Removes cancelled slots from the head, or all of them where they are the majority.
    /// </summary>
    public void PurgeCancelled()
    {
        if (Count > SweepAbove && _cancelled * 2 > Count)
        {
            Sweep();
            return;
        }

        while (Count > 0 && !IsLive(_heap[0]))
        {
            RemoveHead();
            _cancelled--;
        }
    }

    /// <summary>The earliest live deadline; false when nothing waits.</summary>
    public bool TryPeek(out long when)
    {
        while (Count > 0 && !IsLive(_heap[0]))
        {
            RemoveHead();
            _cancelled--;
        }

        when = Count > 0 ? _heap[0].When : 0;
        return Count > 0;
    }

    /// <summary>
    /// Takes the earliest live entry if it is due at <paramref name="now"/> or before.
    /// </summary>
    public bool TryTakeDue(long now, out TimerEntry entry)
    {
        if (!TryPeek(out long when) || when > now)
        {
            entry = null!;
            return false;
        }

        entry = _heap[0].Entry;
        entry.ArmedSequence = 0;
        LastTaken = when;
        RemoveHead();
        return true;
    }

    /// <summary>Disarms and forgets everything.</summary>
    public void Clear()
    {
        for (int i = 0; i < Count; i++)
        {
            if (IsLive(_heap[i]))
            {
                _heap[i].Entry.ArmedSequence = 0;
            }
        }

        _heap = new Slot[16];
        Count = 0;
        _cancelled = 0;
    }

    private static bool IsLive(in Slot slot) => slot.Entry.ArmedSequence == slot.Sequence;

    private static bool IsBefore(in Slot a, in Slot b) =>
        a.When < b.When || (a.When == b.When && a.Sequence < b.Sequence);

    private void Sweep()
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (IsLive(_heap[i]))
            {
                _heap[kept++] = _heap[i];
            }
        }

        Array.Clear(_heap, kept, Count - kept);
        Count = kept;
        _cancelled = 0;
        for (int i = (Count - 2) / Arity; i >= 0 && Count > 1; i--)
        {
            SiftDown(i, _heap[i]);
        }
    }

    private void RemoveHead()
    {
        Slot last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0)
        {
            SiftDown(0, last);
        }
    }

    private void SiftUp(int index, in Slot slot)
    {
        Slot[] heap = _heap;
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!IsBefore(slot, heap[parent]))
            {
                break;
            }

            heap[index] = heap[parent];
            index = parent;
        }

        heap[index] = slot;
    }

    private void SiftDown(int index, Slot slot)
    {
        Slot[] heap = _heap;
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
                if (IsBefore(heap[child], heap[least]))
                {
                    least = child;
                }
            }

            if (!IsBefore(heap[least], slot))
            {
                break;
            }

            heap[index] = heap[least];
            index = least;
        }

        heap[index] = slot;
    }
}
