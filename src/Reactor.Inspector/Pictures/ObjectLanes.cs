using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// The lanes of the objects that told their states in a range, or before it and still live then.
/// States get their looks in the order in which the trace names them. One thread at a time.
/// </summary>
internal sealed class ObjectLanes
{
    /// <summary>States with a look of their own; the later ones share one.</summary>
    public const int StatesMax = 8;

    private readonly Dictionary<(int Kind, long Id), Lane> _lanes = [];
    private readonly Dictionary<int, int> _states = []; // the name to its place in States
    /// <summary>The states, each with its look and the number of its name.</summary>
    public List<(PictureFill Fill, int Name)> States { get; } = [];

    /// <summary>Names of states that share the last look, if there are more than looks.</summary>
    public bool HasMoreStates => _states.Count > StatesMax;

    /// <summary>The lanes, in the order of the objects' numbers.</summary>
    public IReadOnlyList<Lane> Lanes { get; private set; } = [];

    /// <summary>Changes of state in the range.</summary>
    public int Changes { get; private set; }

    /// <summary>The lanes of all objects, or of those with a number.</summary>
    public static ObjectLanes Read(LoopTrace trace, TraceRange range, long? number)
    {
        var lanes = new ObjectLanes();
        foreach (TraceObject known in trace.StateAt(range.First).Objects.Where(
            known => (number ?? known.Id) == known.Id))
        {
            var lane = new Lane(known.Id);
            lanes._lanes.Add((known.Kind, known.Id), lane);
            lane.Change(lanes.FillOf(known.State), range.From, known.State);
        }

        foreach (ref readonly TraceEvent e in trace.Events[range.First..range.End])
        {
            if (e.Kind == TraceEventKind.StateChanged && (number ?? e.Id) == e.Id)
            {
                lanes.Add(e);
            }
        }

        foreach (Lane lane in lanes._lanes.Values)
        {
            lane.Change(null, range.To);
        }

        lanes.Lanes = [.. lanes._lanes.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        return lanes;
    }

    /// <summary>The number of objects in each state in the middle of each column.</summary>
    /// <returns>For each state the columns.</returns>
    public int[][] CountsAt(int columns, TimeAxis axis)
    {
        int[][] counts = [.. States.Select(_ => new int[columns])];
        double width = (axis.Right - axis.Left) / columns;
        foreach (LaneSpan span in Lanes.SelectMany(lane => lane.Spans))
        {
            int state = States.FindIndex(one => one.Fill == span.Fill);
            int first = Column(span.From);
            int end = Column(span.To);
            for (int column = first; column < end; column++)
            {
                counts[state][column]++;
            }
        }

        return counts;

        int Column(long time) => Math.Clamp(
            (int)Math.Ceiling(((axis.X(time) - axis.Left) / width) - 0.5), 0, columns);
    }

    /// <summary>The time that all objects together spent in states with a look.</summary>
    public long TimeIn(PictureFill fill) => Lanes.SelectMany(lane => lane.Spans)
        .Where(span => span.Fill == fill).Sum(span => span.To - span.From);

    private void Add(in TraceEvent e)
    {
        Changes++;
        bool isLast = e.Value == 1;
        if (!_lanes.TryGetValue((e.Place, e.Id), out Lane? lane))
        {
            lane = new Lane(e.Id) { Born = e.Time };
            _lanes.Add((e.Place, e.Id), lane);
        }

        lane.Change(isLast ? null : FillOf(e.Name), e.Time, isLast ? 0 : e.Name);
        lane.Ended = isLast ? e.Time : null;
        lane.Outcome = isLast ? e.Name : 0;
    }

    private PictureFill FillOf(int name)
    {
        if (!_states.TryGetValue(name, out int index))
        {
            index = _states.Count;
            _states.Add(name, index);
            if (index < StatesMax)
            {
                States.Add((PictureFill.State(index), name));
            }
        }

        return PictureFill.State(Math.Min(index, StatesMax - 1));
    }
}
