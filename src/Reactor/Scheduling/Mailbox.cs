namespace Reactor;

/// <summary>
/// Where other threads leave work for the loop. A lock guards a list that the loop swaps for an
/// empty one, so the lock is held for a few instructions, whatever the load. The first letter after
/// a swap asks for a wake-up and later ones do not: one signal wakes the loop for all of them.
/// </summary>
/// <remarks>
/// Why no wake-up is lost: letters are added, and the swap is made, under the lock. A letter that
/// finds the box empty either came before the swap, and is in it, or after it, and signals again.
/// A lock-free queue was rejected: it needs the same proof with fences, and buys nothing while the
/// signal costs a thousand times the lock.
/// </remarks>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private List<LoopWork> _incoming = [];
    private List<LoopWork> _outgoing = [];
    private bool _isClosed;

    /// <summary>
    /// Leaves a letter. Any thread. True in <paramref name="wake"/> means that the caller must wake
    /// the loop.
    /// </summary>
    /// <returns>False once the box is closed: the letter was not taken.</returns>
    public bool TryPost(LoopWork work, out bool wake)
    {
        lock (_lock)
        {
            wake = _incoming.Count == 0;
            if (_isClosed)
            {
                return false;
            }

            _incoming.Add(work);
            return true;
        }
    }

    /// <summary>Moves what lies in the box to the ready queue. Loop thread only.</summary>
    public void DrainTo(ReadyQueue ready)
    {
        // A stale read of Count only delays a letter whose sender is about to wake us.
        if (Volatile.Read(ref _incoming).Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            (_incoming, _outgoing) = (_outgoing, _incoming);
        }

        foreach (LoopWork work in _outgoing)
        {
            ready.Enqueue(work);
        }

        _outgoing.Clear();
    }

    /// <summary>Refuses letters from now on, and gives those that lie here.</summary>
    public IReadOnlyList<LoopWork> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            IReadOnlyList<LoopWork> left = _incoming;
            _incoming = [];
            return left;
        }
    }
}
