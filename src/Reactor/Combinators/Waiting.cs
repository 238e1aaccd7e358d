namespace Reactor;

/// <summary>
/// Waits for one awaitable with a limit (<c>WaitAsync</c>), or without passing the waiter's own
/// cancellation on (<c>Shield</c>). Loop thread only.
/// </summary>
public static class Waiting
{
    /// <summary>
    /// Waits no longer than <paramref name="timeout"/> (asyncio: <c>wait_for</c>). Other than
    /// <see cref="Task.WaitAsync(TimeSpan)"/>, it then <em>cancels</em> what it waited for, and
    /// waits until that has really ended. Should it end with a value or another exception even so,
    /// that is the outcome.
    /// </summary>
    /// <remarks>
    /// The limit does not cancel a <see cref="LoopTask.CurrentToken"/> that was taken before this
    /// call, as in <c>Work(LoopTask.CurrentToken).WaitAsync(limit)</c>: it belongs to what is
    /// outside. A foreign await with that token goes on, and the time-out is thrown after it. Write
    /// <c>TimeoutScope.Run(limit, _ => Work(LoopTask.CurrentToken))</c>.
    /// </remarks>
    /// <param name="future">What to wait for; shield it, if it shall outlive the time-out.</param>
    /// <param name="timeout">
    /// The longest wait; null or <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Zero or less:
    /// only what is done already is taken. Infinite is exactly -1 ms: clamp a computed remainder at
    /// zero.
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
    /// <c>wait_for</c>). With zero or less it is not even begun.
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
    /// A future with the same outcome, whose cancellation does not reach <paramref name="future"/>:
    /// that goes on (asyncio: <c>shield</c>). If it is cancelled itself, so is the shield.
    /// </summary>
    /// <returns>If <paramref name="future"/> is done, itself.</returns>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static Future<T> Shield<T>(this Future<T> future)
    {
        OneLoop.Check(future, nameof(future));
        return future.IsDone ? future : new ShieldFuture<T>(future);
    }

    /// <summary>
    /// Makes the coroutine a task and shields that; see the overload for futures.
    /// </summary>
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
            return await future; // which is done, so that this does not suspend
        }
        catch (LoopCanceledException error)
        {
            throw new TimeoutException(null, error);
        }
    }

    private static async Coroutine<T> CancelUnbegun<T>(Coroutine<T> coroutine) =>
        await TakeOrCancel(LoopAwaits.Scheduler.StartTask(coroutine, eager: false));

    // It waits for a future of its own, so that cancelling the waiter takes effect at once, also
    // while what is being cancelled takes its time.
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
