using System.Diagnostics;
using System.Runtime.CompilerServices;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements A06 to A15: when timers run, in which order, and what becomes of cancelled handles.
/// </summary>
public sealed class A_TimerTests : LoopFixture
{
    [Test]
    public void A06_timers_run_in_the_order_of_their_deadlines()
    {
        foreach (int seconds in (int[])[3, 1, 4, 2])
        {
            Loop.CallLater(S(seconds), () => Tell($"{seconds}@{Seconds}"));
        }

        Loop.CallLater(S(5), Loop.Stop);
        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("1@1 2@2 3@3 4@4"));
    }

    [Test]
    public void A06_negative_delays_are_legal_and_minus_two_runs_before_minus_one()
    {
        Loop.CallLater(S(-1), Tell, "-1");
        Loop.CallLater(S(-2), Tell, "-2");

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("-2 -1"));
    }

    [Test]
    public void A07_equal_deadlines_run_in_the_order_of_registration()
    {
        var seen = new List<int>();
        for (int i = 0; i < 200; i++)
        {
            TimerHandle doomed = Loop.CallAt(S(1), seen.Add, -1);
            Loop.CallAt(S(1), seen.Add, i);
            doomed.Cancel();
        }

        Loop.CallAt(S(2), Loop.Stop);
        Loop.RunForever();

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 200)));
    }

    [Test]
    [Category("Measured")]
    public void A08_a_timer_never_fires_early_on_the_real_clock()
    {
        using var loop = new EventLoop();
        foreach (double delay in (double[])[0.0005, 0.001, 0.0033, 0.01, 0.02])
        {
            TimeSpan elapsed = TimeSpan.Zero;
            long begin = Stopwatch.GetTimestamp();
            loop.CallLater(S(delay), () =>
            {
                elapsed = Stopwatch.GetElapsedTime(begin);
                loop.Stop();
            });
            loop.RunForever();

            Assert.That(elapsed, Is.GreaterThanOrEqualTo(S(delay) - loop.Driver.Resolution));
        }
    }

    [Test]
    public void A08_a_poll_that_returns_early_does_not_make_a_timer_fire_early()
    {
        Driver.StepMax = S(0.3);
        Loop.CallLater(S(1), Loop.Stop);

        Loop.RunForever();

        Assert.That(Seconds, Is.EqualTo(1));
        Assert.That(Driver.Polls, Has.Count.EqualTo(4));
    }

    [Test]
    public void A09_a_timer_due_within_one_resolution_fires_in_this_turn_without_waiting()
    {
        Driver.Grain = TimeSpan.FromMilliseconds(1);
        Loop.CallLater(TimeSpan.FromMilliseconds(1), Tell, "within");
        Loop.CallLater(TimeSpan.FromMilliseconds(1.1), Tell, "beyond");

        Loop.RunOnce();

        Assert.That(Story, Is.EqualTo("within"));
        Assert.That(Driver.LastPoll.IsWithoutWait, Is.True);
    }

    [TestCase("manual")]
    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A09_sleeps_down_to_a_fraction_of_a_nanosecond_do_not_spin(string driver)
    {
        LoopDriver inner = driver == "manual" ? new ManualDriver() : LoopDrivers.Create(driver);
        using var loop = new EventLoop(new EventLoopOptions { Driver = inner });
        int turns = 0;

        // Each turn runs what is ready in it: a callback that posts itself would make turns, so
        // they are counted from outside.
        LoopTask task = loop.CreateTask(Sleep());
        while (!task.IsDone)
        {
            loop.RunOnce();
            turns++;
        }

        Assert.That(turns, Is.LessThanOrEqualTo(20));

        static async Coroutine Sleep()
        {
            foreach (double seconds in (double[])[1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
            {
                await EventLoop.Delay(S(seconds));
            }
        }
    }

    [Test]
    public void A10_call_at_takes_the_clock_of_time_and_the_handle_knows_its_moment()
    {
        Driver.Advance(S(100));
        TimeSpan when = Loop.Time + S(2);
        TimerHandle at = Loop.CallAt(when, () => Tell($"at:{Seconds}"));
        TimerHandle later = Loop.CallLater(S(3), Loop.Stop);

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("at:102"));
        Assert.That(at.When, Is.EqualTo(when));
        Assert.That(later.When, Is.EqualTo(S(103)));
    }

    [Test]
    public void A11_a_delay_that_is_no_number_is_an_argument_error_and_arms_no_timer()
    {
        // A TimeSpan cannot be NaN: making one of it is where it fails.
        Assert.That(
            () => Loop.CallLater(TimeSpan.FromSeconds(double.NaN), Tell, "nan"),
            Throws.ArgumentException);
        Driver.CompleteInNextPoll(Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll.Deadline, Is.Null, "no timer is armed");
    }

    [Test]
    public void A11_the_longest_and_the_shortest_delays_are_legal()
    {
        Driver.Advance(S(1));
        TimerHandle never = Loop.CallLater(TimeSpan.MaxValue, Tell, "never");
        Loop.CallLater(TimeSpan.MinValue, Tell, "at-once");
        Loop.CallAt(TimeSpan.MinValue, Tell, "at-least");

        Loop.RunOnce();

        Assert.That(Story, Is.EqualTo("at-least at-once"));
        Assert.That(never.When, Is.EqualTo(TimeSpan.MaxValue));
        Assert.That(() => Loop.Close(), Throws.Nothing);
    }

    [Test]
    public void A12_a_cancelled_handle_never_runs_and_cancel_is_idempotent()
    {
        LoopHandle soon = Loop.CallSoon(Tell, "soon");
        LoopHandle safe = Loop.CallSoonThreadSafe(Tell, "safe");
        TimerHandle later = Loop.CallLater(S(1), Tell, "later");
        LoopHandle[] handles = [soon, safe, later];

        foreach (LoopHandle handle in handles)
        {
            Assert.That(handle.IsCancelled, Is.False);
            handle.Cancel();
            Assert.That(handle.IsCancelled, Is.True);
            handle.Cancel();
            Assert.That(handle.IsCancelled, Is.True);
        }

        Loop.CallLater(S(2), Loop.Stop);
        Loop.RunForever();
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A12_a_timer_cancelled_when_it_is_queued_already_does_not_run()
    {
        TimerHandle second = null!;
        Loop.CallLater(S(1), () => second.Cancel());
        second = Loop.CallLater(S(1), Tell, "second");
        Loop.CallLater(S(2), Loop.Stop);

        Loop.RunForever();

        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A13_cancelling_lets_go_of_the_callback_and_its_argument()
    {
        (LoopHandle soon, WeakReference[] soonHeld) = BookSoon();
        (LoopHandle later, WeakReference[] laterHeld) = BookLater();
        soon.Cancel();
        later.Cancel();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(soonHeld.Concat(laterHeld).Select(held => held.IsAlive), Is.All.False);
        GC.KeepAlive(soon);
        GC.KeepAlive(later);
    }

    [Test]
    public void A14_cancelled_timers_at_the_head_leave_in_each_turn()
    {
        var queue = new TimerQueue();
        LoopHandle[] handles = [.. Enumerable.Range(1, 10).Select(i => Arm(queue, i))];
        queue.Cancel(handles[0]);
        queue.Cancel(handles[1]);
        queue.Cancel(handles[5]);

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(8), "the two at the head left, the one inside stays");
    }

    // One of 101, or of 100: 51 cancelled of 101 are over half of more than 100.
    [TestCase(101, 51, 50)]
    [TestCase(101, 50, 101)]
    [TestCase(100, 99, 100)]
    [TestCase(1000, 501, 499)]
    [TestCase(1000, 500, 1000)]
    public void A15_one_sweep_removes_cancelled_timers_that_are_over_half_of_more_than_100(
        int scheduled, int cancelled, int left)
    {
        var queue = new TimerQueue();
        LoopHandle[] handles = [.. Enumerable.Range(1, scheduled).Select(i => Arm(queue, i))];
        foreach (LoopHandle handle in handles.TakeLast(cancelled))
        {
            queue.Cancel(handle); // from the far end, so that none of them is at the head
        }

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(left));
        for (int i = 0; i < scheduled - cancelled; i++)
        {
            Assert.That(queue.TryTakeDue(long.MaxValue, out TimerEntry entry), Is.True);
            Assert.That(entry, Is.SameAs(handles[i]));
        }

        Assert.That(queue.TryTakeDue(long.MaxValue, out _), Is.False);
    }

    private StateHandle<int> Arm(TimerQueue queue, long when)
    {
        var handle = new StateHandle<int>(Loop, static _ => { }, 0, null, null, 0);
        queue.Add(handle, when);
        return handle;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (LoopHandle Handle, WeakReference[] Held) BookSoon()
    {
        var target = new List<object>();
        object argument = new();
        LoopHandle handle = Loop.CallSoon(target.Add, argument);
        return (handle, [new WeakReference(target), new WeakReference(argument)]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (LoopHandle Handle, WeakReference[] Held) BookLater()
    {
        var target = new List<object>();
        object argument = new();
        LoopHandle handle = Loop.CallLater(S(1), target.Add, argument);
        return (handle, [new WeakReference(target), new WeakReference(argument)]);
    }
}
