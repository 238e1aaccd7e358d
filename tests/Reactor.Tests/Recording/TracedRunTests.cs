using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// What a loop's run looks like as events: the story of small programs, told by the instrument.
/// </summary>
public sealed class TracedRunTests : LoopFixture
{
    private readonly List<TraceEvent> _events = [];
    private TraceInstrument _trace = null!;
    private long _clock;

    [SetUp]
    public void Attach()
    {
        _events.Clear();
        _clock = 0;
        _trace = TraceInstrument.Attach(Loop, new TraceOptions { Clock = () => _clock });
    }

    [TearDown]
    public void DropTasks() => Assert.That(
        CloseAndTakeReports().Select(report => report.Message),
        Has.All.StartsWith("Task was destroyed but it is pending!"));

    [Test]
    public void A_task_that_sleeps_is_told_from_its_begin_to_its_end()
    {
        Loop.RunUntilComplete(Loop.CreateTask(Sleep(3), "t"));

        Assert.That(Told(), Is.EqualTo("""
            TaskSpawned 1 t
            TaskResumed 1
            TurnBegan 1
            PollBegan
            PollEnded
            BatchBegan =1
            StepBegan 1
            TimerArmed 1 =3000000000 t
            StepEnded 1
            TaskAwaits 1 EventLoop.Delay
            TurnBegan 2
            PollBegan =3000000000
            PollEnded
            TimerFired 1
            TaskResumed 1
            BatchBegan =1
            StepBegan 1
            CallbackQueued LoopRunner.Stop
            StepEnded 1
            TaskEnded 1 done
            TurnBegan 3
            PollBegan
            PollEnded
            BatchBegan =1
            CallbackBegan LoopRunner.Stop
            CallbackEnded
            """.Replace("LoopRunner.Stop", StopName())));
    }

    [Test]
    public void The_line_of_an_await_is_the_place_of_its_task()
    {
        LoopTask task = Loop.CreateTask(SleepAtALine(), "t");
        RunTurns(1);
        TraceState state = State();

        Assert.That(state.TryGetTask(1, out TraceTask waiting));
        Assert.That(_trace.Names[waiting.Place], Is.EqualTo($"TracedRunTests.cs:{_line}"));
        Assert.That(_trace.Names[waiting.WaitsFor], Is.EqualTo("EventLoop.Delay"));
        task.Cancel();
        RunTurns(2);
        Assert.That(Told(), Does.EndWith("""
            TimerCancelled 1
            TaskResumed 1
            TurnBegan 2
            PollBegan
            PollEnded
            BatchBegan =1
            StepBegan 1
            StepEnded 1
            TaskEnded 1 cancelled
            TurnBegan 3
            PollBegan
            PollEnded
            BatchBegan
            """));
    }

    [Test]
    public void A_callback_has_its_name_and_the_line_of_its_post()
    {
        Loop.CallSoon(Nothing);
        int line = TracedRunLine.Here() - 1;
        RunTurns(1);

        TraceEvent began = Events().Single(one => one.Kind == TraceEventKind.CallbackBegan);
        Assert.That(_trace.Names[began.Name], Is.EqualTo("TracedRunTests.Nothing"));
        Assert.That(_trace.Names[began.Place], Is.EqualTo($"TracedRunTests.cs:{line}"));
    }

    [Test]
    public void A_task_without_a_name_has_that_of_its_coroutine()
    {
        _ = Loop.CreateTask(Sleep(1));
        RunTurns(1);

        Assert.That(Told(), Does.StartWith("TaskSpawned 1 TracedRunTests.Sleep\n"));
    }

    [Test]
    public void The_state_at_the_begin_takes_a_quarter_of_the_ring_also_with_many_edges()
    {
        LoopTask[] awaited = [.. Enumerable.Range(0, 32).Select(_ => Loop.CreateTask(Sleep(9)))];
        for (int i = 0; i < 30; i++)
        {
            _ = Loop.CreateTask(AwaitAll(awaited));
        }

        RunTurns(1);
        var told = new List<TraceEvent>();
        TraceInstrument.Attach(Loop, new TraceOptions { EventsMax = 1024 }).DrainTo(told);
        const int OfOneTask = 1 + 1 + 32; // spawned, awaits, and an edge to each
        Assert.That(told, Has.Count.InRange(1024 / 4, (1024 / 4) + OfOneTask));
    }

    [Test]
    public void A_failed_task_says_how()
    {
        LoopTask task = Loop.CreateTask(Fail(), "t");
        RunTurns(1);
        Assert.That(task.Exception, Is.InstanceOf<FormatException>());

        Assert.That(Told(), Does.Contain("TaskEnded 1 failed: FormatException"));

        static async Coroutine Fail()
        {
            await Task.CompletedTask;
            throw new FormatException();
        }
    }

    [Test]
    public void A_wait_for_a_task_and_for_several_names_them()
    {
        LoopTask slow = Loop.CreateTask(Sleep(5), "slow");
        LoopTask other = Loop.CreateTask(Sleep(5), "other");
        _ = Loop.CreateTask(AwaitOne(), "one");
        _ = Loop.CreateTask(AwaitBoth(), "both");
        RunTurns(1);
        TraceState state = State();

        Assert.That(state.TryGetTask(3, out TraceTask one));
        Assert.That((one.Awaits, _trace.Names[one.WaitsFor]), Is.EqualTo((1L, "slow")));
        Assert.That(state.TryGetTask(4, out TraceTask both));
        Assert.That(both.Awaits, Is.EqualTo(1));
        Assert.That(both.AwaitsToo, Is.EqualTo(new long[] { 2 }));

        async Coroutine AwaitOne() => await slow;

        async Coroutine AwaitBoth() => await EventLoop.WhenAll(slow, other);
    }

    [Test]
    public void An_eager_task_that_waits_is_told_at_the_end_of_its_creators_step()
    {
        _ = Loop.CreateTask(Spawn(), "t");
        RunTurns(1);

        Assert.That(Told(), Does.Contain("""
            StepBegan 1
            TaskSpawned 2 =1 eager
            TimerArmed 1 =1000000000 eager
            StepEnded 1
            TaskAwaits 1 =2 eager
            TaskAwaits 2 EventLoop.Delay
            """));

        async Coroutine Spawn() => await Loop.CreateTask(Sleep(1), "eager", eager: true);
    }

    [Test]
    public void Messages_of_other_threads_are_told_before_their_receipt()
    {
        var thread = new Thread(() => Loop.CallSoonThreadSafe(Nothing));
        thread.Start();
        thread.Join();
        RunTurns(1);

        Assert.That(Told(), Is.EqualTo($"""
            MessagePosted 1 ={thread.ManagedThreadId} TracedRunTests.Nothing
            TurnBegan 1
            PollBegan
            PollEnded
            MessageReceived 1
            CallbackQueued TracedRunTests.Nothing
            BatchBegan =1
            CallbackBegan TracedRunTests.Nothing
            CallbackEnded
            """));
    }

    [TestCase(10_000_000, false)]
    [TestCase(10_000_001, true)]
    public void Work_is_slow_beyond_the_limit(long took, bool isSlow)
    {
        Loop.CallSoon(() => _clock += took);
        RunTurns(1);

        TraceEvent[] slow = [.. Events().Where(one => one.Kind == TraceEventKind.Slow)];
        Assert.That(slow.Select(one => one.Value), Is.EqualTo(isSlow ? new[] { took } : []));
    }

    [Test]
    public void A_slow_step_names_its_task_and_the_line_where_it_continued()
    {
        _ = Loop.CreateTask(BlockAfterALine(), "t");
        RunTurns(2);

        TraceEvent slow = Events().Single(one => one.Kind == TraceEventKind.Slow);
        Assert.That((slow.Id, slow.Value), Is.EqualTo((1L, 50_000_000L)));
        Assert.That(_trace.Names[slow.Name], Is.EqualTo("t"));
        Assert.That(_trace.Names[slow.Place], Is.EqualTo($"TracedRunTests.cs:{_line}"));
    }

    [Test]
    public void The_lateness_of_a_timer_is_on_the_clock_of_the_loop()
    {
        Loop.CallLater(S(1), Nothing);
        Driver.Advance(S(4));
        RunTurns(1);

        Assert.That(Told(), Does.Contain("TimerFired 1 =3000000000"));
    }

    [Test]
    public void A_trace_of_a_loop_that_has_begun_states_what_is_there()
    {
        _trace.Detach();
        LoopTask sleeper = Loop.CreateTask(Sleep(9), "sleeper");
        _ = Loop.CreateTask(Await(), "waiter");
        RunTurns(1);
        Loop.CallSoon(Nothing);
        Loop.CallLater(S(5), Nothing);
        _trace = TraceInstrument.Attach(Loop, new TraceOptions { Clock = () => _clock });
        _events.Clear();

        Assert.That(Told().Split('\n'), Is.EquivalentTo("""
            TaskSpawned 1 sleeper
            TaskAwaits 1 EventLoop.Delay
            TaskSpawned 2 waiter
            TaskAwaits 2 =1 sleeper
            CallbackQueued TracedRunTests.Nothing
            TimerArmed 1 =9000000000 sleeper
            TimerArmed 2 =5000000000 TracedRunTests.Nothing
            """.Split('\n')));

        async Coroutine Await() => await sleeper;
    }

    [Test]
    public void A_full_ring_drops_and_tells_how_many_and_states_the_loop_anew()
    {
        const long RestateEvery = 1_000;
        _trace.Detach();
        _trace = TraceInstrument.Attach(
            Loop, new TraceOptions
            {
                Clock = () => _clock,
                EventsMax = 64,
                RestateEvery = TimeSpan.FromTicks(RestateEvery / 100),
            });
        _ = Loop.CreateTask(Sleep(100), "sleeper");
        _events.Clear();
        int left = 40;
        Loop.CallSoon(Next);
        RunTurns(40); // 280 events: seven a turn
        int before = Events().Count;
        _clock = RestateEvery - 1;
        RunTurns(1);
        int early = Events().Count;
        _clock++;
        RunTurns(1);
        List<TraceEvent> after = Events();

        Assert.That(before, Is.EqualTo(64));
        Assert.That(early, Is.EqualTo(before), "the state was stated when the trace began");
        TraceEvent dropped = after[before];
        Assert.That(dropped.Kind, Is.EqualTo(TraceEventKind.Dropped));
        Assert.That(dropped.Value, Is.EqualTo(AllBefore() - before));
        Assert.That(TraceText.Of(after.Skip(before + 1), _trace.Names), Does.StartWith("""
            TaskSpawned 1 sleeper
            TaskAwaits 1 EventLoop.Delay
            """));
        Assert.That(State().TaskCount, Is.EqualTo(1));

        void Next()
        {
            if (--left > 0)
            {
                Loop.CallSoon(Next);
            }
        }

        // Spawn and ready; the first callback queued; in 40 turns four events of the turn, and
        // begin and end of a callback; 39 more queued; in the first turn begin, timer, end, wait;
        // the four of the early turn.
        static int AllBefore() => 2 + 1 + (40 * 6) + 39 + 4 + 4;
    }

    [Test]
    public void Messages_beyond_their_bound_are_dropped_and_counted()
    {
        _trace.Detach();
        _trace = TraceInstrument.Attach(
            Loop, new TraceOptions { Clock = () => _clock, MessagesMax = 2 });
        _events.Clear();
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                Loop.CallSoonThreadSafe(Nothing);
            }
        });
        thread.Start();
        thread.Join();

        List<TraceEvent> events = Events();
        Assert.That(events.Count(one => one.Kind == TraceEventKind.MessagePosted), Is.EqualTo(2));
        Assert.That((events[^1].Kind, events[^1].Id, events[^1].Value),
            Is.EqualTo((TraceEventKind.Dropped, 1L, 3L)));
        RunTurns(1);
    }

    private static void Nothing()
    {
    }

    private static async Coroutine Sleep(double seconds) => await EventLoop.Delay(S(seconds));

    private int _line;

    private async Coroutine SleepAtALine()
    {
        _line = TracedRunLine.Here() + 1;
        await EventLoop.Delay(S(1));
    }

    private async Coroutine BlockAfterALine()
    {
        _line = TracedRunLine.Here() + 1;
        await EventLoop.Yield();
        _clock += 50_000_000;
        await EventLoop.Delay(S(1));
    }

    private List<TraceEvent> Events()
    {
        _trace.DrainTo(_events);
        return _events;
    }

    private string Told() => TraceText.Of(Events(), _trace.Names);

    private TraceState State() =>
        Events().Aggregate(new TraceState(), (state, one) => TraceState.Reduce(state, one));

    /// <summary>The callback that ends RunUntilComplete, as the trace calls it.</summary>
    private static async Coroutine AwaitAll(LoopTask[] tasks) => await EventLoop.Wait(tasks);

    private string StopName() => _trace.Names[
        _events.Last(one => one.Kind == TraceEventKind.CallbackBegan).Name];
}

/// <summary>The line of a call.</summary>
internal static class TracedRunLine
{
    public static int Here([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;
}
