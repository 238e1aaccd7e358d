namespace Reactor;

/// <summary>
/// Work that other threads post to the loop, in a list that the loop swaps for an empty one under a
/// lock. Wake-ups are coalesced: only the first post after a swap asks for one.
/// </summary>
/// <remarks>
/// A lock-free queue was rejected: the wake-up costs a thousand times the lock.
/// </remarks>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private List<LoopWork> _incoming = [];
    private List<LoopWork> _outgoing = [];
    private bool _isClosed;

    /// <summary>Posts work; false once the mailbox is closed. Any thread.</summary>
    /// <param name="work">The work.</param>
    /// <param name="wake">True: the caller must wake the loop.</param>
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

    /// <summary>Loop thread only.</summary>
    public void DrainTo(ReadyQueue ready)
    {
        // If the count is stale, a wake-up follows.
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
