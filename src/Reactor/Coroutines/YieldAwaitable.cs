using System.ComponentModel;
using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Gives up exactly one turn when awaited (asyncio: <c>sleep(0)</c>). Allocates nothing.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct YieldAwaitable : ILoopAwaiter<YieldAwaitable>
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
    public void UnsafeOnCompleted(Action continuation) =>
        LoopAwaits.Scheduler.Post(LoopAwaits.HandleOf(continuation));
}

/// <summary>
/// Parks the task itself in the timer queue: no timer, no future. An infinite delay ends by
/// cancellation only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct DelayAwaitable : ILoopAwaiter<DelayAwaitable>
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
        if (_delay > TimeSpan.Zero)
        {
            step.Scheduler.Arm(step, step.Scheduler.MomentAfter(_delay));
        }
        else if (!TimeLimit.IsInfinite(_delay))
        {
            step.Resume();
            return;
        }

        step.SuspendOn(SleepSource.Instance);
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        CoroutineScheduler scheduler = LoopAwaits.Scheduler;
        LoopHandle handle = LoopAwaits.HandleOf(continuation);
        if (_delay > TimeSpan.Zero)
        {
            scheduler.Arm(handle, scheduler.MomentAfter(_delay));
        }
        else if (!TimeLimit.IsInfinite(_delay))
        {
            scheduler.Post(handle);
        }
    }

    /// <summary>The timer queue as a wait source: a cancelled task leaves it.</summary>
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
