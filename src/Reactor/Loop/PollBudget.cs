using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// How often a loop that has work may leave out its poll, where a poll is a system call: a chain of
/// callbacks runs through many short turns, and each would pay the kernel for the answer that
/// nothing has happened. Whichever bound is reached first ends it, so that I/O waits no longer.
/// </summary>
/// <remarks>
/// Loop thread only. Only the poll is left out: letters of other threads and timers that are due
/// are looked for in each turn. The first turn of a run polls.
/// </remarks>
internal sealed class PollBudget(LoopDriver driver, int turnsMax, TimeSpan timeMax)
{
    private int _turnsLeft;
    private TimeSpan _until;

    /// <summary>True if this turn, which has work, need not poll.</summary>
    /// <param name="now">The time, which it had to read, if so.</param>
    public bool TrySkip(out TimeSpan now)
    {
        now = default;
        if (_turnsLeft == 0 || (now = driver.Now) >= _until)
        {
            return false;
        }

        _turnsLeft--;
        return true;
    }

    /// <summary>A poll was made: the bounds count from here.</summary>
    public void OnPolled(TimeSpan now)
    {
        _turnsLeft = turnsMax;
        _until = CoroutineScheduler.MomentAfter(now, timeMax);
    }

    /// <summary>A run begins: its first turn polls.</summary>
    public void BeginRun() => _turnsLeft = 0;
}
