using System.Diagnostics.CodeAnalysis;

namespace Reactor;

/// <summary>
/// Reports a plain async method, known by its continuation, that cannot continue because its loop
/// closed. Any thread; never throws.
/// </summary>
internal static class LostContinuation
{
    /// <summary>The state is usually the continuation.</summary>
    public static void Report(CoroutineScheduler scheduler, Delegate callback, object? state)
    {
        Delegate shown = state as Action ?? callback;
        object? machine = MachineOf(state) ?? MachineOf(shown.Target);
        string method = machine is null
            ? StateMachineName.Of(shown) : StateMachineName.Of(machine.GetType());
        string? place = machine is not null && scheduler.Debug ? PlaceOf(machine) : null;
        scheduler.Report(new LoopErrorContext
        {
            Message = $"{method} was not finished: the event loop closed before it could go on"
                + (place is null ? "" : $" after the await at {place}")
                + "; await it before the loop is closed.",
            CreatedAt = place,
        });
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075",
        Justification = "Without the field, the delegate is named instead.")]
    private static object? MachineOf(object? box) =>
        box?.GetType() is { IsGenericType: true } type
            && type.Name.EndsWith("AsyncStateMachineBox`1", StringComparison.Ordinal)
            ? type.GetField("StateMachine")?.GetValue(box) : null;

    [UnconditionalSuppressMessage(
        "Trimming", "IL2072",
        Justification = "Without the field, the place is unknown.")]
    private static string? PlaceOf(object machine) =>
        SourcePlaces.Find(
            machine.GetType(), StateMachineState.Read(machine.GetType(), machine)) is { } at
            ? $"{Path.GetFileName(at.File)}:{at.Line}" : null;
}

/// <summary>The continuation of a plain async method that awaits the loop.</summary>
internal class ContinuationHandle : LoopHandle
{
    private Action? _continuation;

    public ContinuationHandle(CoroutineScheduler scheduler, Action continuation)
        : base(scheduler, null, null, 0)
    {
        _continuation = continuation;
        scheduler.ForeignWaits?.NotePlainWait(scheduler.RunningStep);
    }

    /// <inheritdoc/>
    internal override void OnLoopClosed()
    {
        if (_continuation is { } lost)
        {
            LostContinuation.Report(Scheduler, lost, null);
        }
    }

    private protected override void Invoke() => _continuation?.Invoke();

    private protected override void DropCallback() => _continuation = null;

    internal override Delegate? ShownCallback => _continuation;
}
