using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes the objects that told their states, such as connections: a span for the life of each,
/// with a span for each state in it. One thread at a time.
/// </summary>
internal sealed class ObjectSpans(
    ChromeWriter writer, int process, SpanNumbers numbers, TraceNames names)
{
    private readonly Dictionary<string, AsyncSpans> _kinds = [];

    public void Write(in TraceEvent e)
    {
        if (e.Kind != TraceEventKind.StateChanged)
        {
            return;
        }

        string kind = names[e.Place] is { Length: > 0 } given ? given : "object";
        if (!_kinds.TryGetValue(kind, out AsyncSpans? spans))
        {
            spans = new AsyncSpans(writer, kind, process, numbers);
            _kinds.Add(kind, spans);
        }

        if (e.Value == 1)
        {
            spans.End(e.Id, e.Time);
            return;
        }

        if (!spans.IsOpen(e.Id))
        {
            spans.Begin(e.Id, $"{kind} {e.Id}", e.Time);
        }

        spans.EndInner(e.Id, e.Time);
        spans.Begin(e.Id, names[e.Name], e.Time);
    }

    public void EndAll(long time)
    {
        foreach (AsyncSpans spans in _kinds.Values)
        {
            spans.EndAll(time);
        }
    }
}
