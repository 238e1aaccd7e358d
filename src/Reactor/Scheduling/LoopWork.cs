namespace Reactor;

/// <summary>
/// What a scheduler runs: a callback or the next step of a task. It is its own entry in the ready
/// queue and the timer queue, so posting allocates nothing. Loop thread only by default.
/// </summary>
public abstract class LoopWork : TimerEntry
{
    private protected LoopWork()
    {
    }

    /// <summary>True while it is in a <see cref="ReadyQueue"/>, which is at most once.</summary>
    internal bool IsQueued
    {
        get => Mark;
        set => Mark = value;
    }

    /// <summary>
    /// Runs the work in its context. Errors of user code are reported and not thrown, except
    /// <see cref="LoopAbortException"/>, which leaves the loop.
    /// </summary>
    public abstract void Run();

    /// <summary>The loop closed before the work could run. Any thread; must not throw.</summary>
    internal virtual void OnLoopClosed()
    {
    }

    /// <summary>
    /// A description by immutable state, while another thread runs the work. Any thread.
    /// </summary>
    internal virtual string DescribeFromOutside() => ToString()!;
}
