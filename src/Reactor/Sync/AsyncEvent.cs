using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A flag that tasks wait for (asyncio: <c>Event</c>; <c>clear</c> is <see cref="Reset"/>). Setting
/// it wakes all who wait, and resetting it at once afterwards does not take that back.
/// </summary>
/// <remarks>
/// Loop thread only. Made without a loop; bound to one at the first wait that really blocks. To
/// wait for a set event touches no loop, does not suspend and allocates nothing.
/// </remarks>
public sealed class AsyncEvent
{
    private readonly WaitLine _line;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="isSet">How it begins.</param>
    public AsyncEvent(bool isSet = false)
    {
        _line = new WaitLine(this);
        IsSet = isSet;
    }

    /// <summary>True while nobody has to wait (asyncio: <c>is_set</c>).</summary>
    public bool IsSet { get; private set; }

    internal WaitLine Line => _line;

    /// <summary>Waits, when awaited, until the event is set (asyncio: <c>wait</c>).</summary>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public EventAwaitable WaitAsync() => new(this);

    /// <summary>Wakes all who wait, in the order they came; nobody waits from now on.</summary>
    public void Set()
    {
        if (IsSet)
        {
            return;
        }

        _line.CheckThread();
        IsSet = true;
        _line.WakeAll(0);
    }

    /// <summary>Lets those who come from now on wait (asyncio: <c>clear</c>).</summary>
    public void Reset() => IsSet = false;

    /// <summary>Whether it is set, and how many wait.</summary>
    public override string ToString() =>
        $"<AsyncEvent {(IsSet ? "set" : "unset")} waiters={_line.Count}>";

    /// <summary>The end of an await.</summary>
    [StackTraceHidden]
    internal void EndWait()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            waiter.End();
        }
        else if (!IsSet)
        {
            throw _line.Misuse();
        }
    }
}

/// <summary>Waits for an event when awaited; see <see cref="AsyncEvent.WaitAsync"/>.</summary>
[StackTraceHidden]
public readonly struct EventAwaitable : ILoopAwaiter<EventAwaitable>
{
    private readonly AsyncEvent _event;

    internal EventAwaitable(AsyncEvent awaited) => _event = awaited;

    /// <summary>
    /// True if it is set, so that the await does not suspend. Misuse says true as well.
    /// </summary>
    public bool IsCompleted => _event.IsSet || !_event.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public EventAwaitable GetAwaiter() => this;

    /// <summary>Returns once the event was set.</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The event is bound to a different loop, or no loop runs here.
    /// </exception>
    public void GetResult() => _event.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _event.Line.Park(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _event.Line.Park(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _event.Line.Park(continuation);
}
