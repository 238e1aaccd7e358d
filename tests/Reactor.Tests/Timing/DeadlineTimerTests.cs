namespace Reactor.Tests.Timing;

/// <summary>
/// The deadline that is set again and again: exact, and touching the timer queue only where it
/// must.
/// </summary>
public class DeadlineTimerTests
{
    [Test]
    public void It_is_due_at_its_moment_and_not_before()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(Seconds(3));
        world.RunTo(2);
        Assert.That(timer.Fired, Is.Empty);

        world.RunTo(3);
        Assert.That(timer.Fired, Is.EqualTo(new[] { Seconds(3) }));
        Assert.That(timer.Due, Is.Null);
    }

    [Test]
    public void A_deadline_that_moves_later_arms_nothing_until_the_old_one_has_come()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(Seconds(75));
        for (int second = 1; second < 75; second++)
        {
            world.RunTo(second);
            timer.Set(Seconds(75 + second));
        }

        Assert.That(world.Arms, Is.EqualTo(1));
        world.RunTo(148);
        Assert.That((timer.Fired.Count, world.Arms), Is.EqualTo((0, 2)));

        world.RunTo(149);
        Assert.That(timer.Fired, Is.EqualTo(new[] { Seconds(149) }));
    }

    [Test]
    public void A_deadline_that_moves_earlier_is_armed_at_once()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(Seconds(75));
        timer.Set(Seconds(10));
        world.RunTo(10);

        Assert.That(timer.Fired, Is.EqualTo(new[] { Seconds(10) }));
        world.RunTo(100);
        Assert.That(timer.Fired, Has.Count.EqualTo(1), "the old one is gone");
    }

    [Test]
    public void A_deadline_before_the_clock_began_has_passed_however_long_ago_it_is()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(TimeSpan.MinValue);
        Assert.That(timer.Due, Is.Not.Null);

        world.RunTo(1);
        Assert.That((timer.Fired.Count, timer.Due), Is.EqualTo((1, (TimeSpan?)null)));
    }

    [Test]
    public void A_deadline_that_was_taken_back_does_not_come()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(Seconds(1));
        timer.Clear();
        world.RunTo(2);
        timer.Set(Seconds(3));
        timer.Disarm();
        world.RunTo(4);

        Assert.That((timer.Fired.Count, timer.IsArmed), Is.EqualTo((0, false)));
    }

    [Test]
    public void Setting_it_between_its_moment_and_its_run_counts()
    {
        var world = new World();
        var timer = new Recorder(world);
        timer.Set(Seconds(1));
        world.MoveTo(1); // it lies in the ready queue
        timer.Set(Seconds(5));
        world.RunReady();
        Assert.That(timer.Fired, Is.Empty);

        world.RunTo(5);
        Assert.That(timer.Fired, Is.EqualTo(new[] { Seconds(5) }));
    }

    [Test]
    public void It_can_be_set_anew_where_it_is_due()
    {
        var world = new World();
        Recorder timer = null!;
        timer = new Recorder(world, () => timer.Set(world.Time + Seconds(1)));
        timer.Set(Seconds(1));
        for (int second = 1; second <= 3; second++)
        {
            world.RunTo(second);
        }

        Assert.That(timer.Fired, Is.EqualTo(new[] { Seconds(1), Seconds(2), Seconds(3) }));
    }

    [Test]
    public void What_it_throws_is_reported()
    {
        var world = new World();
        var timer = new Recorder(world, () => throw new InvalidOperationException("on purpose"));
        timer.Set(Seconds(1));
        world.RunTo(1);

        Assert.That(world.Reported!.Exception!.Message, Is.EqualTo("on purpose"));
    }

    [Test]
    public void It_runs_in_the_context_in_which_it_was_made()
    {
        var world = new World();
        var place = new AsyncLocal<string>();
        string? seen = null;
        place.Value = "made";
        var timer = new Recorder(world, () => seen = place.Value);
        place.Value = "set";
        timer.Set(Seconds(1));
        world.RunTo(1);

        Assert.That(seen, Is.EqualTo("made"));
    }

    [Test]
    [Category("Measured")]
    public void Setting_it_allocates_nothing()
    {
        var world = new World();
        var timer = new Recorder(world);
        SetAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        SetAll();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void SetAll()
        {
            for (int second = 1; second < 50; second++)
            {
                timer.Set(Seconds(1000 + second));
                timer.Clear();
            }
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private sealed class Recorder(CoroutineScheduler scheduler, Action? then = null)
        : DeadlineTimer(scheduler)
    {
        public List<TimeSpan> Fired { get; } = [];

        protected override void OnDue(TimeSpan due)
        {
            Fired.Add(due);
            then?.Invoke();
        }
    }

    /// <summary>
    /// A scheduler with nothing but a clock in the test's hand and the timer queue.
    /// </summary>
    private sealed class World : CoroutineScheduler
    {
        private readonly TimerQueue _timers = new();
        private readonly ReadyQueue _ready = new();
        private TimeSpan _now;

        public override TimeSpan Time => _now;

        public int Arms { get; private set; }

        public LoopErrorContext? Reported { get; private set; }

        public override void Post(LoopWork work) => _ready.Enqueue(work);

        public override void PostThreadSafe(LoopWork work) => _ready.Enqueue(work);

        public override void Arm(LoopWork work, TimeSpan when)
        {
            Arms++;
            _timers.Add(work, when.Ticks);
        }

        public override bool Disarm(LoopWork work) => _timers.Cancel(work);

        public override void Report(LoopErrorContext context) => Reported = context;

        public void MoveTo(double second)
        {
            _now = Seconds(second);
            while (_timers.TryTakeDue(_now.Ticks, out TimerEntry entry))
            {
                _ready.Enqueue((LoopWork)entry);
            }
        }

        public void RunReady()
        {
            while (_ready.Count > 0)
            {
                _ready.Dequeue().Run();
            }
        }

        public void RunTo(double second)
        {
            MoveTo(second);
            RunReady();
        }
    }
}
