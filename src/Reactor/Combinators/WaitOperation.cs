namespace Reactor;

/// <summary>What ends a <c>Wait</c>.</summary>
public enum WaitUntil
{
    /// <summary>All are done.</summary>
    All,

    /// <summary>One is done.</summary>
    FirstCompleted,

    /// <summary>One threw (a cancellation does not count), or all are done.</summary>
    FirstException,
}

/// <summary>
/// Waits for futures without fetching their exceptions or cancelling them (asyncio: <c>wait</c>).
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class WaitOperation
{
    public static async Coroutine<(IReadOnlyList<TFuture> Done, IReadOnlyList<TFuture> Pending)>
        Run<TFuture>(IEnumerable<TFuture> futures, WaitUntil until, TimeSpan? timeout)
        where TFuture : Future
    {
        ArgumentNullException.ThrowIfNull(futures);
        TFuture[] all = [.. futures.Distinct()];
        if (all.Length == 0)
        {
            throw new ArgumentException("Wait needs at least one future.", nameof(futures));
        }

        OneLoop.Of(all, nameof(futures));
        if (!Enum.IsDefined(until))
        {
            throw new ArgumentException($"Unknown mode {until}.", nameof(until));
        }

        int left = all.Count(future => !future.IsDone);
        if (left > 0 && !all.Any(future => future.IsDone && Ends(future, until)))
        {
            await WaitFor(all, left, until, timeout);
        }

        return ([.. all.Where(future => future.IsDone)], [.. all.Where(future => !future.IsDone)]);
    }

    private static async Coroutine<Unit> WaitFor(
        Future[] all, int left, WaitUntil until, TimeSpan? timeout)
    {
        var over = new JoinFuture(
            LoopAwaits.Scheduler, all, isOneEnough: until == WaitUntil.FirstCompleted);
        Action<Future> onDone = future =>
        {
            if (--left == 0 || Ends(future, until))
            {
                over.TrySetResult(default);
            }
        };
        CoroutineScheduler scheduler = over.Scheduler;
        LoopHandle? timer = null;
        Future[] pending = [.. all.Where(future => !future.IsDone)];
        DoneCallback[] callbacks = [.. pending.Select(future => future.Register(onDone))];

        if (TimeLimit.OrNull(timeout) is { } longest)
        {
            timer = new StateHandle<Promise<Unit>>(
                scheduler, static end => end.TrySetResult(default), over, null, null, 0);
            scheduler.Arm(timer, scheduler.MomentAfter(longest));
        }

        try
        {
            return await over;
        }
        finally
        {
            if (timer is not null)
            {
                scheduler.Disarm(timer);
            }

            for (int i = 0; i < pending.Length; i++)
            {
                pending[i].Drop(callbacks[i]);
            }
        }
    }

    private static bool Ends(Future future, WaitUntil until) => until switch
    {
        WaitUntil.FirstCompleted => true,
        WaitUntil.FirstException => future.HasException,
        _ => false,
    };
}
