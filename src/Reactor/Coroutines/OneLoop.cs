namespace Reactor;

/// <summary>
/// The check of every combinator that its futures belong to one loop, and to the one that runs on
/// this thread. A future of another loop would be touched on the wrong thread, and would wake a
/// task that is not its own.
/// </summary>
internal static class OneLoop
{
    /// <summary>
    /// The loop of all futures. Without futures it is the one that runs here; while none does, the
    /// loop of the futures may be any.
    /// </summary>
    /// <exception cref="ArgumentException">One belongs to a different loop.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no futures, and no event loop runs on this thread.
    /// </exception>
    public static CoroutineScheduler Of(IReadOnlyList<Future> futures, string parameter)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current
            ?? (futures.Count > 0 ? futures[0].Scheduler : LoopAwaits.Scheduler);
        foreach (Future future in futures)
        {
            if (!ReferenceEquals(future.Scheduler, scheduler))
            {
                throw MakeError(future, parameter);
            }
        }

        return scheduler;
    }

    /// <summary>The same for one future.</summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static void Check(Future future, string parameter)
    {
        ArgumentNullException.ThrowIfNull(future, parameter);
        if (CoroutineScheduler.Current is { } running
            && !ReferenceEquals(future.Scheduler, running))
        {
            throw MakeError(future, parameter);
        }
    }

    private static ArgumentException MakeError(Future future, string parameter) => new(
        $"{future.Label} belongs to a different loop: await it there, or pass its outcome from "
        + "that loop's thread.",
        parameter);
}
