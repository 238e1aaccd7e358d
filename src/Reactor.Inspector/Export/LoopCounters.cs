using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes counters: the works that are ready when a batch begins, the tasks, timers and messages,
/// and the objects by state. Only what has changed is written. One thread at a time.
/// </summary>
internal sealed class LoopCounters(ChromeWriter writer, int process, TraceNames names)
{
    private readonly Dictionary<string, double> _written = [];
    private readonly Dictionary<int, SortedDictionary<string, double>> _objects = [];
    private readonly Dictionary<(int Kind, long Id), int> _states = [];
    private readonly HashSet<int> _changed = [];
    private TraceState _state = new();

    /// <summary>Adds an event; the begin of a batch writes the counters.</summary>
    public void Add(in TraceEvent e)
    {
        _state = TraceState.Reduce(_state, e);
        if (e.Kind == TraceEventKind.StateChanged)
        {
            Move(e);
        }
        else if (e.Kind == TraceEventKind.Dropped && e.Id == 0)
        {
            Forget();
        }
        else if (e.Kind == TraceEventKind.BatchBegan)
        {
            Write("ready", _state.ReadyCount, e.Time);
            Write("tasks", _state.TaskCount, e.Time);
            Write("timers", _state.TimerCount, e.Time);
            Write("messages under way", _state.MessageCount, e.Time);
            WriteObjects(e.Time);
        }
    }

    private void Move(in TraceEvent e)
    {
        if (!_objects.TryGetValue(e.Place, out SortedDictionary<string, double>? counts))
        {
            counts = new SortedDictionary<string, double>(StringComparer.Ordinal);
            _objects.Add(e.Place, counts);
        }

        if (_states.Remove((e.Place, e.Id), out int before))
        {
            counts[names[before]]--;
        }

        if (e.Value != 1)
        {
            string state = names[e.Name];
            counts[state] = counts.GetValueOrDefault(state) + 1;
            _states.Add((e.Place, e.Id), e.Name);
        }

        _changed.Add(e.Place);
    }

    private void Forget()
    {
        _states.Clear();
        foreach ((int kind, SortedDictionary<string, double> counts) in _objects)
        {
            foreach (string state in counts.Keys.ToArray())
            {
                counts[state] = 0;
            }

            _changed.Add(kind);
        }
    }

    private void Write(string name, double value, long time)
    {
        if (!_written.TryGetValue(name, out double before) || before != value)
        {
            _written[name] = value;
            writer.Counter(name, "loop", process, 1, time, [("count", value)]);
        }
    }

    private void WriteObjects(long time)
    {
        foreach (int kind in _changed.Order())
        {
            writer.Counter(
                $"{names[kind]}s by state", "loop", process, 1, time,
                [.. _objects[kind].Select(pair => (pair.Key, pair.Value))]);
        }

        _changed.Clear();
    }
}
