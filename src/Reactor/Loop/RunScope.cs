namespace Reactor;

/// <summary>
/// What a run changes on its thread, and how it was before: the synchronization context, so that
/// foreign awaits come back to the loop, and the execution context, which each piece of work
/// replaces with its own.
/// </summary>
internal sealed class RunScope
{
    private readonly SynchronizationContext? _synchronizationContext =
        SynchronizationContext.Current;

    private readonly ExecutionContext _executionContext = LoopContext.CaptureValues();

    public RunScope(SynchronizationContext loop) =>
        SynchronizationContext.SetSynchronizationContext(loop);

    /// <summary>The managed id of the thread that runs the loop.</summary>
    public int ThreadId { get; } = Environment.CurrentManagedThreadId;

    /// <summary>True while a turn runs: a callback must not start another.</summary>
    public bool IsInTurn { get; set; }

    public void Restore()
    {
        LoopContext.Enter(_executionContext);
        SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
    }
}
