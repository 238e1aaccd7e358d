namespace Reactor.Tests.Timing;

/// <summary>
/// The timer queue by itself: order, ties, the marks of cancelled entries and the sweep at its
/// exact borders. The queue brings no clock, so moments are plain numbers here.
/// </summary>
public class TimerQueueTests
{
    [Test]
    public void An_empty_queue_has_no_deadline_and_nothing_due()
    {
        var queue = new TimerQueue();

        Assert.That(queue.TryPeek(out _), Is.False);
        Assert.That(queue.TryTakeDue(long.MaxValue, out _), Is.False);
    }

    [Test]
    public void Entries_fall_due_in_the_order_of_their_moments_not_of_their_arming()
    {
        var queue = new TimerQueue();
        foreach (long when in new long[] { 5, 1, 4, 2, 3, -2, -1 })
        {
            queue.Add(new NamedEntry($"{when}"), when);
        }

        Assert.That(TakeAll(queue, 10), Is.EqualTo(["-2", "-1", "1", "2", "3", "4", "5"]));
    }

    [Test]
    public void Equal_moments_fall_due_in_the_order_of_their_arming()
    {
        var queue = new TimerQueue();
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"{i}")];
        foreach (string name in names)
        {
            queue.Add(new NamedEntry(name), 7);
        }

        Assert.That(TakeAll(queue, 7), Is.EqualTo(names));
    }

    [Test]
    public void An_entry_is_due_at_its_moment_and_not_a_tick_before()
    {
        var queue = new TimerQueue();
        queue.Add(new NamedEntry("a"), 100);

        Assert.That(queue.TryTakeDue(99, out _), Is.False);
        Assert.That(queue.TryTakeDue(100, out TimerEntry entry), Is.True);
        Assert.That(entry.IsArmed, Is.False);
    }

    [Test]
    public void Peek_gives_the_earliest_moment_of_what_is_not_cancelled()
    {
        var queue = new TimerQueue();
        var first = new NamedEntry("first");
        queue.Add(new NamedEntry("second"), 20);
        queue.Add(first, 10);
        Assert.That(queue.TryPeek(out long before), Is.True);

        queue.Cancel(first);

        Assert.That(queue.TryPeek(out long after), Is.True);
        Assert.That((before, after), Is.EqualTo((10L, 20L)));
    }

    [Test]
    public void A_cancelled_entry_never_falls_due_and_cancelling_again_says_no()
    {
        var queue = new TimerQueue();
        var entry = new NamedEntry("a");
        queue.Add(entry, 1);

        Assert.That(queue.Cancel(entry), Is.True);
        Assert.That(queue.Cancel(entry), Is.False);
        Assert.That(TakeAll(queue, 10), Is.Empty);
    }

    [Test]
    public void Cancelling_what_fell_due_says_no()
    {
        var queue = new TimerQueue();
        var entry = new NamedEntry("a");
        queue.Add(entry, 1);
        queue.TryTakeDue(1, out _);

        Assert.That(queue.Cancel(entry), Is.False);
    }

    [Test]
    public void A_cancelled_entry_can_be_armed_anew_while_its_old_slot_lies_in_the_heap()
    {
        var queue = new TimerQueue();
        var entry = new NamedEntry("again");
        queue.Add(entry, 10);
        queue.Add(new NamedEntry("between"), 20);
        queue.Cancel(entry);
        queue.Add(entry, 30);

        Assert.That(queue.TryTakeDue(10, out _), Is.False, "the old moment counts no more");
        Assert.That(TakeAll(queue, 30), Is.EqualTo(["between", "again"]));
    }

    [Test]
    public void An_entry_armed_anew_for_the_same_moment_takes_its_place_behind_the_others()
    {
        var queue = new TimerQueue();
        var entry = new NamedEntry("again");
        queue.Add(entry, 10);
        queue.Add(new NamedEntry("other"), 10);
        queue.Cancel(entry);
        queue.Add(entry, 10);

        Assert.That(TakeAll(queue, 10), Is.EqualTo(["other", "again"]));
    }

    [Test]
    public void Cancelled_slots_at_the_head_are_purged_and_deeper_ones_stay()
    {
        var queue = new TimerQueue();
        NamedEntry[] entries = Arm(queue, 10);
        queue.Cancel(entries[0]);
        queue.Cancel(entries[1]);
        queue.Cancel(entries[5]);

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(8), "two left the head; the sixth lies deeper");
    }

    // A15. The head stays live throughout, so that only the sweep can remove anything.
    [TestCase(100, 99, 100, TestName = "A hundred slots are never swept")]
    [TestCase(101, 51, 50, TestName = "Of 101 slots, 51 cancelled are over half and swept")]
    [TestCase(101, 50, 101, TestName = "Of 101 slots, 50 cancelled are under half and stay")]
    [TestCase(102, 51, 102, TestName = "Exactly half of 102 slots stay")]
    [TestCase(102, 52, 50, TestName = "One more than half of 102 slots is swept")]
    public void One_sweep_removes_all_when_over_half_of_more_than_100_are_cancelled(
        int armed, int cancelled, int left)
    {
        var queue = new TimerQueue();
        NamedEntry[] entries = Arm(queue, armed);
        foreach (NamedEntry entry in entries[^cancelled..])
        {
            queue.Cancel(entry);
        }

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(left));
        Assert.That(
            TakeAll(queue, armed), Is.EqualTo(entries[..(armed - cancelled)].Select(e => e.Name)));
    }

    [Test]
    public void A_sweep_leaves_the_order_whole_whatever_was_cancelled()
    {
        var queue = new TimerQueue();
        NamedEntry[] entries = Arm(queue, 400);
        foreach (NamedEntry entry in entries.Where((_, i) => i % 3 != 0))
        {
            queue.Cancel(entry);
        }

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(134), "every third of 400, from the first");
        Assert.That(
            TakeAll(queue, 400),
            Is.EqualTo(entries.Where((_, i) => i % 3 == 0).Select(e => e.Name)));
    }

    [Test]
    public void Clear_disarms_everything_so_that_it_can_be_armed_elsewhere()
    {
        var queue = new TimerQueue();
        NamedEntry[] entries = Arm(queue, 20);

        queue.TakeAll();

        Assert.That(queue.Count, Is.Zero);
        Assert.That(entries.All(entry => !entry.IsArmed));
        new TimerQueue().Add(entries[0], 1);
    }

    [Test]
    public void A_million_sleepers_can_be_cancelled_and_leave_nothing_behind()
    {
        var queue = new TimerQueue();
        NamedEntry[] entries = Arm(queue, 1_000_000);
        foreach (NamedEntry entry in entries)
        {
            queue.Cancel(entry);
        }

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.Zero);
    }

    private static NamedEntry[] Arm(TimerQueue queue, int count)
    {
        NamedEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new NamedEntry($"{i}"))];
        for (int i = 0; i < count; i++)
        {
            queue.Add(entries[i], i);
        }

        return entries;
    }

    private static List<string> TakeAll(TimerQueue queue, long now)
    {
        var names = new List<string>();
        while (queue.TryTakeDue(now, out TimerEntry entry))
        {
            names.Add(((NamedEntry)entry).Name);
        }

        return names;
    }
}
