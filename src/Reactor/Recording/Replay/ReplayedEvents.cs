namespace Reactor.Recording;

/// <summary>
/// Collects the events of a replayed loop, at the recorded times, so that a recording without
/// events can be drawn. It drops none: its reader is the thread that writes them. Loop thread only.
/// </summary>
internal sealed class ReplayedEvents
{
    private const long NanosecondsPerTick = 100;

    private readonly List<TraceEvent> _events = [];
    private readonly TraceInstrument _instrument;

    /// <param name="loop">The loop, before its first turn.</param>
    /// <param name="ticks">The last recorded time.</param>
    public ReplayedEvents(EventLoop loop, Func<long> ticks) => _instrument =
        TraceInstrument.Attach(loop, new TraceOptions
        {
            Clock = () => ticks() * NanosecondsPerTick,
            MessagesMax = int.MaxValue,
            Full = () => _instrument!.DrainTo(_events),
        });

    public LoopTrace ToTrace(RecordingHeader header)
    {
        _instrument.DrainTo(_events);
        return new LoopTrace(TraceFile.InfoOf(header), _instrument.Names, _events);
    }
}
