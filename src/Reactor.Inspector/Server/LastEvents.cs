using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>Keeps the newest events of a live loop, for the list of the page. One thread.</summary>
/// <param name="max">How many.</param>
internal sealed class LastEvents(int max)
{
    private readonly Queue<(long Task, int Name)> _ended = new();
    private TraceEvent[] _events = [];

    public int Count => _events.Length;

    public ReadOnlySpan<TraceEvent> Read() => _events;

    /// <summary>The name of a task that ended within these events; 0 if unknown.</summary>
    public int NameOf(long task) => _ended.LastOrDefault(one => one.Task == task).Name;

    /// <summary>Keeps the name of a task that is about to end.</summary>
    public void Learn(TraceState before, in TraceEvent next)
    {
        if (next.Kind == TraceEventKind.TaskEnded
            && before.TryGetTask(next.Id, out TraceTask task))
        {
            _ended.Enqueue((task.Id, task.Name));
            if (_ended.Count > max)
            {
                _ended.Dequeue();
            }
        }
    }

    public void Add(ReadOnlySpan<TraceEvent> events)
    {
        if (events.Length > 0)
        {
            ReadOnlySpan<TraceEvent> newest = events[^Math.Min(events.Length, max)..];
            int kept = Math.Min(_events.Length, max - newest.Length);
            _events = [.. _events.AsSpan(_events.Length - kept), .. newest];
        }
    }
}
