namespace Reactor;

/// <summary>
/// <c>WaitAsync</c> and <c>Shield</c>: a wait with a limit, or without passing on a cancellation.
/// Loop thread only.
/// </summary>
public static class WaitExtensions
{
    /// <summary>
    /// Waits no longer than <paramref name="timeout"/>; then <em>cancels</em> the future and waits
    /// for its end (asyncio: <c>wait_for</c>), which may still be a value or another exception.
    /// </summary>
    /// <remarks>
    /// The limit does not cancel a <see cref="LoopTask.CurrentToken"/> taken before this call:
    /// write <c>TimeoutScope.Run(limit, _ => Work(LoopTask.CurrentToken))</c>.
    /// </remarks>
    /// <param name="future">The future; shield it to let it outlive the time-out.</param>
    /// <param name="timeout">
    /// Null or <see cref="Timeout.InfiniteTimeSpan"/>: no limit. Zero or less: no wait.
    /// </param>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    /// <exception cref="TimeoutException">It was not done in time.</exception>
    /// <exception cref="LoopCanceledException">It, or the waiting task, was cancelled.</exception>
    public static Coroutine<T> WaitAsync<T>(this Future<T> future, TimeSpan? timeout)
    {
        OneLoop.Check(future, nameof(future));
        TimeSpan? limit = TimeLimit.OrNull(timeout);
        return limit <= TimeSpan.Zero
            ? TakeOrCancel(future)
            : TimeoutScope.Run(limit, async _ => await future);
    }

    /// <summary>
    /// Runs a coroutine in the current task, and cancels it if it takes longer (asyncio:
    /// <c>wait_for</c>). With zero or less it does not begin.
    /// </summary>
    /// <inheritdoc cref="WaitAsync{T}(Future{T}, TimeSpan?)"/>
    public static Coroutine<T> WaitAsync<T>(this Coroutine<T> coroutine, TimeSpan? timeout)
    {
        TimeSpan? limit = TimeLimit.OrNull(timeout);
        return limit <= TimeSpan.Zero
            ? CancelUnbegun(coroutine)
            : TimeoutScope.Run(limit, _ => coroutine);
    }

    /// <inheritdoc cref="WaitAsync{T}(Coroutine{T}, TimeSpan?)"/>
    public static Coroutine WaitAsync(this Coroutine coroutine, TimeSpan? timeout) =>
        new(coroutine.Call.WaitAsync(timeout));

    /// <summary>
    /// A future with the same outcome, whose cancellation does not reach <paramref name="future"/>
    /// (asyncio: <c>shield</c>).
    /// </summary>
    /// <returns><paramref name="future"/> itself if it is done.</returns>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static Future<T> Shield<T>(this Future<T> future)
    {
        OneLoop.Check(future, nameof(future));
        return future.IsDone ? future : new ShieldFuture<T>(future);
    }

    /// <summary>Makes the coroutine a task and shields it.</summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    public static Future<T> Shield<T>(this Coroutine<T> coroutine) =>
        LoopAwaits.Scheduler.StartTask(coroutine).Shield();

    /// <inheritdoc cref="Shield{T}(Coroutine{T})"/>
    public static Future<Unit> Shield(this Coroutine coroutine) => coroutine.Call.Shield();

    private static async Coroutine<T> TakeOrCancel<T>(Future<T> future)
    {
        if (!future.IsDone)
        {
            await CancelAndWait(future);
        }

        try
        {
            return await future; // done, so this does not suspend
        }
        catch (LoopCanceledException error)
        {
            throw new TimeoutException(null, error);
        }
    }

    private static async Coroutine<T> CancelUnbegun<T>(Coroutine<T> coroutine) =>
        await TakeOrCancel(LoopAwaits.Scheduler.StartTask(coroutine, eager: false));

    // A future of its own, so that cancelling the waiter takes effect at once.
    private static async Coroutine CancelAndWait(Future future)
    {
        var over = new JoinFuture(future.Scheduler, [future]);
        Action<Future> onDone = _ => over.TrySetResult(default);
        future.AddDoneCallback(onDone);
        try
        {
            future.Cancel();
            await over;
        }
        finally
        {
            future.RemoveDoneCallback(onDone);
        }
    }
}
