namespace Reactor;

/// <summary>
/// What a scheduler runs: a callback or the next step of a task. Posting allocates nothing, because
/// it is its own entry in the queues. Loop thread only by default.
/// </summary>
public abstract class LoopWork : TimerEntry
{
    private protected LoopWork()
    {
    }

    /// <summary>True while it is in a <see cref="ReadyQueue"/>.</summary>
    internal bool IsQueued
    {
        get => Mark;
        set => Mark = value;
    }

    /// <summary>
    /// Runs the work in its context, and reports errors of user code; only
    /// <see cref="LoopAbortException"/> leaves the loop.
    /// </summary>
    public abstract void Run();

    /// <summary>The loop closed before the work could run. Any thread; must not throw.</summary>
    internal virtual void OnLoopClosed()
    {
    }

    /// <summary>A description by immutable state. Any thread.</summary>
    internal virtual string DescribeFromOutside() => ToString()!;

    /// <summary>Identifies the work among messages; by immutable state.</summary>
    internal virtual MessageKey MessageKey => new(DescribeFromOutside());

    /// <summary>
    /// True for a message of the garbage collector, of a released buffer, or that has lost its
    /// purpose: another run of the program may have it in another turn, or not at all. Loop thread
    /// only.
    /// </summary>
    internal virtual bool IsIncidental => false;
}
