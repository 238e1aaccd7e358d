namespace Reactor.Recording;

/// <summary>
/// Keeps the last seconds of a loop's trace in memory: a thread of its own reads the events
/// periodically into a <see cref="TraceHistory"/>, and anything may ask for a copy at any time.
/// </summary>
/// <remarks>
/// Any thread, except <see cref="Follow"/>. The loop neither waits for the thread nor wakes it.
/// </remarks>
internal sealed class RecentTrace : IDisposable
{
    /// <summary>
    /// Between two looks: at 300,000 events a second a quarter of the default ring.
    /// </summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly TraceHistory _history;
    private readonly TraceInstrument _trace;
    private readonly TraceInfo _info;
    private readonly List<TraceEvent> _taken = [];
    private readonly Thread _thread;

    private RecentTrace(TraceInstrument trace, TraceInfo info, TraceHistory history)
    {
        _trace = trace;
        _info = info;
        _history = history;
        _thread = new Thread(Read) { IsBackground = true, Name = "reactor-trace" };
        _thread.UnsafeStart();
    }

    /// <summary>
    /// Begins to follow a loop. Loop thread only, or while the loop does not run.
    /// </summary>
    /// <param name="loop">The loop.</param>
    /// <param name="info">What a copy says of its origin.</param>
    /// <param name="span">Older events are forgotten.</param>
    /// <param name="bytesMax">The encoded events, at most.</param>
    /// <param name="options">Of the instrument; null: the defaults.</param>
    public static RecentTrace Follow(
        EventLoop loop, TraceInfo info, TimeSpan span, long bytesMax, TraceOptions? options = null)
    {
        var history = new TraceHistory(span, bytesMax);
        return new RecentTrace(TraceInstrument.Attach(loop, options), info, history);
    }

    /// <summary>
    /// The events of the window until now; the first state the loop at its begin.
    /// </summary>
    public LoopTrace Copy()
    {
        var events = new List<TraceEvent>();
        lock (_lock)
        {
            Take();
            _history.CopyTo(events);
        }

        return new LoopTrace(_info, _trace.Names, events);
    }

    /// <summary>Ends the thread; idempotent. Detach the instrument on the loop's thread.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread.Join();
    }

    /// <summary>Ends the observation. Loop thread only, or while the loop does not run.</summary>
    public void Detach() => _trace.Detach();

    private void Read()
    {
        while (!_end.Wait(s_lookEvery))
        {
            lock (_lock)
            {
                Take();
            }
        }
    }

    private void Take()
    {
        _taken.Clear();
        _trace.DrainTo(_taken);
        _history.Add(_taken);
    }
}
