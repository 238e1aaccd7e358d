using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes the events of a loop as one process: a thread with nested slices, spans of tasks and
/// objects, flows and counters. One thread at a time.
/// </summary>
internal sealed class LoopEvents
{
    private const long LoopThread = 1;

    private readonly ChromeWriter _writer;
    private readonly int _process;
    private readonly LoopTrace _trace;
    private readonly long _origin;
    private readonly SliceStack _slices;
    private readonly TaskSpans _tasks;
    private readonly ObjectSpans _objects;
    private readonly MessageFlows _messages;
    private readonly LoopCounters _counters;

    /// <summary>Prepares the events of a trace.</summary>
    /// <param name="writer">Gets the events.</param>
    /// <param name="process">The number of the process.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="origin">The begin of the trace in the file, in ns.</param>
    public LoopEvents(ChromeWriter writer, int process, LoopTrace trace, long origin)
    {
        (_writer, _process, _trace, _origin) = (writer, process, trace, origin);
        var numbers = new SpanNumbers();
        _slices = new SliceStack(writer, process, LoopThread);
        _tasks = new TaskSpans(writer, process, numbers, trace.Names, _slices);
        _objects = new ObjectSpans(writer, process, numbers, trace.Names);
        _messages = new MessageFlows(writer, process, numbers, trace.Names, _slices);
        _counters = new LoopCounters(writer, process, trace.Names);
    }

    public void Write()
    {
        _writer.Name(
            "process_name", _process, LoopThread,
            _trace.Info.Program.Length > 0 ? _trace.Info.Program : "loop");
        _writer.Name("thread_name", _process, LoopThread, $"the loop ({_trace.Info.Driver})");
        long last = 0;
        foreach (TraceEvent e in _trace.Events)
        {
            last = e.Time;
            Write(e with { Time = e.Time + _origin });
        }

        last += _origin;
        _slices.EndAll(last);
        _tasks.EndAll(last);
        _objects.EndAll(last);
        _messages.EndAll();
    }

    private void Write(in TraceEvent e)
    {
        switch (e.Kind)
        {
            case TraceEventKind.TurnBegan:
                Slice(SliceLevel.Turn, "turn", "turn", e.Time, ("turn", e.Id));
                break;
            case TraceEventKind.PollBegan:
                Slice(SliceLevel.Phase, "poll", "poll", e.Time, ("timeout_ns", e.Value));
                break;
            case TraceEventKind.PollEnded:
                _slices.End(SliceLevel.Phase, e.Time);
                break;
            case TraceEventKind.BatchBegan:
                Slice(SliceLevel.Phase, "batch", "batch", e.Time, ("works", e.Value));
                break;
            case TraceEventKind.CallbackBegan:
                Slice(SliceLevel.Work, NameOr(e.Name, "callback"), "callback", e.Time);
                break;
            case TraceEventKind.CallbackEnded:
                _slices.End(SliceLevel.Work, e.Time);
                break;
            case TraceEventKind.Slow:
                Instant($"slow: {NameOr(e.Name, "work")}", e, ("ns", e.Value));
                break;
            case TraceEventKind.Dropped:
                Drop(e);
                break;
            default:
                _tasks.Write(e);
                _objects.Write(e);
                _messages.Write(e);
                break;
        }

        _counters.Add(e);
    }

    private void Slice(
        SliceLevel level, string name, string category, long time,
        params ReadOnlySpan<(string Name, long Value)> args)
    {
        _slices.Begin(level, name, category, time);
        if (!args.IsEmpty)
        {
            _writer.Arguments(args);
        }

        _writer.End();
    }

    private void Instant(string name, in TraceEvent e, (string Name, long Value) arg)
    {
        _writer.Begin("i", name, "loop", _process, LoopThread, _slices.Advance(e.Time));
        _writer.Word("s", "t");
        _writer.Arguments([arg], _trace.Names[e.Place] is { Length: > 0 } place ? place : null);
        _writer.End();
    }

    // Ends of open slices and spans may be among what was lost; what lives is stated anew.
    private void Drop(in TraceEvent e)
    {
        _slices.EndAll(e.Time);
        Instant("dropped events", e, ("count", e.Value));
        if (e.Id == 0)
        {
            _tasks.EndAll(e.Time);
            _objects.EndAll(e.Time);
        }
    }

    private string NameOr(int name, string other) =>
        _trace.Names[name] is { Length: > 0 } text ? text : other;
}
