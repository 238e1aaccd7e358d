namespace Reactor;

/// <summary>
/// A delay that a token, cancelled on any thread, can end. Loop thread only.
/// </summary>
internal static class TokenDelay
{
    public static async Coroutine Run(TimeSpan delay, CancellationToken cancellationToken)
    {
        LoopAwaits.Scheduler.ThrowIfCancelled(cancellationToken);
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
            timer = new StateHandle<Promise<bool>>(
                scheduler, static end => end.TrySetResult(false), isCancelled, null, null, 0);
            scheduler.Arm(timer, scheduler.MomentAfter(time));
        }

        var watch = TokenWatch<Promise<bool>>.Begin(
            scheduler, static end => end.TrySetResult(true), isCancelled, cancellationToken);
        try
        {
            return await isCancelled;
        }
        finally
        {
            watch?.End();
            if (timer is not null)
            {
                scheduler.Disarm(timer);
            }
        }
    }
}
