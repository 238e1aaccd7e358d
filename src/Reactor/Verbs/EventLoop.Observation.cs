namespace Reactor;

/// <summary>
/// The tasks, the load and the debug mode of a loop. Any thread, unless a member says otherwise.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>
    /// The unfinished tasks (asyncio: <c>all_tasks</c>); on another thread, at least those
    /// unfinished during the whole call.
    /// </summary>
    public IReadOnlyList<ILoopTask> AllTasks() => _tasks.Snapshot();

    /// <summary>How late the loop's timers were recently.</summary>
    public LoopLag Lag() => _meter.ReadLag();

    /// <summary>How the loop has spent the time of its runs.</summary>
    public EventLoopUtilization Utilization() => _meter.Utilization();

    /// <summary>The turns begun; with an equal count, nothing was polled in between.</summary>
    internal long TurnCount => _meter.Turns;

    /// <summary>
    /// A deadline on this loop's clock for the waits at the end of <see cref="LoopRunner"/>, unless
    /// that end begins more than 5 s later. Loop thread only.
    /// </summary>
    public TimeSpan? EndBy { get; set; }

    /// <summary>
    /// Debug mode: objects record where they were made, and mistakes are reported (asyncio:
    /// <c>set_debug</c>). Loop thread only while the loop runs.
    /// </summary>
    public override bool Debug
    {
        get => _debug.IsOn;
        set => _debug.IsOn = value;
    }

    /// <summary>
    /// Longer work is reported in debug mode, while it runs and afterwards, by the real clock
    /// (asyncio: <c>slow_callback_duration</c>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan SlowCallbackDuration
    {
        get => _debug.SlowCallbackDuration;
        set => _debug.SlowCallbackDuration = value;
    }

    /// <summary>The clock of debug mode and of the rate of error lines, for tests.</summary>
    internal Func<TimeSpan> ObserverClock
    {
        set
        {
            _debug.Clock = value;
            _errors.Clock = value;
        }
    }
}
