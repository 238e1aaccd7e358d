namespace Reactor;

/// <summary>
/// A delay that a token, cancelled on any thread, can end. Loop thread only.
/// </summary>
internal static class TokenDelay
{
    public static async Coroutine Run(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!cancellationToken.CanBeCanceled
            || (delay <= TimeSpan.Zero && !TimeLimit.IsInfinite(delay)))
        {
            await new DelayAwaitable(delay);
            return;
        }

        if (await EndsByToken(LoopAwaits.Scheduler, delay, cancellationToken))
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Coroutine<bool> EndsByToken(
        CoroutineScheduler scheduler, TimeSpan delay, CancellationToken cancellationToken)
    {
        var isCancelled = new Promise<bool>(scheduler);
        LoopHandle? timer = null;
        if (TimeLimit.OrNull(delay) is { } time)
        {
            timer = HandleOf(isCancelled, static end => end.TrySetResult(false));
            scheduler.Arm(timer, scheduler.MomentAfter(time));
        }

        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state =>
            {
                var end = (Promise<bool>)state!;
                end.Scheduler.PostThreadSafe(HandleOf(end, static end => end.TrySetResult(true)));
            },
            isCancelled);
        try
        {
            return await isCancelled;
        }
        finally
        {
            registration.Unregister(); // does not wait for a running callback
            if (timer is not null)
            {
                scheduler.Disarm(timer);
            }
        }
    }

    private static StateHandle<Promise<bool>> HandleOf(
        Promise<bool> end, Action<Promise<bool>> callback) =>
        new(end.Scheduler, callback, end, null, null, 0);
}
