namespace Reactor;

/// <summary>
/// What the first step of an eager task interrupts: its creator's step or callback, which continues
/// without the context values that this step wrote, unless they share the context.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal readonly struct EagerStep
{
    private readonly CoroutineScheduler _scheduler;
    private readonly TaskStep? _outer;
    private readonly ExecutionContext _before;
    private readonly LoopContext? _both;

    private EagerStep(TaskStep step, LoopContext? both)
    {
        _scheduler = step.Scheduler;
        _outer = _scheduler.SwapTask(step);
        _before = LoopContext.CaptureValues();
        _both = both;
    }

    public static EagerStep Begin(TaskStep step, object context)
    {
        var outer = new EagerStep(step, context is LoopContext { IsEntered: true } it ? it : null);
        if (outer._both is { } both)
        {
            both.Values = outer._before;
        }

        LoopContext.Enter(context);
        return outer;
    }

    public void End()
    {
        LoopContext.Enter(_both?.Values ?? _before);
        _scheduler.SwapTask(_outer);
    }
}
