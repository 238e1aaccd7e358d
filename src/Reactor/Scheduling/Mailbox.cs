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
    private List<LoopMessage> _incoming = [];
    private List<LoopMessage> _outgoing = [];
    private InstrumentSet? _instruments;
    private long _lastNumber;
    private bool _isClosed;

    /// <summary>Told of each message; null for none.</summary>
    public InstrumentSet? Instruments
    {
        get => Volatile.Read(ref _instruments);
        set => Volatile.Write(ref _instruments, value);
    }

    /// <summary>Posts work; false once the mailbox is closed. Any thread.</summary>
    /// <param name="work">The work.</param>
    /// <param name="wake">True: the caller must wake the loop.</param>
    public bool TryPost(LoopWork work, out bool wake)
    {
        long number = 0;
        if (Instruments is { } instruments)
        {
            number = Interlocked.Increment(ref _lastNumber);
            instruments.MessagePosted(number, work);
        }

        lock (_lock)
        {
            wake = _incoming.Count == 0;
            if (_isClosed)
            {
                return false;
            }

            _incoming.Add(new LoopMessage(work, number));
            return true;
        }
    }

    /// <summary>Loop thread only.</summary>
    public void DrainTo(ReadyQueue ready)
    {
        if (!TrySwap())
        {
            return;
        }

        foreach (LoopMessage message in _outgoing)
        {
            Queue(message, ready);
        }

        _outgoing.Clear();
    }

    /// <inheritdoc cref="MessagePort.TakeTo"/>
    public void TakeTo(List<LoopMessage> arrived, ReadyQueue ready)
    {
        if (!TrySwap())
        {
            return;
        }

        foreach (LoopMessage message in _outgoing)
        {
            if (message.Work.IsIncidental)
            {
                Queue(message, ready);
            }
            else
            {
                arrived.Add(message);
            }
        }

        _outgoing.Clear();
    }

    /// <inheritdoc cref="MessagePort.Queue(LoopMessage)"/>
    public void Queue(LoopMessage message, ReadyQueue ready)
    {
        if (message.Number != 0)
        {
            Instruments?.MessageReceived(message.Number, message.Work);
        }

        ready.Enqueue(message.Work);
    }

    /// <summary>Rejects further work, and returns what is left.</summary>
    public IEnumerable<LoopWork> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            List<LoopMessage> left = _incoming;
            _incoming = [];
            return left.Select(message => message.Work);
        }
    }

    /// <summary>Makes what has arrived the outgoing list; false if that is nothing.</summary>
    private bool TrySwap()
    {
        // If the count is stale, a wake-up follows.
        if (Volatile.Read(ref _incoming).Count == 0)
        {
            return false;
        }

        lock (_lock)
        {
            (_incoming, _outgoing) = (_outgoing, _incoming);
        }

        return true;
    }
}
