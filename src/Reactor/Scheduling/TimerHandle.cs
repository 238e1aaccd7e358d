namespace Reactor;

/// <summary>
/// A callback that waits for its time (asyncio: <c>TimerHandle</c>). It lies in this room, not in
/// Timing, because it is a <see cref="LoopHandle"/>; Timing knows only <see cref="TimerEntry"/>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public abstract class TimerHandle : LoopHandle
{
    private protected TimerHandle(
        CoroutineScheduler scheduler, TimeSpan when, LoopContext? context, string? file, int line)
        : base(scheduler, context, file, line) => When = when;

    /// <summary>
    /// When the callback is due, on the loop's clock (<see cref="CoroutineScheduler.Time"/>).
    /// </summary>
    public TimeSpan When { get; }

    /// <inheritdoc/>
    public override void Cancel()
    {
        Scheduler.Disarm(this);
        base.Cancel();
    }
}

/// <summary>The timer that <see cref="StateHandle{TState}"/> is the twin of.</summary>
internal sealed class StateTimer<TState>(
    CoroutineScheduler scheduler,
    TimeSpan when,
    Action<TState> callback,
    TState state,
    LoopContext? context,
    string? file,
    int line)
    : TimerHandle(scheduler, when, context, file, line)
{
    private Action<TState>? _callback = callback;
    private TState _state = state;

    private protected override void Invoke() => _callback?.Invoke(_state);

    private protected override void DropCallback()
    {
        _callback = null;
        _state = default!;
    }

    private protected override string DescribeCallback() => Describe(_callback, _state);
}
