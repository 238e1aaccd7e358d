using System.Globalization;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Turns events into keys of the strings table with the values of their placeholders. One thread.
/// </summary>
/// <param name="names">The names of the trace.</param>
/// <param name="taskName">The name of a task that has not ended; null if unknown.</param>
/// <param name="timerName">The work of an armed timer; null if unknown.</param>
internal sealed class EventReader(
    TraceNames names, Func<long, string?> taskName, Func<long, string?> timerName)
{
    /// <summary>What the outcome of a task that failed begins with.</summary>
    private const string Failed = "failed: ";

    private readonly Dictionary<long, string> _tasks = [];
    private readonly Dictionary<long, string> _timers = [];
    private readonly Dictionary<long, string> _messages = [];

    /// <summary>The events in order, each with its number, from 1 on.</summary>
    public EventView[] Read(ReadOnlySpan<TraceEvent> events, long firstIndex)
    {
        foreach (ref readonly TraceEvent one in events)
        {
            Learn(one);
        }

        var views = new EventView[events.Length];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = Read(events[i], firstIndex + i);
        }

        return views;
    }

    // What ended within the events is no longer in the state after them.
    private void Learn(in TraceEvent one)
    {
        Dictionary<long, string>? known = one.Kind switch
        {
            TraceEventKind.TaskSpawned => _tasks,
            TraceEventKind.TimerArmed => _timers,
            TraceEventKind.MessagePosted => _messages,
            _ => null,
        };
        if (known is not null)
        {
            known[one.Id] = names[one.Name];
        }
    }

    private EventView Read(in TraceEvent one, long index)
    {
        string key = KeyOf(one);
        var args = new Dictionary<string, string>();
        Dictionary<string, long>? durations = null;
        switch (one.Kind)
        {
            case TraceEventKind.TurnBegan:
                args["turn"] = Number(one.Id);
                break;
            case TraceEventKind.PollBegan or TraceEventKind.Slow or TraceEventKind.TimerFired
                or TraceEventKind.TimerArmed:
                durations = new() { ["value"] = one.Value };
                args["name"] = NameOf(one);
                args["place"] = names[one.Place];
                break;
            case TraceEventKind.StateChanged:
                args["kind"] = names[one.Place];
                args["id"] = Number(one.Id);
                args["state"] = names[one.Name];
                break;
            case TraceEventKind.TaskEnded:
                args["task"] = Task(one.Id);
                args["outcome"] = names[one.Name];
                if (names[one.Name].StartsWith(Failed, StringComparison.Ordinal))
                {
                    args["error"] = names[one.Name][Failed.Length..];
                }

                break;
            case TraceEventKind.TaskSpawned or TraceEventKind.TaskAwaits:
                args["task"] = Task(one.Id);
                args[one.Kind == TraceEventKind.TaskSpawned ? "parent" : "awaited"] =
                    one.Value == 0 ? "" : Task(one.Value);
                args["name"] = NameOf(one);
                args["place"] = names[one.Place];
                break;
            case TraceEventKind.BatchBegan or TraceEventKind.Dropped
                or TraceEventKind.MessagePosted:
                args["value"] = Number(one.Value);
                args["name"] = NameOf(one);
                break;
            default:
                args["task"] = Task(one.Id);
                args["name"] = NameOf(one);
                break;
        }

        return new EventView(index, one.Time, key, args, durations);
    }

    private string KeyOf(in TraceEvent one) => one.Kind switch
    {
        TraceEventKind.PollBegan => one.Value switch
        {
            < 0 => "pollBegan.forever",
            0 => "pollBegan.noWait",
            _ => "pollBegan.wait",
        },
        TraceEventKind.BatchBegan when one.Value == 0 => "batchBegan.empty",
        TraceEventKind.TaskSpawned when one.Value == 0 => "taskSpawned.root",
        TraceEventKind.TaskAwaits when one.Value != 0 => "taskAwaits.task",
        TraceEventKind.TaskAwaits when one.Place != 0 => "taskAwaits.place",
        TraceEventKind.TaskEnded => names[one.Name] switch
        {
            "done" => "taskEnded.done",
            "cancelled" => "taskEnded.cancelled",
            { } failed when failed.StartsWith(Failed, StringComparison.Ordinal) =>
                "taskEnded.failed",
            _ => "taskEnded",
        },
        TraceEventKind.Slow when one.Place != 0 => "slow.place",
        _ => JsonNameOf(one.Kind),
    };

    private static string JsonNameOf(TraceEventKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private string NameOf(in TraceEvent one) => one.Kind switch
    {
        TraceEventKind.TimerFired or TraceEventKind.TimerCancelled =>
            _timers.GetValueOrDefault(one.Id) ?? timerName(one.Id) ?? Number(one.Id),
        TraceEventKind.MessageReceived =>
            _messages.GetValueOrDefault(one.Id) ?? Number(one.Id),
        _ => names[one.Name],
    };

    private string Task(long id) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_tasks.GetValueOrDefault(id) ?? taskName(id) ?? "task"} #{id}");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
