using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// The loop's clock as code of the BCL sees it: its timers fire in the loop's time, on the loop's
/// thread, also when they are made or changed elsewhere.
/// </summary>
public sealed class TimeProviderTests : LoopFixture
{
    private TimeProvider Time => Loop.TimeProvider;

    [Test]
    public void The_clock_is_the_loops()
    {
        Driver.Advance(S(5));

        Assert.That(Time.GetElapsedTime(0), Is.EqualTo(S(5)));
        Assert.That(Time.GetUtcNow(), Is.EqualTo(DateTimeOffset.UnixEpoch + S(5)));
        Assert.That(Time.LocalTimeZone, Is.EqualTo(TimeZoneInfo.Utc));
    }

    [Test]
    public void A_timer_fires_once_in_the_loops_time_on_its_thread_with_its_state()
    {
        int thread = 0;
        using ITimer timer = Time.CreateTimer(
            state =>
            {
                thread = Environment.CurrentManagedThreadId;
                Tell($"{state}@{Seconds}");
            },
            "state",
            S(2),
            Timeout.InfiniteTimeSpan);

        RunUntil(10);

        Assert.That(Story, Is.EqualTo("state@2"));
        Assert.That(thread, Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void A_periodic_timer_fires_at_exact_multiples()
    {
        using ITimer timer = Make(S(1), S(2));

        RunUntil(8);

        Assert.That(Story, Is.EqualTo("1 3 5 7"));
    }

    [Test]
    public void A_timer_can_be_changed_and_switched_off_and_on()
    {
        using ITimer timer = Make(S(5), Timeout.InfiniteTimeSpan);
        Loop.CallAt(S(1), () => Assert.That(timer.Change(S(1), S(1)), Is.True));
        Loop.CallAt(S(3.5), () => timer.Change(Timeout.InfiniteTimeSpan, S(1)));
        Loop.CallAt(S(7), () => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));

        RunUntil(10);

        Assert.That(Story, Is.EqualTo("2 3 7"));
    }

    [Test]
    public void A_disposed_timer_never_fires_and_refuses_changes()
    {
        ITimer timer = Make(S(1), S(1));
        Loop.CallAt(S(2.5), timer.Dispose);
        Loop.CallAt(S(3), () => Assert.That(timer.Change(S(1), S(1)), Is.False));

        RunUntil(10);

        Assert.That(Story, Is.EqualTo("1 2"));
    }

    [Test]
    public void A_timer_that_disposes_of_itself_stops()
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                Tell("once");
                timer!.Dispose();
            },
            null,
            S(1),
            S(1));

        RunUntil(5);

        Assert.That(Story, Is.EqualTo("once"));
    }

    [Test]
    public void A_timer_that_throws_is_reported_and_its_period_goes_on()
    {
        using ITimer timer = Time.CreateTimer(
            _ => throw new FormatException(), null, S(1), S(1));

        RunUntil(2.5);

        Assert.That(TakeReports().Select(report => report.Exception),
            Has.Exactly(2).Items.And.All.TypeOf<FormatException>());
    }

    [Test]
    public void A_timer_made_and_changed_on_another_thread_fires_on_the_loops()
    {
        int thread = 0;
        ITimer? timer = null;
        // The clock stands until the loop has been told of the change, too.
        Driver.NoteWorkElsewhere(1);
        var other = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            timer = Time.CreateTimer(
                _ =>
                {
                    thread = Environment.CurrentManagedThreadId;
                    Tell($"{Seconds}");
                    Loop.Stop();
                },
                null,
                S(9),
                Timeout.InfiniteTimeSpan);
            timer.Change(S(1), Timeout.InfiniteTimeSpan);
            Loop.CallSoonThreadSafe(() => Driver.NoteWorkElsewhere(-1));
        });
        other.Start();

        // Nothing is booked, so the loop waits until the other thread books something.
        Loop.RunForever();
        other.Join();
        timer!.Dispose();

        Assert.That(Story, Is.EqualTo("1"));
        Assert.That(thread, Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void A_timer_made_before_the_run_counts_from_when_it_was_made()
    {
        using ITimer timer = Make(S(3), Timeout.InfiniteTimeSpan);
        Driver.Advance(S(1));

        RunUntil(10);

        Assert.That(Story, Is.EqualTo("3"));
    }

    [Test]
    public void The_longest_times_mean_never()
    {
        using ITimer late = Make(TimeSpan.MaxValue, TimeSpan.MaxValue);
        using ITimer once = Make(S(1), TimeSpan.MaxValue);

        RunUntil(10);

        Assert.That(Story, Is.EqualTo("1"));
    }

    [Test]
    public void A_closed_loop_refuses_timers_without_throwing()
    {
        ITimer timer = Make(S(1), S(1));
        Loop.Close();

        Assert.That(timer.Change(S(1), S(1)), Is.False);
        Assert.That(timer.Dispose, Throws.Nothing);
    }

    [Test]
    public void Task_delay_and_a_cancellation_source_use_the_loops_time()
    {
        Run(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), Time);
            Assert.That(Seconds, Is.EqualTo(3600));

            using var source = new CancellationTokenSource(TimeSpan.FromHours(1), Time);
            try
            {
                await Task.Delay(Timeout.Infinite, source.Token);
            }
            catch (TaskCanceledException)
            {
                Tell($"{Seconds}");
            }
        });

        Assert.That(Story, Is.EqualTo("7200"));
    }

    private ITimer Make(TimeSpan dueTime, TimeSpan period) =>
        Time.CreateTimer(_ => Tell($"{Seconds}"), null, dueTime, period);

    private void RunUntil(double seconds)
    {
        Loop.CallAt(S(seconds), Loop.Stop);
        Loop.RunForever();
    }
}
