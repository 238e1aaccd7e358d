using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements A01 to A05, A16 and A17: the order of callbacks, what belongs to one turn, and how
/// long a poll may wait.
/// </summary>
public sealed class A_OrderTests : LoopFixture
{
    [Test]
    public void A01_call_soon_is_first_in_first_out_and_runs_each_once_with_its_argument()
    {
        Loop.CallSoon(Tell, "a");
        Loop.CallSoon(Tell, "b");
        Loop.CallSoon(() => Tell("c"));
        Loop.CallSoon(Tell, "d");

        RunTurns(3);

        Assert.That(Story, Is.EqualTo("a b c d"));
    }

    [Test]
    public void A01_ten_thousand_callbacks_keep_their_order()
    {
        var seen = new List<int>();
        for (int i = 0; i < 10_000; i++)
        {
            Loop.CallSoon(seen.Add, i);
        }

        RunTurns(1);

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 10_000)));
    }

    [Test]
    public void A02_what_a_callback_schedules_runs_in_the_next_turn_after_another_poll()
    {
        Loop.CallSoon(() =>
        {
            Tell($"first:{Turns}");
            Loop.CallSoon(() => Tell($"posted:{Turns}"));
        });
        Loop.CallSoon(() => Tell($"second:{Turns}"));

        RunTurns(2);

        Assert.That(Story, Is.EqualTo("first:1 second:1 posted:2"));
    }

    [Test]
    public void A02_a_callback_that_posts_itself_for_ever_starves_neither_polls_nor_timers()
    {
        void Again() => Loop.CallSoon(Again);
        Loop.CallSoon(Again);
        Loop.CallLater(S(-1), Loop.Stop);

        Loop.RunForever();

        Assert.That(Turns, Is.EqualTo(1));
    }

    [Test]
    public void A03_ready_before_comes_before_io_and_io_before_timers()
    {
        Loop.CallLater(S(-1), Tell, "timer");
        Driver.CompleteInNextPoll(() => Loop.CallSoon(Tell, "io"));
        Loop.CallSoon(Tell, "ready");

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("ready io timer"));
    }

    [Test]
    public void A03_what_other_threads_posted_comes_after_io_and_before_timers()
    {
        Loop.CallLater(S(-1), Tell, "timer");
        Driver.CompleteInNextPoll(() =>
        {
            Loop.CallSoon(Tell, "io");
            var thread = new Thread(() => Loop.CallSoonThreadSafe(Tell, "thread"));
            thread.Start();
            thread.Join();
        });

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("io thread timer"));
    }

    [Test]
    public void A03_cancelled_timers_are_purged_before_the_poll()
    {
        Loop.CallLater(S(1), Tell, "cancelled").Cancel();
        Loop.CallLater(S(2), Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.Polls, Is.EqualTo(new[] { new PollCall(S(0), S(2)) }));
    }

    [Test]
    public void A04_call_later_zero_runs_after_what_is_queued_and_before_what_that_queues()
    {
        Loop.CallLater(S(0), Tell, "later");
        Loop.CallSoon(() =>
        {
            Tell("queued");
            Loop.CallSoon(Tell, "queued-by-it");
        });

        RunTurns(2);

        Assert.That(Story, Is.EqualTo("queued later queued-by-it"));
    }

    [Test]
    public void A05_a_poll_does_not_wait_while_something_is_ready()
    {
        Loop.CallLater(S(5), Tell, "timer");
        Loop.CallSoon(Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll.IsWithoutWait, Is.True);
        Assert.That(Seconds, Is.Zero);
    }

    [Test]
    public void A05_a_poll_does_not_wait_when_stop_was_asked_for()
    {
        Loop.CallLater(S(5), Tell, "timer");
        Loop.Stop();

        Loop.RunForever();

        Assert.That(Driver.LastPoll.IsWithoutWait, Is.True);
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A05_a_poll_waits_until_the_first_live_timer()
    {
        Loop.CallLater(S(1), Tell, "cancelled").Cancel();
        Loop.CallLater(S(7), Tell, "later");
        Loop.CallLater(S(3), Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll, Is.EqualTo(new PollCall(S(0), S(3))));
    }

    [Test]
    public void A05_a_poll_waits_until_the_very_moment_of_the_timer_whatever_the_grain()
    {
        Driver.Grain = TimeSpan.FromMilliseconds(1);
        Loop.CallLater(S(3), Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll.Deadline, Is.EqualTo(S(3)));
    }

    [Test]
    public void A05_a_timer_that_is_overdue_makes_a_poll_without_waiting()
    {
        Loop.CallLater(S(-3), Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll.IsWithoutWait, Is.True);
        Assert.That(Seconds, Is.Zero);
    }

    [Test]
    public void A05_a_poll_waits_a_day_at_most()
    {
        Loop.CallLater(TimeSpan.FromDays(30), Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.Polls, Has.Count.EqualTo(30));
        Assert.That(Driver.Polls[0].Deadline, Is.EqualTo(TimeSpan.FromHours(24)));
        Assert.That(Loop.Time, Is.EqualTo(TimeSpan.FromDays(30)));
    }

    [Test]
    public void A05_a_poll_without_timers_waits_for_ever()
    {
        Driver.CompleteInNextPoll(Loop.Stop);

        Loop.RunForever();

        Assert.That(Driver.LastPoll.Deadline, Is.Null);
    }

    [Test]
    public void A16_a_timer_that_books_call_later_zero_does_not_run_it_in_the_same_batch()
    {
        Loop.CallLater(S(1), () =>
        {
            Tell($"timer:{Turns}");
            Loop.CallLater(S(0), () => Tell($"booked:{Turns}"));
            Loop.CallLater(S(-5), () => Tell($"overdue:{Turns}"));
        });
        Loop.CallLater(S(2), Loop.Stop);

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("timer:1 overdue:2 booked:2"));
    }

    [Test]
    public void A17_a_callback_that_throws_stops_neither_the_batch_nor_the_loop()
    {
        var error = new FormatException("bad");
        LoopHandle handle = Loop.CallSoon(() => throw error);
        Loop.CallSoon(() => Tell($"next:{Turns}"));

        RunTurns(1);

        LoopErrorContext report = TakeReport();
        Assert.That(Story, Is.EqualTo("next:1"));
        Assert.That(report.Exception, Is.SameAs(error));
        Assert.That(report.Handle, Is.SameAs(handle));
        Assert.That(report.Message, Does.StartWith("Exception in callback"));
    }
}
