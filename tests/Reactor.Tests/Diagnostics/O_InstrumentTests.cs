using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Instruments: what a loop tells those who watch it, and what it bears of them.</summary>
public sealed class O_InstrumentTests : LoopFixture
{
    [Test]
    public void An_instrument_is_told_the_life_of_a_task_and_of_each_turn()
    {
        Loop.AddInstrument(new Teller(Tell));

        Loop.RunUntilComplete(Loop.CreateTask(Sleep(3), "t"));

        Assert.That(
            Story,
            Is.EqualTo(
                "spawned:t scheduled:t run " +
                "poll:0 polled:0 step:t stepped:t " +
                "poll:3 polled:3 scheduled:t step:t exited:t stepped:t " +
                "poll:0 polled:0 over"));
    }

    [Test]
    public void A_poll_without_an_end_has_no_timeout()
    {
        Loop.AddInstrument(new Teller(Tell));
        Driver.CompleteInNextPoll(Loop.Stop);

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("run poll:none polled:0 over"));
    }

    [Test]
    public void Steps_posted_from_other_threads_are_scheduled_too()
    {
        LoopTask task = Loop.CreateTask(Foreign(), "t");
        RunTurns(1);
        Loop.AddInstrument(new Teller(Tell));
        _foreign.SetResult();
        RunTurns(1);

        Assert.That(task.IsDone, Is.True);
        Assert.That(Story, Does.Contain("scheduled:t step:t exited:t stepped:t"));
    }

    [Test]
    public void An_eager_task_is_spawned_and_exits_inside_the_step_of_its_creator()
    {
        Loop.AddInstrument(new Teller(Tell) { IsQuietAboutPolls = true });

        Loop.RunUntilComplete(Loop.CreateTask(SpawnEagerly(), "t"));

        Assert.That(Story, Is.EqualTo(
            "spawned:t scheduled:t run step:t spawned:eager exited:eager exited:t stepped:t over"));

        async Coroutine SpawnEagerly() => await Loop.CreateTask(Nothing(), "eager", eager: true);

        static async Coroutine Nothing() => await Task.CompletedTask;
    }

    [Test]
    public void One_that_throws_is_removed_and_reported_and_the_others_and_the_loop_go_on()
    {
        var bad = new Thrower();
        Loop.AddInstrument(bad);
        Loop.AddInstrument(new Teller(Tell) { IsQuietAboutPolls = true });

        Loop.RunUntilComplete(Loop.CreateTask(Sleep(1), "t"));

        LoopErrorContext report = TakeReport();
        Assert.That(report.Exception, Is.InstanceOf<FormatException>());
        Assert.That(report.Message, Does.Contain(nameof(Thrower)));
        Assert.That(bad.Calls, Is.EqualTo(1));
        Assert.That(Loop.RemoveInstrument(bad), Is.False, "it is gone already");
        Assert.That(Loop.Instruments, Is.Not.Null);
        Assert.That(Story, Is.EqualTo(
            "spawned:t scheduled:t run step:t stepped:t " +
            "scheduled:t step:t exited:t stepped:t over"));
    }

    [Test]
    public void One_that_throws_an_abort_does_not_end_the_loop([Values] bool isAlone)
    {
        Loop.AddInstrument(new Thrower { Error = new LoopAbortException() });
        if (!isAlone)
        {
            Loop.AddInstrument(new Teller(Tell));
        }

        Loop.RunUntilComplete(Loop.CreateTask(Sleep(1), "t"));

        Assert.That(TakeReport().Exception, Is.InstanceOf<LoopAbortException>());
        Assert.That(Loop.Instruments is null, Is.EqualTo(isAlone), "an empty set costs nothing");
    }

    [Test]
    public void A_removed_instrument_is_told_nothing_more()
    {
        var teller = new Teller(Tell);
        Loop.AddInstrument(teller);
        Loop.AddInstrument(teller);
        Assert.That(Loop.RemoveInstrument(teller), Is.True, "twice is once");
        Assert.That(Loop.RemoveInstrument(teller), Is.False);

        RunTurns(2);

        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void An_instrument_may_remove_itself_and_post_while_it_is_told()
    {
        OneShot once = new(Loop, Tell);
        Loop.AddInstrument(once);

        RunTurns(3);

        Assert.That(Story, Is.EqualTo("told posted"));
    }

    [Test]
    public void It_is_told_each_turn_and_batch_and_each_callback_around_its_run()
    {
        Loop.AddInstrument(new TurnTeller(Tell));
        Loop.CallSoon(() =>
        {
            Tell("first");
            Loop.CallSoon(() => Tell("later"));
        });
        Loop.CallSoon(() => Tell("second"));
        RunTurns(2);

        Assert.That(Story, Is.EqualTo(
            "queued queued turn:1 batch:2 [ first queued ] [ second ] turn:2 batch:1 [ later ]"));
    }

    [Test]
    public void A_turn_that_skips_its_poll_has_no_poll_to_tell()
    {
        using EventLoop loop = NewLoop(new ManualDriver { IsCostly = true });
        loop.AddInstrument(new TurnTeller(Tell) { TellsPolls = true });
        loop.CallSoon(() => loop.CallSoon(() => loop.CallSoon(loop.Stop)));
        loop.RunForever();

        Assert.That(Story, Is.EqualTo(
            "queued turn:1 poll:0 polled:0 batch:1 [ queued ] "
            + "turn:2 batch:1 [ queued ] turn:3 batch:1 [ ]"));
    }

    [Test]
    public void It_is_told_timers_by_the_number_of_their_arming()
    {
        Loop.AddInstrument(new TimerTeller(Tell));
        TimerHandle cancelled = Loop.CallLater(S(2), () => { });
        Loop.CallLater(S(1), () => { });
        cancelled.Cancel();
        cancelled.Cancel();
        Driver.Advance(S(5));
        RunTurns(1);
        Run(async () => await EventLoop.Delay(S(3)));

        Assert.That(Story, Is.EqualTo("armed:1@2 armed:2@1 cancelled:1 fired:2@1 "
            + "armed:3@8 fired:3@8"));
    }

    [Test]
    public void It_is_told_messages_on_the_thread_that_posts_and_then_on_the_loops()
    {
        var teller = new MessageTeller();
        Loop.AddInstrument(teller);
        int there = 0;
        var thread = new Thread(() =>
        {
            there = Environment.CurrentManagedThreadId;
            Loop.CallSoonThreadSafe(() => { });
            Loop.CallSoonThreadSafe(() => { });
        });
        thread.Start();
        thread.Join();
        Loop.CallSoonThreadSafe(() => Loop.CallSoonThreadSafe(() => { }));
        RunTurns(2);

        int here = Environment.CurrentManagedThreadId;
        Assert.That(teller.Told, Is.EqualTo(new[]
        {
            $"posted:1 by {there}", $"posted:2 by {there}", $"posted:3 by {here}",
            $"received:1 by {here}", $"received:2 by {here}", $"received:3 by {here}",
        }), "what the loop's own thread posts in a turn is no message");
    }

    [Test]
    public void It_is_told_errors_before_they_are_reported()
    {
        Loop.AddInstrument(new ErrorTeller(Tell));
        Loop.CallSoon(() => throw new FormatException());
        RunTurns(1);

        Assert.That(Story, Is.EqualTo(nameof(FormatException)));
        Assert.That(TakeReport().Exception, Is.InstanceOf<FormatException>());
    }

    [Test]
    public void One_that_throws_on_another_thread_is_removed_too()
    {
        var bad = new MessageThrower();
        Loop.AddInstrument(bad);
        var thread = new Thread(() => Loop.CallSoonThreadSafe(() => Tell("message")));
        thread.Start();
        thread.Join();
        RunTurns(1);

        Assert.That(TakeReport().Exception, Is.InstanceOf<FormatException>());
        Assert.That(Story, Is.EqualTo("message"));
        Assert.That(Loop.RemoveInstrument(bad), Is.False);
    }

    [Test]
    public void Every_method_has_a_default()
    {
        Loop.AddInstrument(new Mute());

        Loop.RunUntilComplete(Loop.CreateTask(Sleep(1)));

        Assert.That(Loop.RemoveInstrument(new Mute()), Is.False);
    }

    [TearDown]
    public void Forget() => _foreign = new TaskCompletionSource();

    private TaskCompletionSource _foreign = new();

    private static async Coroutine Sleep(double seconds) => await EventLoop.Delay(S(seconds));

    private async Coroutine Foreign() => await _foreign.Task;

    private sealed class Mute : ILoopInstrument;

    private sealed class TurnTeller(Action<string> tell) : ILoopInstrument
    {
        public bool TellsPolls { get; init; }

        public void BeforeTurn(long turn) => tell($"turn:{turn}");

        public void BeforeBatch(int count) => tell($"batch:{count}");

        public void CallbackScheduled(LoopWork work) => tell("queued");

        public void BeforeCallback(LoopWork work) => tell("[");

        public void AfterCallback(LoopWork work) => tell("]");

        public void BeforeIoWait(TimeSpan? timeout) =>
            TellPoll($"poll:{timeout?.TotalSeconds}");

        public void AfterIoWait(TimeSpan elapsed) => TellPoll($"polled:{elapsed.TotalSeconds}");

        private void TellPoll(string what)
        {
            if (TellsPolls)
            {
                tell(what);
            }
        }
    }

    private sealed class TimerTeller(Action<string> tell) : ILoopInstrument
    {
        public void TimerArmed(long number, LoopWork work, TimeSpan when) =>
            tell($"armed:{number}@{when.TotalSeconds}");

        public void TimerFired(long number, LoopWork work, TimeSpan when) =>
            tell($"fired:{number}@{when.TotalSeconds}");

        public void TimerCancelled(long number, LoopWork work) => tell($"cancelled:{number}");
    }

    private sealed class MessageTeller : ILoopInstrument
    {
        private readonly List<string> _told = [];

        public IReadOnlyList<string> Told => _told;

        public void MessagePosted(long number, LoopWork work) => Tell("posted", number);

        public void MessageReceived(long number, LoopWork work) => Tell("received", number);

        private void Tell(string what, long number) =>
            _told.Add($"{what}:{number} by {Environment.CurrentManagedThreadId}");
    }

    private sealed class MessageThrower : ILoopInstrument
    {
        public void MessagePosted(long number, LoopWork work) => throw new FormatException();
    }

    private sealed class ErrorTeller(Action<string> tell) : ILoopInstrument
    {
        public void ErrorReported(LoopErrorContext error) => tell(error.Exception!.GetType().Name);
    }

    private sealed class Thrower : ILoopInstrument
    {
        public int Calls { get; private set; }

        public Exception Error { get; init; } = new FormatException();

        public void BeforeTaskStep(TaskStep step)
        {
            Calls++;
            throw Error;
        }
    }

    private sealed class OneShot(EventLoop loop, Action<string> tell) : ILoopInstrument
    {
        public void BeforeIoWait(TimeSpan? timeout)
        {
            tell("told");
            loop.RemoveInstrument(this);
            loop.CallSoon(() => tell("posted"));
        }
    }

    private sealed class Teller(Action<string> tell) : ILoopInstrument
    {
        public bool IsQuietAboutPolls { get; init; }

        public void BeforeRun() => tell("run");

        public void AfterRun() => tell("over");

        public void TaskSpawned(TaskStep step) => tell($"spawned:{NameOf(step)}");

        public void TaskScheduled(TaskStep step) => tell($"scheduled:{NameOf(step)}");

        public void BeforeTaskStep(TaskStep step) => tell($"step:{NameOf(step)}");

        public void AfterTaskStep(TaskStep step) => tell($"stepped:{NameOf(step)}");

        public void TaskExited(TaskStep step) => tell($"exited:{NameOf(step)}");

        public void BeforeIoWait(TimeSpan? timeout) =>
            TellPoll($"poll:{timeout?.TotalSeconds.ToString() ?? "none"}");

        public void AfterIoWait(TimeSpan elapsed) => TellPoll($"polled:{elapsed.TotalSeconds}");

        private void TellPoll(string what)
        {
            if (!IsQuietAboutPolls)
            {
                tell(what);
            }
        }

        private static string NameOf(TaskStep step) => ((ILoopTask)step.Owner).Name;
    }
}
