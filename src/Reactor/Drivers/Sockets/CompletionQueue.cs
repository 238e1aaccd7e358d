namespace Reactor.Drivers;

/// <summary>
/// Operations that the runtime's socket threads have completed; the loop sleeps here.
/// </summary>
/// <remarks>
/// <para>
/// A lock-free stack whose links are the operations. The loop takes all of it with one exchange and
/// reverses it, which restores the order of completion.
/// </para>
/// <para>
/// No wake-up is lost: the loop sets the asleep flag, then checks the stack, then waits; a pusher
/// pushes, then checks the flag. With a full fence between, at least one sees the other.
/// </para>
/// </remarks>
internal sealed class CompletionQueue
{
    // Never disposed: it holds no kernel object, and completions may come after the close.
    private readonly SemaphoreSlim _signal = new(0);
    private SocketsOperation? _top;
    private int _isAsleep;
    private int _isWoken;

    /// <summary>Adds a completed operation. Any thread.</summary>
    public void Push(SocketsOperation operation)
    {
        SocketsOperation? top;
        do
        {
            top = Volatile.Read(ref _top);
            operation.Next = top;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _top, operation, top), top));
        SignalIfAsleep();
    }

    /// <summary>Ends the current or the next sleep. Any thread.</summary>
    public void Wake()
    {
        Interlocked.Exchange(ref _isWoken, 1);
        SignalIfAsleep();
    }

    /// <summary>Takes everything, oldest first, linked by <c>Next</c>. Loop thread only.</summary>
    public SocketsOperation? TakeAll()
    {
        if (Volatile.Read(ref _top) is null)
        {
            return null;
        }

        SocketsOperation? newest = Interlocked.Exchange(ref _top, null);
        SocketsOperation? oldest = null;
        while (newest is not null)
        {
            SocketsOperation? next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    /// <summary>
    /// Sleeps until a push, a wake-up or the timeout; null: no timeout. Loop thread only.
    /// </summary>
    public void Sleep(TimeSpan? timeout)
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (Volatile.Read(ref _top) is null && Volatile.Read(ref _isWoken) == 0)
        {
            _signal.Wait(SystemDriver.ToMilliseconds(timeout));
        }

        // A signal that is left over makes a later sleep short, which is allowed.
        Interlocked.Exchange(ref _isAsleep, 0);
        Interlocked.Exchange(ref _isWoken, 0);
    }

    private void SignalIfAsleep()
    {
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            _signal.Release();
        }
    }
}
