using System.Diagnostics;

namespace Reactor.Inspector;

/// <summary>
/// Finds out what blocks a loop, from outside: the work that has run for too long, what it says of
/// itself, and the line from which it runs. Any thread; reads what the loop writes anyway.
/// </summary>
/// <param name="loop">The inspected loop.</param>
/// <param name="limit">The time after which work counts as blocking.</param>
internal sealed class BlockedFinder(EventLoop loop, TimeSpan limit)
{
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly long _limitNs = limit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The work that blocks the loop; null if no work has run for so long.</summary>
    /// <param name="turn">The turn; its Place is where the work was resumed or posted.</param>
    public BlockedView? Find(TurnView turn)
    {
        TaskStep? step = loop.RunningStep;
        if (turn.Running is null && turn.Number == 0)
        {
            return FindBefore(step);
        }

        if (turn.Running is not { } work || turn.SinceNs < _limitNs)
        {
            return null;
        }

        return work.Kind == "task" && step is Trampoline task && task.Number == work.Id
            ? new BlockedView(
                turn.SinceNs, BlockedWork.Describe(step),
                BlockedWork.PlaceOf(step, work.Place) ?? work.Place)
            : new BlockedView(turn.SinceNs, work.Name, work.Place);
    }

    // No turn has begun since the inspector was opened, so there are no events.
    private BlockedView? FindBefore(TaskStep? step)
    {
        TimeSpan blocked = Stopwatch.GetElapsedTime(_opened);
        return step is null || blocked < limit ? null : new BlockedView(
            blocked.Ticks * TimeSpan.NanosecondsPerTick, BlockedWork.Describe(step),
            BlockedWork.PlaceOf(step, null));
    }
}
