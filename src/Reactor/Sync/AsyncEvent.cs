using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A flag that tasks wait for (asyncio: <c>Event</c>). Setting it wakes all waiters, also if it is
/// reset before they run.
/// </summary>
/// <remarks>Loop thread only. Bound to a loop at the first wait that blocks.</remarks>
public sealed class AsyncEvent
{
    /// <summary>Makes one. Any thread.</summary>
    /// <param name="isSet">Whether it is set at first.</param>
    public AsyncEvent(bool isSet = false)
    {
        Line = new WaitQueue(this);
        IsSet = isSet;
    }

    /// <summary>True while waits end at once (asyncio: <c>is_set</c>).</summary>
    public bool IsSet { get; private set; }

    internal WaitQueue Line { get; }

    /// <summary>Waits, when awaited, until the event is set (asyncio: <c>wait</c>).</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">No loop, or a different one, runs.</exception>
    public EventAwaitable WaitAsync() => new(this);

    /// <summary>Sets it: wakes all waiters, in order (asyncio: <c>set</c>).</summary>
    public void Set()
    {
        if (IsSet)
        {
            return;
        }

        Line.CheckThread();
        IsSet = true;
        Line.WakeAll(0);
    }

    /// <summary>Makes later waits block (asyncio: <c>clear</c>).</summary>
    public void Reset() => IsSet = false;

    /// <summary>Whether it is set, and the number of waiters.</summary>
    public override string ToString() =>
        $"<AsyncEvent {(IsSet ? "set" : "unset")} waiters={Line.Count}>";

    [StackTraceHidden]
    internal void EndWait()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            waiter.End();
        }
        else if (!IsSet)
        {
            throw Line.Misuse();
        }
    }
}

/// <summary>Waits for an event.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct EventAwaitable : ILoopAwaiter<EventAwaitable>
{
    private readonly AsyncEvent _event;

    internal EventAwaitable(AsyncEvent awaited) => _event = awaited;

    /// <summary>True if no wait is needed, or for misuse.</summary>
    public bool IsCompleted => _event.IsSet || !_event.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public EventAwaitable GetAwaiter() => this;

    /// <inheritdoc cref="AsyncEvent.WaitAsync"/>
    public void GetResult() => _event.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _event.Line.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _event.Line.Park(continuation);
}
