namespace Reactor.Recording;

/// <summary>
/// Writes the events of a recorded loop beside its entries, from the ring of an instrument, on the
/// writer's thread.
/// </summary>
/// <remarks>Made on the loop thread, before the first turn.</remarks>
internal sealed class RecordedEvents
{
    /// <summary>A full ring holds the events of some 60 ms at a million events a second.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(10);

    private readonly List<TraceEvent> _events = [];
    private readonly TraceInstrument _instrument;
    private readonly TraceFile _file;
    private readonly BlockWriter _writer;
    private bool _isFull;

    public RecordedEvents(EventLoop loop, BlockWriter writer, Func<long>? clock)
    {
        _writer = writer;
        _instrument = TraceInstrument.Attach(loop, new TraceOptions { Clock = clock });
        _file = new TraceFile(_instrument.Names);
        writer.CollectEvery(Collect, s_every);
    }

    private void Collect()
    {
        _events.Clear();
        _instrument.DrainTo(_events);
        if (!_isFull && _events.Count > 0)
        {
            _isFull = !_file.Write(
                [.. _events], (type, payload) => _writer.TryWrite(TraceFile.Block(type, payload)));
        }
    }
}
