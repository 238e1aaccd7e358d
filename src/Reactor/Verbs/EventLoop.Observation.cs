namespace Reactor;

/// <summary>
/// The tasks, the load, the debug mode and the end of a loop. Any thread, unless a member says
/// otherwise. The meter <c>Reactor</c> publishes the load as <c>reactor.loop.utilization</c>,
/// <c>.time</c>, <c>.lag</c>, <c>.tasks</c> and <c>.turns</c>, tagged <c>reactor.loop.name</c>.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>
    /// A copy of the list of unfinished tasks (asyncio: <c>all_tasks</c>); on another thread, at
    /// least those unfinished during the whole call.
    /// </summary>
    public IReadOnlyList<ILoopTask> Tasks => _tasks.Snapshot();

    /// <summary>How late the loop's timers were recently.</summary>
    public LoopLag Lag() => _meter.ReadLag();

    /// <summary>
    /// How the loop has spent the time of its runs; for an interval, use
    /// <c>later.Since(earlier)</c>.
    /// </summary>
    public EventLoopUtilization Utilization() => _meter.Utilization();

    /// <summary>
    /// The number of turns begun. Nothing was polled between two moments with the same count.
    /// </summary>
    internal long TurnCount => _meter.Turns;

    /// <summary>
    /// The deadline of the program's end, on this loop's clock, or null: limits the waits at the
    /// end of <see cref="LoopRunner"/>, unless that end begins more than 5 s later. Loop thread
    /// only.
    /// </summary>
    public TimeSpan? EndBy { get; set; }

    /// <summary>
    /// Debug mode: objects record where they were made, and common mistakes are reported (asyncio:
    /// <c>set_debug</c>). Loop thread only while the loop runs.
    /// </summary>
    public override bool Debug
    {
        get => _debug.IsOn;
        set => _debug.IsOn = value;
    }

    /// <summary>
    /// In debug mode, work that takes this long is reported: afterwards by the loop's clock, and
    /// while it runs by the real clock (asyncio: <c>slow_callback_duration</c>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan SlowCallbackDuration
    {
        get => _debug.SlowCallbackDuration;
        set => _debug.SlowCallbackDuration = value;
    }
}
