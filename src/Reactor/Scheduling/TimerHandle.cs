namespace Reactor;

/// <summary>
/// A callback that runs at a moment of the loop's clock (asyncio: <c>TimerHandle</c>). Loop thread
/// only.
/// </summary>
public abstract class TimerHandle : LoopHandle
{
    private protected TimerHandle(
        CoroutineScheduler scheduler, TimeSpan when, LoopContext? context, string? file, int line)
        : base(scheduler, context, file, line) => When = when;

    /// <summary>The moment, on the loop's clock.</summary>
    public TimeSpan When { get; }

    private protected override string Kind => "TimerHandle";

    /// <inheritdoc/>
    public override void Cancel()
    {
        Scheduler.Disarm(this);
        base.Cancel();
    }
}

internal sealed class StateTimer<TState>(
    CoroutineScheduler scheduler, TimeSpan when, Action<TState> callback, TState state,
    LoopContext? context, string? file, int line)
    : TimerHandle(scheduler, when, context, file, line)
{
    private Action<TState>? _callback =
        callback ?? throw new ArgumentNullException(nameof(callback));

    private TState _state = state;

    private protected override void Invoke() => _callback?.Invoke(_state);

    private protected override void DropCallback()
    {
        _callback = null;
        _state = default!;
    }

    internal override Delegate? ShownCallback => Shown(_callback, _state);
}
