namespace Reactor;

/// <summary>
/// Work that other threads post to the loop. A lock guards a list that the loop swaps for an empty
/// one, so it is held for a few instructions. Wake-ups are coalesced: only the first post after a
/// swap asks for one.
/// </summary>
/// <remarks>
/// No wake-up is lost, because posts and the swap hold the lock. A lock-free queue was rejected:
/// the signal costs a thousand times the lock.
/// </remarks>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private List<LoopWork> _incoming = [];
    private List<LoopWork> _outgoing = [];
    private bool _isClosed;

    /// <summary>
    /// Posts work. If <paramref name="wake"/> is true, the caller must wake the loop. Any thread.
    /// </summary>
    /// <returns>False once the mailbox is closed: the work was not posted.</returns>
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

    /// <summary>Moves all work to the ready queue. Loop thread only.</summary>
    public void DrainTo(ReadyQueue ready)
    {
        // A stale Count delays only work whose thread is about to wake the loop.
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

    /// <summary>Rejects further work, and returns what is left.</summary>
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
