namespace Reactor;

/// <summary>
/// How busy a loop is and how late. Any thread. The same figures, and more, are metrics of the
/// meter <c>Reactor</c> while the loop runs: <c>reactor.loop.utilization</c>, <c>.time</c>,
/// <c>.lag</c>, <c>.tasks</c> and <c>.turns</c>, with the loop's name as the tag
/// <c>reactor.loop.name</c>.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>How late its timers were lately.</summary>
    public LoopLag Lag => Meter.Lag.Read(Time.Ticks);

    /// <summary>
    /// How the loop has spent its time, up to now; for a while, take two and say
    /// <c>later.Since(earlier)</c> (Node: <c>performance.eventLoopUtilization()</c>).
    /// </summary>
    public EventLoopUtilization Utilization() => Meter.Utilization();
}
