using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>How far a wait has come.</summary>
internal enum WaitState
{
    /// <summary>Nobody waits here.</summary>
    Idle,

    /// <summary>It stands in a line.</summary>
    Waiting,

    /// <summary>Its turn has come; it is posted and has not run.</summary>
    Woken,

    /// <summary>It was cancelled and has left the line; it is posted and has not run.</summary>
    Left,
}

/// <summary>
/// Somebody who waits in a <see cref="WaitLine"/>; the link of the list is the waiter itself. A
/// task waits for one thing at a time, so it has one waiter, made at its first wait that blocks and
/// used again for every later one: then waiting allocates nothing. A plain <c>async</c> method gets
/// a new one for each wait; nobody can cancel it.
/// </summary>
/// <remarks>
/// Loop thread only. An awaiter is a struct that may have been copied, so its <c>GetResult</c>
/// cannot remember whether it has waited: it asks <see cref="Resumed"/>. The first thing a step
/// runs is the <c>GetResult</c> of what it waited for, so the answer is about that await and no
/// other.
/// </remarks>
internal sealed class Waiter
{
    [ThreadStatic]
    private static Waiter? t_continuing;

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

    public WaitState State { get; set; }

    /// <summary>The line it stands in, and its neighbours there.</summary>
    public WaitLine? Line { get; set; }

    public Waiter? Next { get; set; }

    public Waiter? Previous { get; set; }

    /// <summary>What whoever woke it wants it to know: a number with a meaning of theirs.</summary>
    public int Verdict { get; set; }

    /// <summary>A cancellation that has to wait until a lock is taken again.</summary>
    public LoopCanceledException? Postponed { get; set; }

    /// <summary>
    /// True if its turn had come but its task was cancelled since: what it was given, it must hand
    /// on before <see cref="End"/> throws.
    /// </summary>
    public bool IsWokenInVain => State == WaitState.Woken && IsInterrupted;

    public bool IsInterrupted => _step is { IsInterrupted: true };

    /// <summary>The waiter of a task.</summary>
    public static Waiter Of(TaskStep step)
    {
        if (step.WaiterSlot is Waiter known)
        {
            return known;
        }

        var made = new Waiter(step);
        step.WaiterSlot = made;
        return made;
    }

    /// <summary>
    /// A waiter for a continuation. That of a task, handed over by an awaiter which wraps ours, is
    /// the task's own: its step, when it runs, asks for that.
    /// </summary>
    public static Waiter Of(Action continuation) =>
        TaskStep.Of(continuation) is { } step
            ? Of(step)
            : new Waiter(CoroutineScheduler.Current!, continuation);

    /// <summary>
    /// The waiter whose wait is over in the await that is being resumed; else null.
    /// </summary>
    public static Waiter? Resumed()
    {
        if (CoroutineScheduler.Current is not { } scheduler)
        {
            return null;
        }

        if (scheduler.RunningStep is { } step)
        {
            return step.WaiterSlot is Waiter { State: not WaitState.Idle } waiter ? waiter : null;
        }

        Waiter? continuing = t_continuing;
        t_continuing = null;
        return continuing;
    }

    /// <summary>Its turn has come: it runs in the next turn of the loop.</summary>
    public void Wake()
    {
        State = WaitState.Woken;
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
        State = WaitState.Idle;
        _step?.ThrowIfInterrupted();
    }

    /// <summary>A plain method that goes on: it asks for its waiter first.</summary>
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
