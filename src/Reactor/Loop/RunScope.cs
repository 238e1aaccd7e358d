namespace Reactor;

/// <summary>
/// One run of a loop: its thread, and the contexts of the thread that the run replaces. Metrics and
/// the watchdog see the loop while it runs.
/// </summary>
internal sealed class RunScope
{
    private readonly LoopMeter _meter;
    private readonly BlockWatch? _watch;
    private readonly SynchronizationContext? _synchronizationContext =
        SynchronizationContext.Current;

    private readonly ExecutionContext _executionContext = LoopContext.CaptureValues();

    public RunScope(SynchronizationContext loop, LoopMeter meter, BlockWatch? watch)
    {
        _meter = meter;
        _watch = watch;
        meter.BeginRun();
        LoopMetrics.Add(meter);
        if (watch is not null)
        {
            Watchdog.Add(watch);
        }

        SynchronizationContext.SetSynchronizationContext(loop);
    }

    public int ThreadId { get; } = Environment.CurrentManagedThreadId;

    public void End()
    {
        LoopContext.Enter(_executionContext);
        SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
        if (_watch is not null)
        {
            Watchdog.Remove(_watch);
            _watch.EndRun();
        }

        LoopMetrics.Remove(_meter);
        _meter.EndRun();
    }
}
