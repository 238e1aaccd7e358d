namespace Reactor;

/// <summary>
/// Timer slots that are not due soon, in stretches of time, and within a stretch in no order. The
/// nearest stretch is dealt out into shorter ones, again if need be, until the nearest of those
/// fits into the heap: a bucket sort that does only what somebody asked for.
/// </summary>
/// <remarks>
/// Adding finds the stretch and appends. Every slot moves once for each split of its stretch, twice
/// with a million, always through memory from one end to the other.
/// </remarks>
internal sealed class FarTimers
{
    /// <summary>From a moment on, until the stretch before it in the list begins.</summary>
    private sealed class Stretch(long from, TimerSlot[] slots, int count)
    {
        private TimerSlot[] _slots = slots;

        public long From { get; } = from;

        public int Count { get; private set; } = count;

        public Span<TimerSlot> Slots => _slots.AsSpan(0, Count);

        public void Add(in TimerSlot slot)
        {
            if (Count == _slots.Length)
            {
                Array.Resize(ref _slots, Math.Max(Count * 2, 16));
            }

            _slots[Count++] = slot;
        }

        public void Sweep() => Count = TimerSlot.KeepLive(Slots);

        /// <summary>
        /// The same slots in shorter stretches, the nearest first; null where all share one moment.
        /// </summary>
        public Stretch[]? Split()
        {
            (long earliest, long latest) = TimerSlot.RangeOf(Slots);
            if (earliest == latest)
            {
                return null;
            }

            ulong width = ((ulong)(latest - earliest) / Ways) + 1;
            Span<int> counts = stackalloc int[Ways];
            foreach (ref readonly TimerSlot slot in Slots)
            {
                counts[(int)((ulong)(slot.When - earliest) / width)]++;
            }

            var parts = new Stretch[Ways];
            for (int i = 0; i < Ways; i++)
            {
                long from = earliest + (long)((ulong)i * width);
                parts[i] = new Stretch(from, new TimerSlot[counts[i]], 0);
            }

            foreach (ref readonly TimerSlot slot in Slots)
            {
                parts[(int)((ulong)(slot.When - earliest) / width)].Add(slot);
            }

            return parts;
        }
    }

    /// <summary>Enough that two splits make heap-sized portions of a million slots.</summary>
    private const int Ways = 64;

    // The farthest first, so that the nearest is taken from the end.
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

    /// <summary>
    /// Adds a stretch that ends where the nearest begins, and keeps the array.
    /// </summary>
    public void AddNearest(long from, TimerSlot[] slots)
    {
        _stretches.Add(new Stretch(from, slots, slots.Length));
        Count += slots.Length;
    }

    /// <summary>
    /// Moves the nearest slots to an empty heap: no more than <paramref name="max"/>, unless more
    /// than that share one moment.
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

        heap.Fill(nearest.Slots);
        Count -= nearest.Count;
    }

    /// <summary>Removes every stale slot.</summary>
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

    /// <summary>Disarms the entry of every live slot.</summary>
    public void Disarm() => _stretches.ForEach(stretch => TimerSlot.Disarm(stretch.Slots));

    public void Clear()
    {
        _stretches.Clear();
        Count = 0;
    }
}
