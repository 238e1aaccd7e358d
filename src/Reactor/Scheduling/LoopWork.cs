namespace Reactor;

/// <summary>
/// Something a scheduler runs: a callback (<see cref="LoopHandle"/>) or the next step of a task
/// (<see cref="TaskStep"/>). It stands in the ready queue, or in the timer queue, itself: posting
/// work that exists allocates nothing.
/// </summary>
/// <remarks>Loop thread only, unless a member says otherwise.</remarks>
public abstract class LoopWork : TimerEntry
{
    private protected LoopWork()
    {
    }

    /// <summary>
    /// True while this work stands in a <see cref="ReadyQueue"/>; it stands there at most once.
    /// </summary>
    internal bool IsQueued
    {
        get => Mark;
        set => Mark = value;
    }

    /// <summary>
    /// Runs the work, in the context it was made with. Errors of user code are reported, not
    /// thrown, except <see cref="LoopAbortException"/>, which leaves the loop.
    /// </summary>
    public abstract void Run();

    /// <summary>
    /// It will never run: the loop closed while it was queued, or before it was posted by another
    /// thread. Any thread; must not throw.
    /// </summary>
    internal virtual void OnLoopClosed()
    {
    }

    /// <summary>
    /// What this is, for a report by another thread while the loop thread runs it: told from what
    /// never changes. Any thread.
    /// </summary>
    internal virtual string DescribeFromOutside() => ToString()!;
}
