using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes tasks: a span for the life of each, with a span for each wait in it; a slice for each
/// step; and a flow from what woke the task to the step that it caused. One thread at a time.
/// </summary>
internal sealed class TaskSpans(
    ChromeWriter writer, int process, SpanNumbers numbers, TraceNames names, SliceStack slices)
{
    private readonly AsyncSpans _spans = new(writer, "task", process, numbers);
    private readonly Dictionary<long, int> _names = [];
    private readonly Dictionary<long, long> _wakes = []; // the flow of each woken task

    public void Write(in TraceEvent e)
    {
        switch (e.Kind)
        {
            case TraceEventKind.TaskSpawned:
                _names[e.Id] = e.Name;
                Open(e);
                break;
            case TraceEventKind.OperationBegan:
                Open(e);
                _spans.Begin(e.Id, $"I/O: {names[e.Name]}", e.Time);
                break;
            case TraceEventKind.TaskAwaits:
                Open(e);
                Await(e);
                break;
            case TraceEventKind.OperationEnded:
                _spans.EndInner(e.Id, e.Time);
                break;
            case TraceEventKind.TaskResumed:
                _spans.EndInner(e.Id, e.Time);
                Wake(e);
                break;
            case TraceEventKind.StepBegan:
                Open(e);
                _spans.EndInner(e.Id, e.Time);
                BeginStep(e);
                break;
            case TraceEventKind.StepEnded:
                slices.End(SliceLevel.Work, e.Time);
                break;
            case TraceEventKind.TaskEnded:
                End(e);
                break;
        }
    }

    public void EndAll(long time)
    {
        _spans.EndAll(time);
        _wakes.Clear();
    }

    // A task that the trace does not introduce lived before it.
    private void Open(in TraceEvent e)
    {
        if (!_spans.IsOpen(e.Id))
        {
            string name = NameOf(e.Id);
            (long id, long parent) = (e.Id, e.Kind == TraceEventKind.TaskSpawned ? e.Value : 0);
            _spans.Begin(
                e.Id, name, e.Time,
                to => to.Arguments(
                    parent == 0 ? [("task", id)] : [("task", id), ("parent", parent)]));
        }
    }

    private void Await(in TraceEvent e)
    {
        string what = e.Value != 0 ? NameOf(e.Value) : names[e.Name];
        string place = names[e.Place];
        long awaited = e.Value;
        _spans.Begin(
            e.Id, $"awaits {what}", e.Time,
            to => to.Arguments(
                awaited == 0 ? [] : [("task", awaited)], place.Length > 0 ? place : null));
    }

    private void Wake(in TraceEvent e)
    {
        if (slices.IsOpen && !_wakes.ContainsKey(e.Id))
        {
            long number = numbers.Next();
            _wakes.Add(e.Id, number);
            Flow(isEnd: false, number, e.Time);
        }
    }

    private void BeginStep(in TraceEvent e)
    {
        slices.Begin(SliceLevel.Work, NameOf(e.Id), "step", e.Time);
        writer.Arguments([("task", e.Id)]);
        writer.End();
        if (_wakes.Remove(e.Id, out long number))
        {
            Flow(isEnd: true, number, e.Time);
        }
    }

    private void End(in TraceEvent e)
    {
        string outcome = names[e.Name];
        _spans.End(e.Id, e.Time, to => to.Arguments([], outcome, "outcome"));
        _names.Remove(e.Id);
        _wakes.Remove(e.Id);
    }

    private void Flow(bool isEnd, long number, long time) => writer.Flow(
        isEnd, "wake", process, slices.Thread, slices.Advance(time), number);

    private string NameOf(long id) =>
        names[_names.GetValueOrDefault(id)] is { Length: > 0 } name ? name : $"task {id}";
}
