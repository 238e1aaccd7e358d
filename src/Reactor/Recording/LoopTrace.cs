namespace Reactor.Recording;

/// <summary>
/// The events of a run with their texts, and the state of the loop at any of them. Copies of the
/// state on the way make a jump in a trace of a million events cheap. The events and texts: any
/// thread; <see cref="StateAt"/>: one thread at a time.
/// </summary>
public sealed class LoopTrace
{
    private const int CheckpointsMax = 64;
    private const int SpacingMin = 4_096;

    private readonly TraceEvent[] _events;
    private readonly SortedList<int, TraceState> _checkpoints = [];

    /// <summary>Makes a trace of events in the order in which they happened.</summary>
    public LoopTrace(TraceInfo info, TraceNames names, IEnumerable<TraceEvent> events)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(events);
        Info = info;
        Names = names;
        _events = [.. events];
        Spacing = Math.Max(SpacingMin, _events.Length / CheckpointsMax);
    }

    /// <summary>Where it comes from.</summary>
    public TraceInfo Info { get; }

    /// <summary>The texts of the events.</summary>
    public TraceNames Names { get; }

    /// <summary>The events, in the order in which they happened.</summary>
    public ReadOnlySpan<TraceEvent> Events => _events;

    /// <summary>The number of events.</summary>
    public int Count => _events.Length;

    /// <summary>The time of the last event, in ns of the trace.</summary>
    public long Duration => Count == 0 ? 0 : _events[^1].Time;

    private int Spacing { get; }

    /// <summary>The state after so many events; a copy, which the caller may change.</summary>
    /// <param name="position">From 0, before the first event, to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer events.</exception>
    public TraceState StateAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Count);
        int wanted = position / Spacing;
        int known = wanted;
        while (known > 0 && !_checkpoints.ContainsKey(known))
        {
            known--;
        }

        TraceState state = known == 0 ? new TraceState() : _checkpoints[known].Clone();
        for (int at = known * Spacing; at < position; at++)
        {
            if (at % Spacing == 0 && at / Spacing > known)
            {
                _checkpoints[at / Spacing] = state.Clone();
            }

            state = TraceState.Reduce(state, _events[at]);
        }

        return state;
    }

    /// <summary>The position of the first event at a time or later; else the end.</summary>
    /// <param name="time">In ns of the trace.</param>
    public int PositionOf(long time)
    {
        int from = 0;
        int to = Count;
        while (from < to)
        {
            int middle = from + ((to - from) / 2);
            if (_events[middle].Time < time)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    /// <summary>The position of the begin of a turn, or of the first one after it.</summary>
    public int PositionOfTurn(long turn)
    {
        int at = Array.FindIndex(
            _events, one => one.Kind == TraceEventKind.TurnBegan && one.Id >= turn);
        return at < 0 ? Count : at;
    }
}
