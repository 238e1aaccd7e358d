using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Checks that futures belong to the loop of this thread.
/// </summary>
internal static class OneLoop
{
    /// <summary>The loop of all futures; without futures the one that runs here.</summary>
    /// <exception cref="ArgumentException">One belongs to a different loop.</exception>
    /// <exception cref="InvalidOperationException">No futures, and no loop runs here.</exception>
    public static CoroutineScheduler Of(IReadOnlyList<Future> futures, string parameter)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current
            ?? (futures.Count > 0 ? futures[0].Scheduler : LoopAwaits.Scheduler);
        foreach (Future future in futures)
        {
            Check(future, scheduler, parameter);
        }

        return scheduler;
    }

    /// <summary>Checks one future; it is of any loop if no loop runs here.</summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static void Check(Future future, string parameter)
    {
        ArgumentNullException.ThrowIfNull(future, parameter);
        Check(future, CoroutineScheduler.Current ?? future.Scheduler, parameter);
    }

    public static bool CanAwait(Future future)
    {
        CoroutineScheduler? current = CoroutineScheduler.Current;
        return ReferenceEquals(current, future.Scheduler)
            && !ReferenceEquals(current.RunningStep?.Owner, future);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static InvalidOperationException MakeMisuse(Future future)
    {
        CoroutineScheduler? current = CoroutineScheduler.Current;
        return new InvalidOperationException(
            ReferenceEquals(current?.RunningStep?.Owner, future)
                ? $"A task cannot await on itself: {future}."
                : current is null
                ? $"{future} is bound to an event loop and cannot be awaited off it: use AsTask()."
                : $"{future} is attached to a different loop.");
    }

    private static void Check(Future future, CoroutineScheduler scheduler, string parameter)
    {
        if (!ReferenceEquals(future.Scheduler, scheduler))
        {
            throw new ArgumentException(
                $"{future.Label} belongs to a different loop: await it there, or pass its outcome "
                + "from that loop's thread.",
                parameter);
        }
    }
}
