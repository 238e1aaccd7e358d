namespace Reactor;

/// <summary>Sleeping, yielding, and futures from other awaitables. Loop thread only.</summary>
public sealed partial class EventLoop
{
    /// <summary>Sleeps when awaited, without an allocation (asyncio: <c>sleep</c>).</summary>
    /// <param name="delay">
    /// From the await. Zero or less yields one turn, but -1 ms never ends: clamp a computed delay
    /// at zero.
    /// </param>
    public static DelayAwaitable Delay(TimeSpan delay) => new(delay);

    /// <summary>Sleeps at most until the token is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Coroutine Delay(TimeSpan delay, CancellationToken cancellationToken) =>
        TokenDelay.Run(delay, cancellationToken);

    /// <summary>Yields exactly one turn when awaited (asyncio: <c>sleep(0)</c>).</summary>
    public static YieldAwaitable Yield() => default;

    /// <summary>
    /// Waits until futures are done (asyncio: <c>wait</c>). Neither throws their exceptions nor
    /// cancels them.
    /// </summary>
    /// <param name="futures">Of this loop; duplicates count once.</param>
    /// <param name="until">What ends the wait.</param>
    /// <param name="timeout">Null: unlimited. Its end is no error.</param>
    /// <returns>The done and the pending futures, in order.</returns>
    /// <exception cref="ArgumentException">
    /// No future, one of a different loop, or an unknown condition.
    /// </exception>
    public static Coroutine<(IReadOnlyList<TFuture> Done, IReadOnlyList<TFuture> Pending)>
        Wait<TFuture>(
            IEnumerable<TFuture> futures, WaitUntil until = WaitUntil.All, TimeSpan? timeout = null)
        where TFuture : Future => WaitOperation.Run(futures, until, timeout);

    /// <summary>The future itself (asyncio: <c>ensure_future</c>).</summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static TFuture Ensure<TFuture>(TFuture future) where TFuture : Future
    {
        _ = Current;
        OneLoop.Check(future, nameof(future));
        return future;
    }

    /// <summary>
    /// Makes a coroutine a task of the running loop (asyncio: <c>ensure_future</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static LoopTask<T> Ensure<T>(Coroutine<T> coroutine) => Current.StartTask(coroutine);

    /// <inheritdoc cref="Ensure{T}(Coroutine{T})"/>
    public static LoopTask Ensure(Coroutine coroutine) => Current.StartTask(coroutine);

    /// <summary>Makes a .NET task a future, see <c>OnLoop</c>.</summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T> Ensure<T>(Task<T> task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<Unit> Ensure(Task task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<T> Ensure<T>(ValueTask<T> task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<Unit> Ensure(ValueTask task) => task.OnLoop();
}
