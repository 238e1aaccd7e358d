namespace Reactor;

/// <summary>A task or future that may wait for something foreign.</summary>
internal interface IForeignWait
{
    /// <summary>True while the awaited object has not named itself.</summary>
    bool IsPending { get; }

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
    private object? _plainWaiter;

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

    public void End(IForeignWait wait) => _waits.Remove(wait);

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
