namespace Reactor;

/// <summary>A task, or a future, that may wait for something foreign.</summary>
internal interface IForeignWait
{
    /// <summary>True while it waits for what has not told what it is.</summary>
    bool IsPending { get; }

    /// <summary>
    /// The task, what it awaits and where, in words. Called while it is pending.
    /// </summary>
    string Describe();
}

/// <summary>
/// The outstanding waits of a scheduler for something foreign, kept for a driver whose clock jumps:
/// what takes real time would end at an arbitrary moment of such a clock.
/// </summary>
/// <remarks>
/// Loop thread only. Something foreign may itself wait for the scheduler's clock: a plain async
/// method that awaits a delay or a socket of the loop. Nothing tells what a foreign awaitable waits
/// for, so the rule is: one that was made in the same step as a plain wait for something of ours
/// waits for that. It errs where such a method was called in an earlier step.
/// </remarks>
internal sealed class ForeignWaits(CoroutineScheduler scheduler)
{
    private readonly HashSet<IForeignWait> _waits = [];
    private TaskStep? _plainWaiter;

    /// <summary>A plain async method, or code of the framework, waits for the scheduler.</summary>
    public void NotePlainWait() => _plainWaiter = scheduler.RunningStep;

    /// <summary>The running step begins to wait for something foreign.</summary>
    public void Begin(IForeignWait wait)
    {
        bool waitsForClock = _plainWaiter is not null
            && ReferenceEquals(_plainWaiter, scheduler.RunningStep);
        _plainWaiter = null;
        if (!waitsForClock)
        {
            _waits.Add(wait);
        }
    }

    /// <summary>The wait is over; idempotent.</summary>
    public void End(IForeignWait wait) => _waits.Remove(wait);

    /// <summary>One that is outstanding, in words; null if there is none.</summary>
    public string? Describe()
    {
        foreach (IForeignWait wait in _waits)
        {
            if (wait.IsPending)
            {
                return wait.Describe();
            }

            _waits.Remove(wait); // the awaiter has told what the task waits for
        }

        return null;
    }
}
