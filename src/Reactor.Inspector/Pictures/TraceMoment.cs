using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>Work of the ready queue, with its texts. Immutable; any thread.</summary>
internal sealed record ReadyWork(bool IsTask, string Name, string Detail);

/// <summary>
/// A moment of a trace that a picture shows: the state after so many events, and the words for it.
/// One thread at a time.
/// </summary>
internal sealed class TraceMoment
{
    private readonly TraceState _state;

    private TraceMoment(LoopTrace trace, int position)
    {
        _state = trace.StateAt(position);
        Words = position == 0
            ? "before the first event"
            : $"after event {PictureText.Number(position - 1)}, in turn "
                + $"{PictureText.Number(_state.Turn)} at {PictureText.Time(_state.Time)}";
    }

    /// <summary>Which moment it is.</summary>
    public string Words { get; }

    /// <summary>
    /// The chosen moment, else the first one with the longest queue, if possible on both sides of
    /// the line where the batch ends.
    /// </summary>
    /// <exception cref="ArgumentException">The trace has no such moment.</exception>
    public static TraceMoment WithLongestQueue(LoopTrace trace, PictureOptions options) =>
        Find(trace, options, (state, _) =>
            (state.Phase == TracePhase.Batch ? 1L << 40 : 0)
                + (state.BatchLeft > 0 && state.ReadyCount > state.BatchLeft ? 1L << 40 : 0)
                + state.ReadyCount);

    /// <summary>
    /// The chosen moment, else the first one with the most tasks that await others, or of those the
    /// one with the most tasks.
    /// </summary>
    /// <exception cref="ArgumentException">The trace has no such moment.</exception>
    public static TraceMoment WithMostAwaits(LoopTrace trace, PictureOptions options)
    {
        var awaiting = new HashSet<long>();
        return Find(trace, options, (state, e) =>
        {
            if (e.Kind == TraceEventKind.Dropped && e.Id == 0)
            {
                awaiting.Clear();
            }
            else if (e.Kind == TraceEventKind.TaskAwaits && e.Value != 0)
            {
                awaiting.Add(e.Id);
            }
            else if (e.Kind is TraceEventKind.TaskResumed or TraceEventKind.TaskEnded)
            {
                awaiting.Remove(e.Id);
            }

            return ((long)awaiting.Count << 32) + state.TaskCount;
        });
    }

    /// <summary>The work that runs, or null.</summary>
    public ReadyWork? Running(TraceNames names) => _state.Running is { } work
        ? Read(work, names, PictureText.Time(_state.Time - work.Since))
        : null;

    /// <summary>The works that still run in this turn.</summary>
    public IReadOnlyList<ReadyWork> Batch(TraceNames names) =>
        [.. Waiting(names).Take((int)_state.BatchLeft)];

    /// <summary>The works that run in the next turn.</summary>
    public IReadOnlyList<ReadyWork> NextBatch(TraceNames names) =>
        [.. Waiting(names).Skip((int)_state.BatchLeft)];

    /// <summary>The unfinished tasks.</summary>
    public IEnumerable<TreeTask> Tasks(TraceNames names)
    {
        foreach (TraceTask task in _state.Tasks)
        {
            PictureFill? fill = TaskLook.Of(task, names);
            string wait = names[task.WaitsFor];
            string what = task.State switch
            {
                TraceTaskState.Running => "runs",
                TraceTaskState.Ready => "ready",
                TraceTaskState.New => "not begun",
                _ => wait.Length > 0 ? $"awaits {wait}" : "waits",
            };
            IEnumerable<long> awaits = task.Awaits == 0 ? [] : [task.Awaits];
            yield return new TreeTask(
                task.Id, NameOf(task.Name, task.Id, names), fill ?? PictureFill.Other, what,
                names[task.Place], [.. awaits.Concat(task.AwaitsToo ?? [])]);
        }
    }

    private IEnumerable<ReadyWork> Waiting(TraceNames names) => _state.Ready.Select(
        work => Read(work, names, PictureText.Time(_state.Time - work.Since)));

    private static ReadyWork Read(TraceWork work, TraceNames names, string time) => new(
        work.Id > 0, NameOf(work.Name, work.Id, names),
        names[work.Place] is { Length: > 0 } place ? $"{time}, {place}" : time);

    private static string NameOf(int name, long task, TraceNames names) =>
        names[name] is { Length: > 0 } text ? text
        : task > 0 ? $"task {task}"
        : "callback";

    private static TraceMoment Find(
        LoopTrace trace, PictureOptions options, Func<TraceState, TraceEvent, long> measure)
    {
        if (TraceRange.MomentOf(trace.Events, options) is { } chosen)
        {
            return new TraceMoment(trace, chosen);
        }

        var state = new TraceState();
        (long most, int position) = (-1, 0);
        for (int i = 0; i < trace.Count; i++)
        {
            state = TraceState.Reduce(state, trace.Events[i]);
            long measured = measure(state, trace.Events[i]);
            (most, position) = measured > most ? (measured, i + 1) : (most, position);
        }

        return new TraceMoment(trace, position);
    }
}
