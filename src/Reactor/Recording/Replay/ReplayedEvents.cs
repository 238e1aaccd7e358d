namespace Reactor.Recording;

/// <summary>
/// Collects the events of a replayed loop, at the recorded times, so that a recording without
/// events can be drawn. It drops none: its reader is the thread that writes them. Loop thread only.
/// </summary>
internal sealed class ReplayedEvents
{
    private const long NanosecondsPerTick = 100;

    private readonly List<TraceEvent> _drained = [];
    private readonly TraceCollector _collector;
    private readonly TraceInstrument _instrument;

    /// <param name="loop">The loop, before its first turn.</param>
    /// <param name="ticks">The last recorded time.</param>
    /// <param name="part">The part that is kept, and its bound.</param>
    public ReplayedEvents(EventLoop loop, Func<long> ticks, TracePart part)
    {
        _collector = new TraceCollector(part);
        _instrument = TraceInstrument.Attach(loop, new TraceOptions
        {
            Clock = () => ticks() * NanosecondsPerTick,
            MessagesMax = int.MaxValue,
            Full = Drain,
        });
    }

    public LoopTrace ToTrace(RecordingHeader header)
    {
        Drain();
        return new LoopTrace(
            TraceFile.InfoOf(header), _instrument.Names, _collector.Finish());
    }

    private void Drain()
    {
        _instrument.DrainTo(_drained);
        _collector.Take(_drained);
    }
}
