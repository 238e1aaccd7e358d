namespace Reactor.Drivers;

/// <summary>
/// What the runtime's socket threads have completed and the loop has not seen, and where the loop
/// sleeps until there is something: the role of an I/O completion port.
/// </summary>
/// <remarks>
/// <para>
/// The operations are links of a stack themselves, so pushing is one compare-and-swap and allocates
/// nothing; the loop takes the whole stack with one exchange and turns it round, which restores the
/// order of completion.
/// </para>
/// <para>
/// Why no wake-up is lost: the loop first says that it sleeps, then looks at the stack once more,
/// and only then waits. Who pushes, pushes first and then looks whether the loop sleeps. Both steps
/// have a full fence between them (an interlocked operation), so at least one of the two sees the
/// other. Who finds the loop asleep takes the flag away with an exchange, so one signal is sent for
/// any number of completions.
/// </para>
/// </remarks>
internal sealed class CompletionQueue
{
    // Never disposed of: it holds nothing of the kernel, and a completion may come after the close.
    private readonly SemaphoreSlim _signal = new(0);
    private SocketsOperation? _top;
    private int _isAsleep;
    private int _isWoken;

    /// <summary>Adds a completed operation. Any thread.</summary>
    public void Push(SocketsOperation operation)
    {
        SocketsOperation? top = Volatile.Read(ref _top);
        while (true)
        {
            operation.Next = top;
            SocketsOperation? seen = Interlocked.CompareExchange(ref _top, operation, top);
            if (ReferenceEquals(seen, top))
            {
                break;
            }

            top = seen;
        }

        SignalIfAsleep();
    }

    /// <summary>Makes the loop's wait end, or the next one. Any thread.</summary>
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
    /// Sleeps until something was pushed, somebody woke the loop, or the time is over. Loop thread
    /// only.
    /// </summary>
    /// <param name="timeout">The longest sleep; null: for ever.</param>
    public void Sleep(TimeSpan? timeout)
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (Volatile.Read(ref _top) is null && Volatile.Read(ref _isWoken) == 0)
        {
            _signal.Wait(timeout is { } longest ? RoundUp(longest) : Timeout.Infinite);
        }

        // If somebody has taken the flag, a signal is under way or was consumed just now; a signal
        // that is left over makes one later sleep short, which a poll may be.
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

    // Up, so that a timer never fires early; the kernel's grain here is a millisecond.
    private static int RoundUp(TimeSpan timeout) =>
        (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Max(0, timeout.TotalMilliseconds)));
}
