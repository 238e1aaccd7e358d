using System.Runtime.CompilerServices;

namespace Reactor.Recording;

/// <summary>
/// Restatements of a state: after dropped events the trace states the loop anew, and a trace that
/// is cut begins with the state at the cut.
/// </summary>
/// <remarks>
/// A restatement is no news: it counts nothing, and what the state knew of a task or timer before
/// stays known. It ends where the next turn begins.
/// </remarks>
public sealed partial class TraceState
{
    // Before the drop; null: nothing is being restated. Read only, so that copies share them.
    private IdTable<TraceTask>? _tasksBefore;
    private IdTable<TraceTimer>? _timersBefore;

    private bool IsRestated => _tasksBefore is not null;

    /// <summary>
    /// Appends the events that lead an empty state to this one, except counters and histograms, all
    /// at its time: a trace that is cut here can begin with them.
    /// </summary>
    public void Restate(ICollection<TraceEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (TraceTask task in Tasks)
        {
            events.Add(new(
                TraceEventKind.TaskSpawned, Time, task.Id, task.Parent, task.Name, task.Place));
            if (task.IsInOperation)
            {
                events.Add(new(
                    TraceEventKind.OperationBegan, Time, task.Id, 0, task.WaitsFor));
            }

            if (task.IsTold)
            {
                events.Add(new(
                    TraceEventKind.TaskAwaits, Time, task.Id, task.Awaits, task.WaitsFor,
                    task.Place));
                foreach (long awaited in task.AwaitsToo ?? [])
                {
                    events.Add(new(
                        TraceEventKind.TaskAwaits, Time, task.Id, awaited, task.WaitsFor,
                        task.Place));
                }
            }
        }

        foreach (TraceWork work in Ready)
        {
            events.Add(work.Id > 0
                ? new(TraceEventKind.TaskResumed, Time, work.Id)
                : new(TraceEventKind.CallbackQueued, Time, 0, 0, work.Name, work.Place));
        }

        foreach (TraceTimer timer in Timers)
        {
            events.Add(new(TraceEventKind.TimerArmed, Time, timer.Id, timer.Due, timer.Name));
        }

        foreach (TraceObject known in Objects)
        {
            events.Add(new(
                TraceEventKind.StateChanged, Time, known.Id, 0, known.State, known.Kind));
        }

        foreach (TraceMessage message in Messages)
        {
            events.Add(new(
                TraceEventKind.MessagePosted, Time, message.Id, message.Thread, message.Kind));
        }
    }

    /// <summary>What follows states everything anew.</summary>
    private void Forget()
    {
        // A restatement may itself be dropped: then the older tables know more.
        _tasksBefore ??= _tasks;
        _timersBefore ??= _timers;
        _tasks = new IdTable<TraceTask>();
        _timers = new IdTable<TraceTimer>();
        _objects.Clear();
        _messages.Clear();
        _ready.Clear();
        Running = null;
        BatchCount = 0;
        BatchLeft = 0;
        Enter(TracePhase.Between);
    }

    private void EndRestatement() => (_tasksBefore, _timersBefore) = (null, null);

    /// <summary>What a restatement of a task does not tell.</summary>
    private void Remember(ref TraceTask task)
    {
        if (_tasksBefore is { } before)
        {
            ref TraceTask known = ref before.Find(task.Id);
            if (!Unsafe.IsNullRef(ref known))
            {
                (task.Parent, task.Steps, task.RunTime) =
                    (known.Parent, known.Steps, known.RunTime);
            }
        }
    }

    private void Arm(in TraceEvent happened)
    {
        long armed = Time;
        if (_timersBefore is { } before)
        {
            ref TraceTimer known = ref before.Find(happened.Id);
            armed = Unsafe.IsNullRef(ref known) ? Time : known.Armed;
        }

        _timers.FindOrAdd(happened.Id, out _) = new TraceTimer(
            happened.Id, happened.Value, happened.Name, armed);
    }
}
