namespace Reactor.Diagnostics;

/// <summary>
/// How busy a loop is and how late. Members of <see cref="EventLoop"/>, declared in the room that
/// they belong to. Any thread.
/// </summary>
/// <remarks>
/// The same figures, and more, are metrics of the meter <c>Reactor</c> while the loop runs:
/// <c>reactor.loop.utilization</c>, <c>.time</c>, <c>.lag</c>, <c>.tasks</c> and <c>.turns</c>,
/// with the loop's name as the tag <c>reactor.loop.name</c>.
/// </remarks>
public static class LoopHealth
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// How the loop has spent its time, up to now; for a while, take two and say
        /// <c>later.Since(earlier)</c> (Node: <c>performance.eventLoopUtilization()</c>).
        /// </summary>
        public EventLoopUtilization Utilization() => loop.Meter.Utilization();

        /// <summary>How late its timers were lately.</summary>
        public LoopLag Lag => loop.Meter.Lag.Read(loop.Time.Ticks);
    }
}
