namespace Reactor;

/// <summary>A task or future that may wait for something foreign.</summary>
internal interface IForeignWait
{
    /// <summary>True while the awaited object has not named itself.</summary>
    bool IsPending { get; }

    /// <summary>The task that waits, if it is known.</summary>
    TaskStep? Waiter { get; }

    string Describe();
}

/// <summary>
/// The foreign waits of a scheduler, which take real time, for a driver whose clock jumps. Loop
/// thread only.
/// </summary>
/// <remarks>
/// Heuristic: an awaitable made in the same step as a plain wait for the loop waits for the
/// scheduler's clock.
/// </remarks>
internal sealed class ForeignWaits
{
    private readonly HashSet<IForeignWait> _waits = [];
    private readonly Dictionary<IForeignWait, TimeSpan> _overtaken = [];
    private object? _plainWaiter;

    /// <summary>
    /// Called when a wait over which the clock has jumped is cancelled, so that chance decided
    /// whether it ended before; with the moment of the first jump. If set, the driver notes jumps
    /// with <see cref="NoteJump"/> and reports none.
    /// </summary>
    public Action<IForeignWait, TimeSpan>? OnAbandoned { get; init; }

    /// <summary>Outstanding waits, with the moment of the first jump over each, or null.</summary>
    public IEnumerable<(IForeignWait Wait, TimeSpan? Overtaken)> Pending =>
        from wait in _waits
        where wait.IsPending
        select (wait, _overtaken.TryGetValue(wait, out TimeSpan at) ? at : (TimeSpan?)null);

    /// <summary>A plain async method waits for the scheduler.</summary>
    public void NotePlainWait(object? runningStep) => _plainWaiter = runningStep;

    /// <summary>The running step begins to wait for something foreign.</summary>
    public void Begin(IForeignWait wait, object? runningStep)
    {
        if (_plainWaiter is null || !ReferenceEquals(_plainWaiter, runningStep))
        {
            _waits.Add(wait);
        }

        _plainWaiter = null;
    }

    public void End(IForeignWait wait)
    {
        _waits.Remove(wait);
        _overtaken.Remove(wait);
    }

    /// <summary>A wait was cancelled.</summary>
    public void Abandon(IForeignWait wait)
    {
        if (_overtaken.TryGetValue(wait, out TimeSpan moment))
        {
            OnAbandoned?.Invoke(wait, moment);
        }

        End(wait);
    }

    /// <summary>The clock is about to jump from a moment over the outstanding waits.</summary>
    public void NoteJump(TimeSpan from)
    {
        foreach (IForeignWait wait in _waits)
        {
            if (wait.IsPending)
            {
                _overtaken.TryAdd(wait, from);
            }
        }
    }

    /// <summary>Describes an outstanding wait, or null.</summary>
    public string? Describe()
    {
        foreach (IForeignWait wait in _waits)
        {
            if (wait.IsPending)
            {
                return wait.Describe();
            }

            _waits.Remove(wait); // the awaiter has named what the task waits for
        }

        return null;
    }
}
