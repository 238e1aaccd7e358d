namespace Reactor.Recording;

/// <summary>
/// The ready queue as a trace tells it: first in, first out, and tolerant of work that the trace
/// has not seen being queued. One thread at a time.
/// </summary>
internal sealed class TraceQueue
{
    private TraceWork[] _ring = new TraceWork[16];
    private int _head;

    public int Count { get; private set; }

    public TraceWork this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    public void Enqueue(in TraceWork work)
    {
        if (Count == _ring.Length)
        {
            var ring = new TraceWork[_ring.Length * 2];
            for (int i = 0; i < Count; i++)
            {
                ring[i] = this[i];
            }

            (_ring, _head) = (ring, 0);
        }

        _ring[(_head + Count++) & (_ring.Length - 1)] = work;
    }

    /// <summary>Removes the first work of a task, or the first callback for 0.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryDequeue(long id, out TraceWork work)
    {
        for (int i = 0; i < Count; i++)
        {
            work = this[i];
            if (work.Id == id)
            {
                // Nearly always the first one: then nothing moves.
                for (int at = i; at > 0; at--)
                {
                    _ring[(_head + at) & (_ring.Length - 1)] = this[at - 1];
                }

                _head = (_head + 1) & (_ring.Length - 1);
                Count--;
                return true;
            }
        }

        work = default;
        return false;
    }

    public void Clear() => Count = 0;

    public TraceQueue Clone()
    {
        var copy = (TraceQueue)MemberwiseClone();
        copy._ring = [.. _ring];
        return copy;
    }
}
