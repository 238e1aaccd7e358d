using System.Numerics;

namespace Reactor.Recording;

/// <summary>
/// Carries the events of one loop to one reader without a lock, an allocation or a wait: a ring
/// with a fixed number of places. A full ring refuses an event; the writer counts what it drops.
/// </summary>
/// <remarks>
/// One thread writes and one reads at a time. Each keeps a copy of the other's position and reads
/// the shared one only when the copy says that it cannot go on.
/// </remarks>
internal sealed class TraceRing
{
    private readonly TraceEvent[] _events;
    private readonly int _mask;
    private long _writerSeesTail;
    private long _head; // written by the writer
    private long _tail; // written by the reader

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacity">At least 1; rounded up to a power of two.</param>
    public TraceRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _events = new TraceEvent[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _mask = _events.Length - 1;
    }

    /// <summary>The number of places.</summary>
    public int Capacity => _events.Length;

    /// <summary>The number of events to read. Any thread.</summary>
    public int Count => (int)(Volatile.Read(ref _head) - Volatile.Read(ref _tail));

    /// <summary>Adds an event; false if the ring is full. The writer's thread.</summary>
    public bool TryWrite(in TraceEvent happened)
    {
        long head = _head;
        if (head - _writerSeesTail == _events.Length)
        {
            _writerSeesTail = Volatile.Read(ref _tail);
            if (head - _writerSeesTail == _events.Length)
            {
                return false;
            }
        }

        _events[(int)head & _mask] = happened;
        Volatile.Write(ref _head, head + 1);
        return true;
    }

    /// <summary>Moves the events that are there into a list. The reader's thread.</summary>
    /// <param name="target">Gets the events at its end.</param>
    /// <param name="max">At most so many.</param>
    /// <returns>How many.</returns>
    public int DrainTo(List<TraceEvent> target, int max = int.MaxValue)
    {
        long tail = _tail;
        int count = (int)Math.Min(Volatile.Read(ref _head) - tail, max);
        int first = (int)tail & _mask;
        int untilEnd = Math.Min(count, _events.Length - first);
        target.AddRange(_events.AsSpan(first, untilEnd));
        target.AddRange(_events.AsSpan(0, count - untilEnd));
        Volatile.Write(ref _tail, tail + count);
        return count;
    }
}
