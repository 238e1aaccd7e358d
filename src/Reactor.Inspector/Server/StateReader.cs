using System.Globalization;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Makes the view of a state: names instead of numbers, bounded lists, tasks in groups. One thread,
/// for one view.
/// </summary>
/// <param name="state">The state; it is only read.</param>
/// <param name="names">The names of the trace.</param>
/// <param name="nowNs">The moment of the view, in ns of the trace.</param>
/// <param name="loopClockNs">The loop's clock less the trace's; null: unknown.</param>
/// <param name="endedName">The name of a task that has ended, for its last events; or 0.</param>
internal sealed class StateReader(
    TraceState state, TraceNames names, long nowNs, long? loopClockNs,
    Func<long, int> endedName)
{
    private const int WorksMax = 14;
    private const int TimersMax = 12;
    private const int MessagesMax = 5;
    private const int ObjectsMax = 8;

    /// <summary>The view; the caller adds mode, position and what only a live loop has.</summary>
    /// <param name="events">The last events.</param>
    /// <param name="firstIndex">The number of the first of them, from 1 on.</param>
    public StateView Read(ReadOnlySpan<TraceEvent> events, long firstIndex)
    {
        IReadOnlyList<TraceTimer> timers = state.Timers;
        TaskViews tasks = new(state.Tasks, names);
        var reader = new EventReader(
            names,
            id => state.TryGetTask(id, out TraceTask task) ? names[task.Name]
                : endedName(id) is > 0 and int name ? names[name] : null,
            id => timers.FirstOrDefault(one => one.Id == id) is { Id: > 0 } timer
                ? names[timer.Name] : null);
        return new StateView
        {
            Mode = "",
            Moment = new MomentView(0, 0, 0, 0),
            Turn = ReadTurn(),
            Ready = ReadQueue(),
            Timers = ReadTimers(timers),
            Tasks = tasks.Groups(),
            Objects = ReadObjects(),
            Tree = tasks.Tree(),
            Histograms =
            [
                HistogramViews.Of("queueWait", state.QueueWait, names),
                HistogramViews.Of("runTime", state.RunTime, names),
                HistogramViews.Of("lateness", state.TimerLateness, names),
                HistogramViews.Of("poll", state.Poll, names),
            ],
            Events = reader.Read(events, firstIndex),
            Counters = ReadCounters(),
        };
    }

    private TurnView ReadTurn()
    {
        string phase = state.Phase switch
        {
            TracePhase.Begin => "begin",
            TracePhase.Poll => "poll",
            TracePhase.Queue => "collect",
            TracePhase.Due => "due",
            TracePhase.Batch => "batch",
            _ => "none",
        };
        TraceWork? running = state.Running;
        long since = running?.Since ?? state.PhaseBegan;
        long done = state.BatchCount - state.BatchLeft - (running is null ? 0 : 1);
        return new TurnView(
            state.Turn, phase, Math.Max(0, nowNs - since), state.BatchCount, Math.Max(0, done),
            running is { } work ? Show(work) : null, PollShare: null);
    }

    private QueueView ReadQueue()
    {
        IReadOnlyList<TraceWork> ready = state.Ready;
        WorkView[] messages = [.. state.Messages.Take(MessagesMax).Select(
            one => new WorkView("message", one.Id, names[one.Kind], null))];
        return new QueueView(
            ready.Count, (int)state.BatchLeft, [.. ready.Take(WorksMax).Select(Show)],
            Math.Max(0, ready.Count - WorksMax), messages, state.MessageCount);
    }

    private TimersView ReadTimers(IReadOnlyList<TraceTimer> timers) => new(
        timers.Count,
        [.. timers.Take(TimersMax).Select(one => new TimerView(
            one.Id, "timer", names[one.Name], one.Due - nowNs - loopClockNs))],
        Math.Max(0, timers.Count - TimersMax));

    private ObjectsView[] ReadObjects() =>
        [.. state.Objects.GroupBy(one => one.Kind).Select(kind => new ObjectsView(
            names[kind.Key], kind.Count(),
            [.. kind.GroupBy(one => one.State)
                .Select(group => new StateCountView(
                    names[group.Key], group.Count(),
                    [.. group.Take(ObjectsMax).Select(one => one.Id)]))
                .OrderByDescending(one => one.Count)
                .ThenBy(one => one.State, StringComparer.Ordinal)]))];

    private CountersView ReadCounters()
    {
        TraceCounters counters = state.Counters;
        return new CountersView(
            counters.Turns, counters.Polls, counters.Callbacks, counters.Steps,
            counters.MessagesReceived, counters.Slow, counters.Dropped);
    }

    private WorkView Show(TraceWork work) => new(
        work.Id > 0 ? "task" : "callback", work.Id,
        work.Id > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{names[work.Name]} #{work.Id}")
            : names[work.Name],
        PlaceOf(work.Place, names));

    /// <summary>A line; null if unknown.</summary>
    public static string? PlaceOf(int place, TraceNames names) =>
        names[place] is { Length: > 0 } text ? text : null;
}
