namespace Reactor.Inspector;

/// <summary>
/// Finds out what blocks a loop, from outside: the work that has run for too long, what it says of
/// itself, and the line from which it runs. Any thread; reads what the loop writes anyway.
/// </summary>
/// <param name="loop">The inspected loop.</param>
/// <param name="limit">The time after which work counts as blocking.</param>
internal sealed class BlockedFinder(EventLoop loop, TimeSpan limit)
{
    private readonly long _limitNs = limit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The work that blocks the loop; null if no work has run for so long.</summary>
    /// <param name="turn">The turn; its Place is where the work was resumed or posted.</param>
    public BlockedView? Find(TurnView turn)
    {
        if (turn.Running is not { } work || turn.SinceNs < _limitNs)
        {
            return null;
        }

        TaskStep? step = loop.RunningStep;
        return work.Kind == "task" && step is not null
            ? new BlockedView(
                turn.SinceNs, BlockedWork.Describe(step),
                BlockedWork.PlaceOf(step, work.Place) ?? work.Place)
            : new BlockedView(turn.SinceNs, work.Name, work.Place);
    }
}
