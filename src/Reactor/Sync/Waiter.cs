using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>How far a wait has come.</summary>
internal enum WaiterState
{
    /// <summary>Not waiting.</summary>
    Idle,

    /// <summary>In a queue.</summary>
    Waiting,

    /// <summary>Woken; posted and has not run.</summary>
    Woken,

    /// <summary>Cancelled and out of the queue; posted and has not run.</summary>
    Left,
}

/// <summary>
/// A waiter in a <see cref="WaitQueue"/>, and the link of that list. A task reuses one waiter; a
/// plain <c>async</c> method gets a new one for each wait, which cannot be cancelled.
/// </summary>
/// <remarks>
/// Loop thread only. An awaiter struct may be copied, so <c>GetResult</c>, which a step runs first,
/// asks <see cref="Resumed"/> whether it has waited.
/// </remarks>
internal sealed class Waiter
{
    [ThreadStatic] private static Waiter? t_continuing;

    private readonly CoroutineScheduler _scheduler;
    private readonly TaskStep? _step;
    private readonly LoopHandle? _handle;

    private Waiter(TaskStep step)
    {
        _scheduler = step.Scheduler;
        _step = step;
    }

    private Waiter(CoroutineScheduler scheduler, Action continuation)
    {
        _scheduler = scheduler;
        _handle = new Handle(this, continuation);
    }

    public WaiterState State { get; set; }

    public WaitQueue? Queue { get; set; }

    public Waiter? Next { get; set; }

    public Waiter? Previous { get; set; }

    public int Verdict { get; set; }

    /// <summary>A cancellation that waits until a lock is acquired again.</summary>
    public LoopCanceledException? Postponed { get; set; }

    public bool IsInterrupted => _step is { IsInterrupted: true };

    public static Waiter Of(TaskStep step) => (Waiter)(step.WaiterSlot ??= new Waiter(step));

    /// <summary>A waiter for a continuation: the task's own if it is a task's.</summary>
    public static Waiter Of(Action continuation) =>
        TaskStep.Of(continuation) is { } step
            ? Of(step)
            : new Waiter(CoroutineScheduler.Current!, continuation);

    /// <summary>The waiter whose wait ended in the await that is being resumed, or null.</summary>
    public static Waiter? Resumed()
    {
        if (CoroutineScheduler.Current is not { } scheduler)
        {
            return null;
        }

        if (scheduler.RunningStep is { } step)
        {
            return step.WaiterSlot is Waiter { State: not WaiterState.Idle } waiter ? waiter : null;
        }

        Waiter? continuing = t_continuing;
        t_continuing = null;
        return continuing;
    }

    public void Wake()
    {
        State = WaiterState.Woken;
        if (_step is not null)
        {
            _step.Resume();
        }
        else
        {
            _scheduler.Post(_handle!);
        }
    }

    /// <summary>Ends the wait.</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled while it waited.</exception>
    [StackTraceHidden]
    public void End()
    {
        State = WaiterState.Idle;
        _step?.ThrowIfInterrupted();
    }

    private sealed class Handle(Waiter waiter, Action continuation)
        : ContinuationHandle(waiter._scheduler, continuation)
    {
        private protected override void Invoke()
        {
            t_continuing = waiter;
            base.Invoke();
            t_continuing = null;
        }
    }
}
