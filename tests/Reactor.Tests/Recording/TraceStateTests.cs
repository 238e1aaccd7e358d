using Reactor.Recording;
using static Reactor.Recording.TraceEventKind;

namespace Reactor.Tests.Recording;

/// <summary>
/// The reducer against events written by hand: the state after each is derived from the meaning of
/// the events.
/// </summary>
public sealed class TraceStateTests
{
    private const int Alice = 11;
    private const int Bob = 12;
    private const int Tick = 13;
    private const int Line5 = 21;
    private const int Line9 = 22;

    private TraceState _state = new();

    [SetUp]
    public void Forget() => _state = new TraceState();

    [Test]
    public void An_empty_state_has_nothing()
    {
        Assert.That(_state.Turn, Is.Zero);
        Assert.That(_state.Phase, Is.EqualTo(TracePhase.Between));
        Assert.That(_state.Running, Is.Null);
        Assert.That(
            (_state.TaskCount, _state.TimerCount, _state.ObjectCount, _state.MessageCount,
                _state.ReadyCount),
            Is.EqualTo((0, 0, 0, 0, 0)));
    }

    [Test]
    public void A_turn_goes_through_its_phases_and_the_batch_ends_at_its_line()
    {
        Add(CallbackQueued, 5, name: Tick, place: Line5);
        Add(TurnBegan, 10, id: 1);
        Assert.That((_state.Turn, _state.Phase), Is.EqualTo((1L, TracePhase.Begin)));
        Add(PollBegan, 11, value: 0);
        Assert.That(_state.Phase, Is.EqualTo(TracePhase.Poll));
        Add(PollEnded, 12);
        Assert.That(_state.Phase, Is.EqualTo(TracePhase.Queue));
        Add(BatchBegan, 13, value: 1);
        Assert.That((_state.Phase, _state.BatchLeft), Is.EqualTo((TracePhase.Batch, 1L)));
        Add(CallbackBegan, 15, name: Tick, place: Line5);
        Assert.That(_state.Running, Is.EqualTo(new TraceWork(0, Tick, Line5, 15)));
        Add(CallbackQueued, 16, name: Tick, place: Line9);
        Assert.That(
            (_state.ReadyCount, _state.BatchLeft), Is.EqualTo((1, 0L)),
            "it is behind the line: it runs in the next turn");
        Add(CallbackEnded, 22);

        Assert.That(_state.Phase, Is.EqualTo(TracePhase.Between));
        Assert.That(_state.Running, Is.Null);
        Assert.That((_state.QueueWait.Count, _state.QueueWait.Max), Is.EqualTo((1L, 10L)));
        Assert.That((_state.RunTime.Count, _state.RunTime.Max), Is.EqualTo((1L, 7L)));
        Assert.That((_state.Poll.Count, _state.Poll.Max), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void A_turn_without_work_is_over_when_its_batch_begins()
    {
        Add(TurnBegan, 1, id: 1);
        Add(BatchBegan, 2, value: 0);

        Assert.That(_state.Phase, Is.EqualTo(TracePhase.Between));
    }

    [Test]
    public void A_task_is_made_runs_waits_and_ends()
    {
        Add(TaskSpawned, 1, id: 7, value: 3, name: Alice, place: Line5);
        Assert.That(Task(7).State, Is.EqualTo(TraceTaskState.New));
        Assert.That((Task(7).Parent, Task(7).Place), Is.EqualTo((3L, Line5)));
        Add(TaskResumed, 2, id: 7);
        Assert.That(Task(7).State, Is.EqualTo(TraceTaskState.Ready));
        Assert.That(_state.Ready, Is.EqualTo(new[] { new TraceWork(7, Alice, Line5, 2) }));
        Add(StepBegan, 6, id: 7);
        Assert.That((Task(7).State, Task(7).Steps), Is.EqualTo((TraceTaskState.Running, 1L)));
        Assert.That(_state.Running, Is.EqualTo(new TraceWork(7, Alice, Line5, 6)));
        Add(StepEnded, 9, id: 7);
        Add(OperationBegan, 9, id: 7, name: Tick);
        Add(TaskAwaits, 9, id: 7, name: Tick, place: Line9);
        Assert.That(
            (Task(7).State, Task(7).WaitsFor, Task(7).Place, Task(7).IsInOperation),
            Is.EqualTo((TraceTaskState.Waiting, Tick, Line9, true)));
        Add(OperationEnded, 20, id: 7);
        Add(TaskResumed, 20, id: 7);
        Assert.That((Task(7).WaitsFor, Task(7).IsInOperation), Is.EqualTo((0, false)));
        Add(StepBegan, 25, id: 7);
        Add(StepEnded, 26, id: 7);
        Assert.That(Task(7).RunTime, Is.EqualTo(3 + 1));
        Add(TaskEnded, 26, id: 7);

        Assert.That(_state.TaskCount, Is.Zero);
        Assert.That(
            (_state.Counters.TasksSpawned, _state.Counters.TasksEnded, _state.Counters.Steps,
                _state.Counters.Operations),
            Is.EqualTo((1L, 1L, 2L, 1L)));
        Assert.That(
            _state.QueueWait.Culprits[0],
            Is.EqualTo(new TraceCulprit(5, 25, 0, 7, Alice, Line9, Alice, Line5, 9)),
            "the longest work so far was its own first step");
    }

    [Test]
    public void A_task_that_yields_is_ready_again_behind_its_running_step()
    {
        Add(TaskSpawned, 1, id: 7, name: Alice);
        Add(TaskResumed, 1, id: 7);
        Add(StepBegan, 2, id: 7);
        Add(TaskResumed, 3, id: 7);
        Assert.That(Task(7).State, Is.EqualTo(TraceTaskState.Running));
        Assert.That(Task(7).IsQueued);
        Add(StepEnded, 4, id: 7);

        Assert.That(Task(7).State, Is.EqualTo(TraceTaskState.Ready));
    }

    [Test]
    public void A_wait_for_several_tasks_has_an_edge_to_each()
    {
        Add(TaskSpawned, 1, id: 7, name: Alice);
        Add(TaskAwaits, 1, id: 7, name: Tick, place: Line5);
        Add(TaskAwaits, 1, id: 7, value: 8, name: Tick, place: Line5);
        Add(TaskAwaits, 1, id: 7, value: 9, name: Tick, place: Line5);
        Add(TaskAwaits, 1, id: 7, value: 10, name: Tick, place: Line5);
        Assert.That(Task(7).Awaits, Is.EqualTo(8));
        Assert.That(Task(7).AwaitsToo, Is.EqualTo(new long[] { 9, 10 }));
        Add(TaskResumed, 2, id: 7);

        Assert.That(Task(7).Awaits, Is.Zero);
        Assert.That(Task(7).AwaitsToo, Is.Null);
    }

    [Test]
    public void Timers_are_armed_due_and_cancelled()
    {
        Add(TimerArmed, 1, id: 1, value: 500, name: Tick);
        Add(TimerArmed, 2, id: 2, value: 400, name: Bob);
        Add(TimerArmed, 3, id: 3, value: 400, name: Alice);
        Assert.That(
            _state.Timers.Select(timer => timer.Id), Is.EqualTo(new long[] { 2, 3, 1 }),
            "by moment, then by number");
        Add(TimerCancelled, 4, id: 3);
        Add(TimerFired, 450, id: 2, value: 50);

        Assert.That(_state.Timers, Is.EqualTo(new[] { new TraceTimer(1, 500, Tick, 1) }));
        Assert.That((_state.TimerLateness.Count, _state.TimerLateness.Max), Is.EqualTo((1L, 50L)));
        Assert.That(_state.TimerLateness.Culprits[0].Name, Is.EqualTo(Bob));
    }

    [Test]
    public void A_late_timer_names_the_longest_work_of_the_turn_before()
    {
        Add(TimerArmed, 0, id: 1, value: 100, name: Tick);
        Add(TurnBegan, 10, id: 1);
        Add(BatchBegan, 11, value: 2);
        Run(12, 20, Alice, Line5);
        Run(20, 900, Bob, Line9);
        Add(TurnBegan, 901, id: 2);
        Add(TimerFired, 902, id: 1, value: 802);

        TraceCulprit culprit = _state.TimerLateness.Culprits[0];
        Assert.That(
            (culprit.Value, culprit.Turn, culprit.Name, culprit.Cause, culprit.CausePlace),
            Is.EqualTo((802L, 2L, Tick, Bob, Line9)));
    }

    [Test]
    public void Objects_are_in_their_last_state_and_go_with_it()
    {
        const int Kind = 30;
        Add(StateChanged, 1, id: 4, name: Alice, place: Kind);
        Add(StateChanged, 2, id: 5, name: Alice, place: Kind);
        Add(StateChanged, 3, id: 4, name: Bob, place: Kind);
        Assert.That(_state.Objects, Is.EqualTo(new[]
        {
            new TraceObject(Kind, 4, Bob, 3), new TraceObject(Kind, 5, Alice, 2),
        }));
        Add(StateChanged, 4, id: 4, value: 1, name: Tick, place: Kind);

        Assert.That(_state.ObjectCount, Is.EqualTo(1));
    }

    [Test]
    public void Messages_are_under_way_from_the_post_to_the_receipt()
    {
        Add(MessagePosted, 1, id: 1, value: 44, name: Tick);
        Add(MessagePosted, 2, id: 2, value: 45, name: Bob);
        Add(MessageReceived, 3, id: 1);

        Assert.That(_state.Messages, Is.EqualTo(new[] { new TraceMessage(2, Bob, 45, 2) }));
    }

    [Test]
    public void Dropped_events_forget_what_may_be_stale_and_keep_counters()
    {
        Add(TaskSpawned, 1, id: 7, name: Alice);
        Add(TaskResumed, 1, id: 7);
        Add(StepBegan, 1, id: 7);
        Add(TimerArmed, 1, id: 1, value: 5);
        Add(MessagePosted, 1, id: 1);
        Add(StateChanged, 1, id: 1, name: 3, place: 4);
        Add(Dropped, 2, id: 1, value: 6);
        Assert.That(_state.TaskCount, Is.EqualTo(1), "only messages were dropped");
        Add(Dropped, 3, value: 100);

        Assert.That(
            (_state.TaskCount, _state.TimerCount, _state.ObjectCount, _state.MessageCount,
                _state.ReadyCount, _state.Running),
            Is.EqualTo((0, 0, 0, 0, 0, (TraceWork?)null)));
        Assert.That(_state.Counters.Dropped, Is.EqualTo(106));
        Assert.That(_state.Counters.Steps, Is.EqualTo(1));
    }

    [Test]
    public void A_restatement_after_dropped_events_counts_nothing_and_keeps_what_was_known()
    {
        Add(TaskSpawned, 1, id: 7, value: 3, name: Alice, place: Line5);
        Add(TaskResumed, 1, id: 7);
        Add(StepBegan, 2, id: 7);
        Add(StepEnded, 5, id: 7);
        Add(TimerArmed, 6, id: 1, value: 500, name: Tick);
        Add(Dropped, 100, value: 9);
        Add(TaskSpawned, 100, id: 7, name: Alice, place: Line5);
        Add(OperationBegan, 100, id: 7, name: Tick);
        Add(TaskAwaits, 100, id: 7, name: Tick, place: Line9);
        Add(TaskSpawned, 100, id: 8, name: Bob, place: Line5);
        Add(TaskResumed, 100, id: 8);
        Add(CallbackQueued, 100, name: Tick);
        Add(TimerArmed, 100, id: 1, value: 500, name: Tick);
        Add(TimerArmed, 100, id: 2, value: 600, name: Bob);

        Assert.That(
            (_state.Counters.TasksSpawned, _state.Counters.TimersArmed,
                _state.Counters.Operations),
            Is.EqualTo((1L, 1L, 0L)));
        Assert.That(
            (_state.TaskCount, _state.ReadyCount, _state.TimerCount), Is.EqualTo((2, 2, 2)));
        Assert.That(
            (Task(7).Parent, Task(7).Steps, Task(7).RunTime, Task(7).WaitsFor),
            Is.EqualTo((3L, 1L, 3L, Tick)));
        Assert.That(
            _state.Timers.Select(timer => timer.Armed), Is.EqualTo(new long[] { 6, 100 }));
    }

    [Test]
    public void What_the_turn_after_a_restatement_tells_is_new()
    {
        Add(TaskSpawned, 1, id: 7, name: Alice);
        Add(Dropped, 2, value: 9);
        Add(TurnBegan, 3, id: 5);
        Add(TaskSpawned, 4, id: 8, name: Bob);
        Add(OperationBegan, 4, id: 8, name: Tick);
        Add(TimerArmed, 4, id: 2, value: 600, name: Bob);

        Assert.That(
            (_state.Counters.TasksSpawned, _state.Counters.TimersArmed,
                _state.Counters.Operations),
            Is.EqualTo((2L, 1L, 1L)));
        Assert.That(_state.Tasks.Select(task => task.Id), Is.EqualTo(new long[] { 8 }));
    }

    [Test]
    public void A_restatement_that_is_dropped_too_keeps_what_was_known_before_the_first()
    {
        Add(TaskSpawned, 1, id: 7, value: 3, name: Alice);
        Add(Dropped, 2, value: 9);
        Add(TaskSpawned, 2, id: 8, name: Bob);
        Add(Dropped, 3, value: 1);
        Add(TaskSpawned, 3, id: 7, name: Alice);

        Assert.That(_state.Counters.TasksSpawned, Is.EqualTo(1));
        Assert.That(Task(7).Parent, Is.EqualTo(3));
    }

    [Test]
    public void A_trace_that_begins_in_the_middle_adds_what_it_first_hears_of()
    {
        Add(StepEnded, 1, id: 3);
        Add(CallbackEnded, 2);
        Add(TimerFired, 3, id: 9, value: 1);
        Add(MessageReceived, 4, id: 9);
        Add(TaskEnded, 5, id: 8);
        Add(StepBegan, 6, id: 4);

        Assert.That(_state.Tasks.Select(task => task.Id), Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(_state.QueueWait.Count, Is.Zero, "when it was queued is unknown");
    }

    [Test]
    public void A_copy_stays_as_it_is()
    {
        Add(TaskSpawned, 1, id: 7, name: Alice);
        Add(TimerArmed, 1, id: 1, value: 5);
        Add(CallbackQueued, 1, name: Tick);
        TraceState copy = _state.Clone();
        string before = TraceText.Of(copy);
        Assert.That(before, Is.EqualTo(TraceText.Of(_state)));
        Run(2, 3, Tick, Line5);
        Add(TaskEnded, 4, id: 7);
        Add(TimerCancelled, 4, id: 1);

        Assert.That(TraceText.Of(copy), Is.EqualTo(before));
    }

    private void Run(long from, long to, int name, int place)
    {
        Add(CallbackBegan, from, name: name, place: place);
        Add(CallbackEnded, to);
    }

    private TraceTask Task(long id)
    {
        Assert.That(_state.TryGetTask(id, out TraceTask task));
        return task;
    }

    private void Add(
        TraceEventKind kind, long time, long id = 0, long value = 0, int name = 0,
        int place = 0) =>
        _state = TraceState.Reduce(_state, new TraceEvent(kind, time, id, value, name, place));
}
