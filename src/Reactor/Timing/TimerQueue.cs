using System.Diagnostics;

namespace Reactor;

/// <summary>
/// The armed timers, ordered by (when, sequence), so that equal deadlines fall due in the order of
/// arming. Pure: the caller passes the time.
/// </summary>
/// <remarks>
/// <para>
/// Most timers are cancelled long before they are due, so cancelling only marks the entry. The slot
/// stays until it is the earliest, or until a sweep when more than half of more than 100 slots are
/// cancelled (asyncio's rules).
/// </para>
/// <para>
/// The nearest timers are in a heap that fits into the cache. A full heap passes its later half to
/// the unordered <see cref="FarTimers"/>: most are cancelled before their order matters. A hashed
/// wheel was rejected, because its resolution would make deadlines inexact.
/// </para>
/// </remarks>
/// <param name="heapSlotsMax">The size at which the heap is split; tests set it.</param>
internal sealed class TimerQueue(int heapSlotsMax = TimerQueue.HeapSlotsMax)
{
    internal const int SweepAbove = 100;

    /// <summary>96 KiB of slots, which fit into a second-level cache.</summary>
    internal const int HeapSlotsMax = 4_096;

    private readonly TimerHeap _heap = new();
    private readonly FarTimers _far = new();
    private readonly int _heapSlotsMax = heapSlotsMax;
    private int _splitAt = heapSlotsMax;
    private long _sequence;
    private int _cancelled;

    /// <summary>All slots, cancelled ones included.</summary>
    public int Count => _heap.Count + _far.Count;

    public int ArmedCount => Count - _cancelled;

    /// <summary>The slots of the nearest timers, unordered; some may be stale.</summary>
    public ReadOnlySpan<TimerSlot> Nearest => _heap.Slots;

    /// <summary>The moment of the entry taken last.</summary>
    public long LastTaken { get; private set; }

    /// <summary>The sequence number of the entry taken last.</summary>
    public long LastTakenSequence { get; private set; }

    public void Add(TimerEntry entry, long when)
    {
        Debug.Assert(!entry.IsArmed, "an entry is armed at most once");
        entry.ArmedSequence = ++_sequence;
        var slot = new TimerSlot { When = when, Sequence = _sequence, Entry = entry };
        if (!IsFar(when) && _heap.Count >= _splitAt)
        {
            SplitHeap();
        }

        if (IsFar(when))
        {
            _far.Add(slot);
        }
        else
        {
            _heap.Add(slot);
        }
    }

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

    /// <summary>Removes cancelled slots from the head, or all if they are the majority.</summary>
    public void PurgeCancelled()
    {
        if (Count > SweepAbove && _cancelled * 2 > Count)
        {
            _heap.Sweep();
            _far.Sweep();
            _cancelled = 0;
            return;
        }

        DropStaleHeads();
    }

    public bool TryPeek(out long when)
    {
        DropStaleHeads();
        when = _heap.Count > 0 ? _heap.Head.When : 0;
        return _heap.Count > 0;
    }

    public bool TryTakeDue(long now, out TimerEntry entry)
    {
        if (!TryPeek(out long when) || when > now)
        {
            entry = null!;
            return false;
        }

        entry = _heap.Head.Entry;
        entry.ArmedSequence = 0;
        LastTaken = when;
        LastTakenSequence = _heap.Head.Sequence;
        _heap.RemoveHead();
        return true;
    }

    /// <summary>Disarms and removes everything; returns the armed entries.</summary>
    public IReadOnlyList<TimerEntry> TakeAll()
    {
        var entries = new List<TimerEntry>(ArmedCount);
        TimerSlot.TakeLive(_heap.Slots, entries);
        _far.TakeLive(entries);
        _heap.Clear();
        _far.Clear();
        _cancelled = 0;
        return entries;
    }

    private bool IsFar(long when) => _far.Count > 0 && when >= _far.From;

    private void DropStaleHeads()
    {
        while (true)
        {
            if (_heap.Count == 0)
            {
                if (_far.Count == 0)
                {
                    return;
                }

                _far.MoveNearestTo(_heap, _heapSlotsMax);
            }

            if (_heap.Head.IsLive)
            {
                return;
            }

            _heap.RemoveHead();
            _cancelled--;
        }
    }

    private void SplitHeap()
    {
        TimerSlot[] later = _heap.TakeLater(out long from);
        if (later.Length > 0)
        {
            _far.AddNearest(from, later);
        }

        // Equal moments have no halves; a new attempt at each Add would be quadratic.
        _splitAt = later.Length > 0 ? _heapSlotsMax : _heap.Count * 2;
    }
}
