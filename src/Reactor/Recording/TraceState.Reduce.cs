using System.Runtime.CompilerServices;

namespace Reactor.Recording;

/// <summary>The reducer: what each kind of event changes in the state of a loop.</summary>
public sealed partial class TraceState
{
    /// <summary>Moves a state by one event; changes and returns it.</summary>
    public static TraceState Reduce(TraceState state, in TraceEvent happened)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Time = happened.Time;
        state._counters.Events++;
        if (happened.Kind <= TraceEventKind.CallbackEnded
            || happened.Kind is TraceEventKind.CallbackQueued)
        {
            state.ReduceTurn(happened);
        }
        else if (happened.Kind is >= TraceEventKind.TaskSpawned and <= TraceEventKind.TaskEnded
            or TraceEventKind.OperationBegan or TraceEventKind.OperationEnded)
        {
            state.ReduceTask(happened);
        }
        else
        {
            state.ReduceOther(happened);
        }

        return state;
    }

    private void ReduceTurn(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case TraceEventKind.TurnBegan:
                EndRestatement();
                _counters.Turns++;
                Turn = happened.Id;
                TurnBegan = Time;
                Running = null;
                BatchCount = 0;
                BatchLeft = 0;
                (_longestBefore, _longest) = (_longest, default);
                Enter(TracePhase.Begin);
                break;
            case TraceEventKind.PollBegan:
                _counters.Polls++;
                PollTimeout = happened.Value;
                _pollWake = default;
                Enter(TracePhase.Poll);
                break;
            case TraceEventKind.PollEnded:
                Note(Poll, Time - PhaseBegan, _pollWake, default);
                Enter(TracePhase.Queue);
                break;
            case TraceEventKind.BatchBegan:
                BatchCount = happened.Value;
                BatchLeft = happened.Value;
                Enter(BatchLeft > 0 ? TracePhase.Batch : TracePhase.Between);
                break;
            case TraceEventKind.CallbackQueued:
                Queue(new TraceWork(0, happened.Name, happened.Place, Time));
                break;
            case TraceEventKind.CallbackBegan:
                _counters.Callbacks++;
                BeginWork(0, happened.Name, happened.Place);
                break;
            case TraceEventKind.CallbackEnded:
                EndWork();
                break;
        }
    }

    private void ReduceTask(in TraceEvent happened)
    {
        if (happened.Kind == TraceEventKind.TaskEnded)
        {
            _counters.TasksEnded++;
            _tasks.Remove(happened.Id);
            return;
        }

        if (happened.Id <= 0)
        {
            return; // a damaged file
        }

        ref TraceTask task = ref _tasks.FindOrAdd(happened.Id, out bool isNew);
        if (isNew)
        {
            task.Id = happened.Id;
            task.Since = Time;
        }

        switch (happened.Kind)
        {
            case TraceEventKind.TaskSpawned:
                _counters.TasksSpawned += IsRestated ? 0 : 1;
                task.Parent = happened.Value;
                task.Name = happened.Name;
                task.Place = happened.Place;
                Remember(ref task);
                break;
            case TraceEventKind.OperationBegan:
                _counters.Operations += IsRestated ? 0 : 1;
                task.IsInOperation = true;
                break;
            case TraceEventKind.OperationEnded:
                task.IsInOperation = false;
                break;
            case TraceEventKind.TaskAwaits:
                Await(ref task, happened);
                break;
            case TraceEventKind.TaskResumed:
                Resume(ref task);
                break;
            case TraceEventKind.StepBegan:
                _counters.Steps++;
                EndWait(ref task);
                task.IsQueued = false;
                Change(ref task, TraceTaskState.Running);
                task.Steps++;
                BeginWork(task.Id, task.Name, task.Place);
                break;
            case TraceEventKind.StepEnded:
                task.RunTime += EndWork();
                Change(ref task, task.IsQueued ? TraceTaskState.Ready : TraceTaskState.Waiting);
                break;
        }
    }

    private void ReduceOther(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case TraceEventKind.TimerArmed when happened.Id > 0:
                _counters.TimersArmed += IsRestated ? 0 : 1;
                Arm(happened);
                break;
            case TraceEventKind.TimerFired:
                _counters.TimersFired++;
                if (Phase is TracePhase.Begin or TracePhase.Queue)
                {
                    Enter(TracePhase.Due);
                }

                ref TraceTimer timer = ref _timers.Find(happened.Id);
                int name = Unsafe.IsNullRef(ref timer) ? 0 : timer.Name;
                _timers.Remove(happened.Id);
                Note(TimerLateness, happened.Value, new TraceWork(0, name, 0, 0), _longestBefore);
                break;
            case TraceEventKind.TimerCancelled:
                _counters.TimersCancelled++;
                _timers.Remove(happened.Id);
                break;
            case TraceEventKind.StateChanged when happened.Id > 0:
                ChangeObject(happened);
                break;
            case TraceEventKind.MessagePosted when happened.Id > 0:
                _counters.MessagesPosted++;
                _messages.FindOrAdd(happened.Id, out _) = new TraceMessage(
                    happened.Id, happened.Name, happened.Value, Time);
                break;
            case TraceEventKind.MessageReceived:
                _counters.MessagesReceived++;
                _messages.Remove(happened.Id);
                break;
            case TraceEventKind.Slow:
                _counters.Slow++;
                LastSlow = happened;
                break;
            case TraceEventKind.Dropped:
                _counters.Dropped += happened.Value;
                if (happened.Id == 0)
                {
                    Forget();
                }

                break;
        }
    }

    private void Enter(TracePhase phase)
    {
        Phase = phase;
        PhaseBegan = Time;
    }

    private void Queue(in TraceWork work)
    {
        _ready.Enqueue(work);
        if (Phase == TracePhase.Poll && _pollWake.Since == 0)
        {
            _pollWake = work;
        }
    }

    private void BeginWork(long id, int name, int place)
    {
        if (_ready.TryDequeue(id, out TraceWork queued))
        {
            TraceWork cause = _longest.Since >= _longestBefore.Since ? _longest : _longestBefore;
            Note(QueueWait, Time - queued.Since, new TraceWork(id, name, place, 0), cause);
        }

        BatchLeft = Math.Max(0, BatchLeft - 1);
        Running = new TraceWork(id, name, place, Time);
    }

    /// <summary>Returns how long the work ran.</summary>
    private long EndWork()
    {
        if (Running is not { } ran)
        {
            return 0;
        }

        Running = null;
        long took = Time - ran.Since;
        Note(RunTime, took, ran, default);
        if (took > _longest.Since)
        {
            _longest = ran with { Since = took };
        }

        if (BatchLeft == 0 && Phase == TracePhase.Batch)
        {
            Enter(TracePhase.Between);
        }

        return took;
    }

    private void Note(TraceHistogram histogram, long value, in TraceWork what, in TraceWork cause)
    {
        histogram.Add(value);
        if (histogram.IsBad(value))
        {
            histogram.AddCulprit(new TraceCulprit(
                value, Time, Turn, what.Id, what.Name, what.Place, cause.Name, cause.Place,
                _counters.Events));
        }
    }

    private void Change(ref TraceTask task, TraceTaskState to)
    {
        task.State = to;
        task.Since = Time;
    }

    private void Await(ref TraceTask task, in TraceEvent happened)
    {
        if (task.IsTold)
        {
            // One more of several tasks.
            if (task.Awaits == 0)
            {
                task.Awaits = happened.Value;
            }
            else
            {
                task.AwaitsToo = [.. task.AwaitsToo ?? [], happened.Value];
            }

            return;
        }

        task.IsTold = true;
        task.WaitsFor = happened.Name;
        task.Place = happened.Place;
        task.Awaits = happened.Value;
        if (task.State is TraceTaskState.New)
        {
            Change(ref task, TraceTaskState.Waiting);
        }
    }

    private void Resume(ref TraceTask task)
    {
        EndWait(ref task);
        task.IsQueued = true;
        if (task.State != TraceTaskState.Running)
        {
            Change(ref task, TraceTaskState.Ready);
        }

        Queue(new TraceWork(task.Id, task.Name, task.Place, Time));
    }

    // The place stays: it is where the task continues.
    private static void EndWait(ref TraceTask task)
    {
        task.IsTold = false;
        task.IsInOperation = false;
        task.WaitsFor = 0;
        task.Awaits = 0;
        task.AwaitsToo = null;
    }

    private void ChangeObject(in TraceEvent happened)
    {
        long key = ((long)happened.Place << KindShift) ^ happened.Id;
        if (happened.Value == 1)
        {
            _objects.Remove(key);
        }
        else
        {
            _objects.FindOrAdd(key, out _) = new TraceObject(
                happened.Place, happened.Id, happened.Name, Time);
        }
    }
}
