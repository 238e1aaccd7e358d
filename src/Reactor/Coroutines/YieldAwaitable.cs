namespace Reactor;

/// <summary>
/// Gives up exactly one turn when awaited (asyncio: <c>sleep(0)</c>). Allocates nothing.
/// </summary>
public readonly struct YieldAwaitable : ILoopAwaiter
{
    /// <summary>Always false: a yield suspends.</summary>
    public bool IsCompleted => CoroutineScheduler.Current is null;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public YieldAwaitable GetAwaiter() => this;

    /// <summary>Throws if the task was cancelled meanwhile.</summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public void GetResult() => LoopAwaits.Resumed();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => step.Resume();

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        LoopAwaits.Scheduler.Post(LoopAwaits.HandleOf(continuation));
}

/// <summary>
/// Parks the task until a moment of the loop's clock. The task itself lies in the timer queue, so a
/// sleeping task needs no timer and no future.
/// </summary>
public readonly struct DelayAwaitable : ILoopAwaiter
{
    private readonly TimeSpan _delay;

    internal DelayAwaitable(TimeSpan delay) => _delay = delay;

    /// <summary>Always false: a delay of nothing still gives up a turn.</summary>
    public bool IsCompleted => CoroutineScheduler.Current is null;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public DelayAwaitable GetAwaiter() => this;

    /// <summary>Throws if the task was cancelled meanwhile.</summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public void GetResult() => LoopAwaits.Resumed();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step)
    {
        if (_delay <= TimeSpan.Zero)
        {
            step.Resume();
            return;
        }

        step.Scheduler.Arm(step, step.Scheduler.MomentAfter(_delay));
        step.SuspendOn(SleepSource.Instance);
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        CoroutineScheduler scheduler = LoopAwaits.Scheduler;
        LoopHandle handle = LoopAwaits.HandleOf(continuation);
        if (_delay <= TimeSpan.Zero)
        {
            scheduler.Post(handle);
        }
        else
        {
            scheduler.Arm(handle, scheduler.MomentAfter(_delay));
        }
    }

    /// <summary>The timer queue as something to wait for: a cancelled sleeper leaves it.</summary>
    private sealed class SleepSource : IWaitSource
    {
        public static readonly SleepSource Instance = new();

        public override string ToString() => "EventLoop.Delay";

        public bool CancelWait(TaskStep waiter, string? message)
        {
            waiter.Scheduler.Disarm(waiter);
            return false;
        }
    }
}

/// <summary>A delay that gives back a value (asyncio: <c>sleep(d, result)</c>).</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct DelayAwaitable<T> : ILoopAwaiter
{
    private readonly DelayAwaitable _delay;
    private readonly T _value;

    internal DelayAwaitable(TimeSpan delay, T value)
    {
        _delay = new DelayAwaitable(delay);
        _value = value;
    }

    /// <inheritdoc cref="DelayAwaitable.IsCompleted"/>
    public bool IsCompleted => _delay.IsCompleted;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public DelayAwaitable<T> GetAwaiter() => this;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public T GetResult()
    {
        _delay.GetResult();
        return _value;
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _delay.OnSuspend(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _delay.OnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _delay.UnsafeOnCompleted(continuation);
}

/// <summary>What the awaiters of this room share.</summary>
internal static class LoopAwaits
{
    public static CoroutineScheduler Scheduler => CoroutineScheduler.Current
        ?? throw new InvalidOperationException(
            "No event loop runs on this thread: this can only be awaited on the loop.");

    /// <summary>The wait is over: throws the cancellation, if that is what ended it.</summary>
    public static void Resumed() => Scheduler.RunningStep?.ThrowIfInterrupted();

    /// <summary>A handle for the continuation of a plain async method.</summary>
    public static LoopHandle HandleOf(Action continuation) =>
        PlainCallback.HandleOf(Scheduler, continuation);
}
