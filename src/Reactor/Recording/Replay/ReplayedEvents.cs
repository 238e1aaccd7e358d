namespace Reactor.Recording;

/// <summary>
/// Collects the events of a replayed loop, at the recorded times, so that a recording without
/// events can be drawn. Loop thread only.
/// </summary>
internal sealed class ReplayedEvents
{
    private const long NanosecondsPerTick = 100;

    private readonly List<TraceEvent> _events = [];
    private readonly TraceInstrument _instrument;
    private int _turnsSince;

    /// <param name="loop">The loop, before its first turn.</param>
    /// <param name="ticks">The last recorded time.</param>
    public ReplayedEvents(EventLoop loop, Func<long> ticks) => _instrument =
        TraceInstrument.Attach(
            loop, new TraceOptions
            {
                Clock = () => ticks() * NanosecondsPerTick,
                RestateEvery = TimeSpan.Zero, // the recorded time may stand still
            });

    /// <summary>Called at each poll, so that the ring never gets full.</summary>
    public void Collect(bool isLast = false)
    {
        if (isLast || _turnsSince++ % 64 == 0)
        {
            _instrument.DrainTo(_events);
        }
    }

    public LoopTrace ToTrace(RecordingHeader header)
    {
        Collect(isLast: true);
        return new LoopTrace(TraceFile.InfoOf(header), _instrument.Names, _events);
    }
}
