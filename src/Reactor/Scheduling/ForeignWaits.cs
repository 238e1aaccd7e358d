namespace Reactor;

/// <summary>A task, or a future, that may wait for something foreign.</summary>
internal interface IForeignWait
{
    /// <summary>True while it waits for what has not told what it is.</summary>
    bool IsPending { get; }

    /// <summary>The task or the future, for a report.</summary>
    object Waiter { get; }
}

/// <summary>
/// The waits of a scheduler for something foreign, kept for a driver whose clock jumps: what takes
/// real time would end at an arbitrary moment of such a clock.
/// </summary>
/// <remarks>
/// Loop thread only. Something foreign may itself wait for the scheduler's clock: a plain async
/// method that awaits a delay or a socket of the loop. Nothing tells what a foreign awaitable waits
/// for, so the rule is: one that was made in the same step as a plain wait for something of ours
/// waits for that. It errs where such a method was called in an earlier step.
/// </remarks>
internal sealed class ForeignWaits(CoroutineScheduler scheduler)
{
    /// <summary>
    /// Waits whose place is looked for: each costs up to a tenth of a millisecond, and a task may
    /// yield to something foreign a million times.
    /// </summary>
    private const int PlacesMax = 1000;

    private const string UnknownPlace = "a place that was not recorded";

    private readonly Dictionary<IForeignWait, string> _places = [];
    private TaskStep? _plainWaiter;
    private int _placesLeft = PlacesMax;

    /// <summary>A plain async method, or code of the framework, waits for the scheduler.</summary>
    public void NotePlainWait() => _plainWaiter = scheduler.RunningStep;

    /// <summary>The running step begins to wait for something foreign.</summary>
    public void Begin(IForeignWait wait)
    {
        bool waitsForClock = _plainWaiter is not null
            && ReferenceEquals(_plainWaiter, scheduler.RunningStep);
        _plainWaiter = null;
        if (waitsForClock)
        {
            _places.Remove(wait);
        }
        else
        {
            _places[wait] = _placesLeft-- > 0 ? UserPlace.Find() : UnknownPlace;
        }
    }

    /// <summary>What still waits, with its place; null if nothing does.</summary>
    public (object Waiter, string Place)? Find()
    {
        foreach ((IForeignWait wait, string place) in _places)
        {
            if (wait.IsPending)
            {
                return (wait.Waiter, place);
            }

            _places.Remove(wait);
        }

        return null;
    }
}
