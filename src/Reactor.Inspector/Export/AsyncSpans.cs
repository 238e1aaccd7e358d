namespace Reactor.Inspector;

/// <summary>
/// The open spans of one kind of object, such as tasks: each has a number that no other span of the
/// file has, and spans within it that end in the reverse order. One thread at a time.
/// </summary>
internal sealed class AsyncSpans(
    ChromeWriter writer, string category, int process, SpanNumbers next)
{
    // The outer span and those within it, innermost last.
    private readonly Dictionary<long, (long Number, List<string> Names)> _open = [];

    /// <summary>True if the object has a span.</summary>
    public bool IsOpen(long id) => _open.ContainsKey(id);

    /// <summary>Begins the span of an object, or a span within it.</summary>
    public void Begin(long id, string name, long time, Action<ChromeWriter>? args = null)
    {
        if (!_open.TryGetValue(id, out (long Number, List<string> Names) span))
        {
            span = (next.Next(), []);
            _open.Add(id, span);
        }

        span.Names.Add(name);
        Write("b", span.Number, name, time, args);
    }

    /// <summary>Ends all spans of an object; one without a span is ignored.</summary>
    public void End(long id, long time, Action<ChromeWriter>? args = null)
    {
        if (_open.Remove(id, out (long Number, List<string> Names) span))
        {
            EndFrom(span, 0, time, args);
        }
    }

    /// <summary>Ends the spans within that of an object.</summary>
    public void EndInner(long id, long time)
    {
        if (_open.TryGetValue(id, out (long Number, List<string> Names) span))
        {
            EndFrom(span, 1, time, null);
        }
    }

    /// <summary>Ends the spans of all objects, in the order of their numbers.</summary>
    public void EndAll(long time)
    {
        foreach (long id in _open.OrderBy(pair => pair.Value.Number).Select(pair => pair.Key))
        {
            EndFrom(_open[id], 0, time, null);
        }

        _open.Clear();
    }

    private void EndFrom(
        (long Number, List<string> Names) span, int first, long time, Action<ChromeWriter>? args)
    {
        for (int i = span.Names.Count - 1; i >= first; i--)
        {
            Write("e", span.Number, span.Names[i], time, i == 0 ? args : null);
            span.Names.RemoveAt(i);
        }
    }

    private void Write(
        string phase, long number, string name, long time, Action<ChromeWriter>? args)
    {
        writer.Begin(phase, name, category, process, 1, time);
        writer.Id(number);
        args?.Invoke(writer);
        writer.End();
    }
}

/// <summary>Gives numbers to spans and flows, each once in a file. One thread at a time.</summary>
internal sealed class SpanNumbers
{
    private long _last;

    public long Next() => ++_last;
}
