namespace Reactor;

/// <summary>
/// Who waits for one future, in order, where there are several. A callback of ours that is no
/// longer wanted is only marked in a long list, and swept out when half of the list is marked: a
/// future that all tasks of a server watch, each with its own time-out, would else be searched from
/// end to end for each of them.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class WaiterList : List<object>
{
    /// <summary>Searching so many costs no more than a sweep's bookkeeping.</summary>
    private const int SearchedMax = 32;

    private int _dropped;

    /// <summary>Those that still wait.</summary>
    public IEnumerable<object> Live => this.Where(static waiter => !IsDropped(waiter));

    /// <summary>True for one that was dropped and not swept out yet.</summary>
    public static bool IsDropped(object waiter) => waiter switch
    {
        DoneCallback callback => callback.IsDropped,
        IDoneObserver observer => observer.IsOver,
        _ => false,
    };

    /// <summary>Takes a callback out, which must be in.</summary>
    public void Drop(DoneCallback callback)
    {
        if (!TryRemoveFromShort(callback))
        {
            callback.Drop();
            NoteDropped();
        }
    }

    /// <summary>Takes an observer out, which must be in, and over.</summary>
    public void Drop(IDoneObserver observer)
    {
        if (!TryRemoveFromShort(observer))
        {
            NoteDropped();
        }
    }

    private bool TryRemoveFromShort(object waiter)
    {
        if (Count > SearchedMax)
        {
            return false;
        }

        Remove(waiter);
        return true;
    }

    private void NoteDropped()
    {
        if (++_dropped * 2 > Count)
        {
            RemoveAll(IsDropped);
            _dropped = 0;
        }
    }
}
