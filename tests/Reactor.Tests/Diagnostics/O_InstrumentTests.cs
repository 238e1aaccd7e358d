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
