using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Timer slots that are not due soon, in stretches of time, unordered within a stretch: a lazy
/// bucket sort. The nearest stretch is split until the nearest part fits into the heap; a slot of a
/// million moves twice.
/// </summary>
internal sealed class FarTimers
{
    /// <summary>Slots of a stretch, with a fixed capacity.</summary>
    private struct Page(TimerSlot[] slots, int count)
    {
        private int _count = count;

        public readonly Span<TimerSlot> Slots => slots.AsSpan(0, _count);

        public bool TryAdd(in TimerSlot slot)
        {
            if (_count == slots.Length)
            {
                return false;
            }

            slots[_count++] = slot;
            return true;
        }

        /// <summary>The slots stay in place until overwritten.</summary>
        public ReadOnlySpan<TimerSlot> TakeAll()
        {
            ReadOnlySpan<TimerSlot> all = Slots;
            _count = 0;
            return all;
        }

        public readonly void ClearRest() => slots.AsSpan(_count).Clear();
    }

    /// <summary>
    /// From a moment until the start of the previous stretch. It grows by pages: doubling would
    /// discard as much memory as it holds.
    /// </summary>
    private sealed class Stretch(long from, TimerSlot[] slots, int count)
    {
        private const int PageSlotsMin = 16;
        private const int PageSlotsMax = 1_024;

        private readonly List<Page> _pages = [new Page(slots, count)];

        public long From => from;

        public int Count { get; private set; } = count;

        public ReadOnlySpan<Page> Pages => CollectionsMarshal.AsSpan(_pages);

        public void Add(in TimerSlot slot)
        {
            if (!CollectionsMarshal.AsSpan(_pages)[^1].TryAdd(slot))
            {
                int room = Math.Clamp(Count, PageSlotsMin, PageSlotsMax);
                var page = new Page(new TimerSlot[room], 0);
                page.TryAdd(slot);
                _pages.Add(page);
            }

            Count++;
        }

        /// <summary>
        /// Removes stale slots and compacts the pages: long-lived slots must not hold a page each.
        /// </summary>
        public void Sweep()
        {
            Span<Page> pages = CollectionsMarshal.AsSpan(_pages);
            int to = 0;
            Count = 0;
            for (int from = 0; from < pages.Length; from++)
            {
                foreach (TimerSlot slot in pages[from].TakeAll())
                {
                    if (slot.IsLive)
                    {
                        // The write position never passes the read position.
                        if (!pages[to].TryAdd(slot))
                        {
                            pages[++to].TryAdd(slot);
                        }

                        Count++;
                    }
                }
            }

            pages[to].ClearRest();
            _pages.RemoveRange(to + 1, _pages.Count - to - 1);
        }

        /// <summary>
        /// The slots in shorter stretches, the nearest first; null if all have the same moment.
        /// </summary>
        public Stretch[]? Split()
        {
            (long earliest, long latest) = RangeOf();
            if (earliest == latest)
            {
                return null;
            }

            ulong width = ((ulong)(latest - earliest) / Ways) + 1;
            Span<int> counts = stackalloc int[Ways];
            foreach (Page page in _pages)
            {
                foreach (ref readonly TimerSlot slot in page.Slots)
                {
                    counts[(int)((ulong)(slot.When - earliest) / width)]++;
                }
            }

            var parts = new Stretch[Ways];
            for (int i = 0; i < Ways; i++)
            {
                long from = earliest + (long)((ulong)i * width);
                parts[i] = new Stretch(from, new TimerSlot[counts[i]], 0);
            }

            foreach (Page page in _pages)
            {
                foreach (ref readonly TimerSlot slot in page.Slots)
                {
                    parts[(int)((ulong)(slot.When - earliest) / width)].Add(slot);
                }
            }

            return parts;
        }

        private (long Earliest, long Latest) RangeOf()
        {
            long earliest = long.MaxValue;
            long latest = long.MinValue;
            foreach (Page page in _pages)
            {
                foreach (ref readonly TimerSlot slot in page.Slots)
                {
                    earliest = Math.Min(earliest, slot.When);
                    latest = Math.Max(latest, slot.When);
                }
            }

            return (earliest, latest);
        }
    }

    /// <summary>Enough that two splits make heap-sized portions of a million slots.</summary>
    private const int Ways = 64;

    // The farthest first: the nearest is removed at the end.
    private readonly List<Stretch> _stretches = [];

    public int Count { get; private set; }

    /// <summary>Where the nearest stretch begins; there must be one.</summary>
    public long From => _stretches[^1].From;

    /// <summary>Adds a slot that is not before <see cref="From"/>.</summary>
    public void Add(in TimerSlot slot)
    {
        int first = 0;
        int last = _stretches.Count - 1;
        while (first < last)
        {
            int middle = (first + last) / 2;
            if (_stretches[middle].From <= slot.When)
            {
                last = middle;
            }
            else
            {
                first = middle + 1;
            }
        }

        _stretches[first].Add(slot);
        Count++;
    }

    /// <summary>Adds a stretch that ends where the nearest begins, and keeps the array.</summary>
    public void AddNearest(long from, TimerSlot[] slots)
    {
        _stretches.Add(new Stretch(from, slots, slots.Length));
        Count += slots.Length;
    }

    /// <summary>
    /// Moves the nearest slots to an empty heap: at most <paramref name="max"/>, unless more have
    /// the same moment.
    /// </summary>
    public void MoveNearestTo(TimerHeap heap, int max)
    {
        Stretch nearest = _stretches[^1];
        _stretches.RemoveAt(_stretches.Count - 1);
        while (nearest.Count > max && nearest.Split() is { } parts)
        {
            Array.Reverse(parts);
            _stretches.AddRange(parts.Where(part => part.Count > 0));
            nearest = _stretches[^1];
            _stretches.RemoveAt(_stretches.Count - 1);
        }

        heap.Reserve(nearest.Count);
        foreach (Page page in nearest.Pages)
        {
            heap.Append(page.Slots);
        }

        heap.Order();
        Count -= nearest.Count;
    }

    public void Sweep()
    {
        Count = 0;
        foreach (Stretch stretch in _stretches)
        {
            stretch.Sweep();
            Count += stretch.Count;
        }

        _stretches.RemoveAll(stretch => stretch.Count == 0);
    }

    public void TakeLive(List<TimerEntry> entries)
    {
        foreach (Stretch stretch in _stretches)
        {
            foreach (Page page in stretch.Pages)
            {
                TimerSlot.TakeLive(page.Slots, entries);
            }
        }
    }

    public void Clear()
    {
        _stretches.Clear();
        Count = 0;
    }
}
