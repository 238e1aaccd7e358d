using System.Diagnostics;

namespace Reactor;

/// <summary>
/// The work of this turn and the next, first in, first out, in a ring that grows. Loop thread only.
/// </summary>
internal sealed class ReadyQueue
{
    // Without the struct, each store would check the type: a twentieth of a callback's time.
    private struct Place
    {
        public LoopWork? Work;
    }

    private Place[] _ring = new Place[64];
    private int _head;

    public int Count { get; private set; }

    /// <summary>Called for work that was queued; null for none.</summary>
    public Action<LoopWork>? WorkQueued { get; set; }

    public void Enqueue(LoopWork work)
    {
        Debug.Assert(!work.IsQueued, "work is in the ready queue at most once");
        if (Count == _ring.Length)
        {
            Grow();
        }

        work.IsQueued = true;
        _ring[(_head + Count++) & (_ring.Length - 1)].Work = work;
        WorkQueued?.Invoke(work);
    }

    public LoopWork Dequeue()
    {
        Debug.Assert(Count > 0, "nothing is ready");
        ref Place place = ref _ring[_head];
        LoopWork work = place.Work!;
        place.Work = null;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        work.IsQueued = false;
        return work;
    }

    /// <summary>The queued work, in order.</summary>
    public IEnumerable<LoopWork> Works => Enumerable.Range(0, Count).Select(
        i => _ring[(_head + i) & (_ring.Length - 1)].Work!);

    /// <summary>The first of the queued work, for a message.</summary>
    public string Describe()
    {
        const int ShownMax = 5;
        int shown = Math.Min(Count, ShownMax);
        IEnumerable<string> words = Works.Take(shown).Select(work => work.DescribeFromOutside());
        return string.Join(", ", words) + (Count > shown ? $" and {Count - shown} more" : "");
    }

    private void Grow()
    {
        var ring = new Place[_ring.Length * 2];
        int untilEnd = _ring.Length - _head;
        Array.Copy(_ring, _head, ring, 0, untilEnd);
        Array.Copy(_ring, 0, ring, untilEnd, _head);
        _ring = ring;
        _head = 0;
    }
}
