using FsCheck;
using FsCheck.Fluent;
using Reactor.Testing;

namespace Reactor.Tests.Timing;

/// <summary>
/// The timer queue by itself: order, ties, the marks of cancelled entries and the sweep, and a
/// comparison with a model that is too simple to be wrong. The queue brings no clock, so moments are
/// plain numbers here.
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
            queue.Add(new Entry($"{when}"), when);
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
            queue.Add(new Entry(name), 7);
        }

        Assert.That(TakeAll(queue, 7), Is.EqualTo(names));
    }

    [Test]
    public void An_entry_is_due_at_its_moment_and_not_a_tick_before()
    {
        var queue = new TimerQueue();
        queue.Add(new Entry("a"), 100);

        Assert.That(queue.TryTakeDue(99, out _), Is.False);
        Assert.That(queue.TryTakeDue(100, out TimerEntry entry), Is.True);
        Assert.That(entry.IsArmed, Is.False);
    }

    [Test]
    public void Peek_gives_the_earliest_moment_of_what_is_not_cancelled()
    {
        var queue = new TimerQueue();
        var first = new Entry("first");
        queue.Add(new Entry("second"), 20);
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
        var entry = new Entry("a");
        queue.Add(entry, 1);

        Assert.That(queue.Cancel(entry), Is.True);
        Assert.That(queue.Cancel(entry), Is.False);
        Assert.That(TakeAll(queue, 10), Is.Empty);
    }

    [Test]
    public void Cancelling_what_fell_due_says_no()
    {
        var queue = new TimerQueue();
        var entry = new Entry("a");
        queue.Add(entry, 1);
        queue.TryTakeDue(1, out _);

        Assert.That(queue.Cancel(entry), Is.False);
    }

    [Test]
    public void A_cancelled_entry_can_be_armed_anew_while_its_old_slot_lies_in_the_heap()
    {
        var queue = new TimerQueue();
        var entry = new Entry("again");
        queue.Add(entry, 10);
        queue.Add(new Entry("between"), 20);
        queue.Cancel(entry);
        queue.Add(entry, 30);

        Assert.That(queue.TryTakeDue(10, out _), Is.False, "the old moment counts no more");
        Assert.That(TakeAll(queue, 30), Is.EqualTo(["between", "again"]));
    }

    [Test]
    public void An_entry_armed_anew_for_the_same_moment_takes_its_place_behind_the_others()
    {
        var queue = new TimerQueue();
        var entry = new Entry("again");
        queue.Add(entry, 10);
        queue.Add(new Entry("other"), 10);
        queue.Cancel(entry);
        queue.Add(entry, 10);

        Assert.That(TakeAll(queue, 10), Is.EqualTo(["other", "again"]));
    }

    [Test]
    public void Cancelled_slots_at_the_head_are_purged_and_deeper_ones_stay()
    {
        var queue = new TimerQueue();
        Entry[] entries = Arm(queue, 10);
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
        Entry[] entries = Arm(queue, armed);
        foreach (Entry entry in entries[^cancelled..])
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
        Entry[] entries = Arm(queue, 400);
        foreach (Entry entry in entries.Where((_, i) => i % 3 != 0))
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
        Entry[] entries = Arm(queue, 20);

        queue.Clear();

        Assert.That(queue.Count, Is.Zero);
        Assert.That(entries.All(entry => !entry.IsArmed));
        new TimerQueue().Add(entries[0], 1);
    }

    [Test]
    public void A_million_sleepers_can_be_cancelled_and_leave_nothing_behind()
    {
        var queue = new TimerQueue();
        Entry[] entries = Arm(queue, 1_000_000);
        foreach (Entry entry in entries)
        {
            queue.Cancel(entry);
        }

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.Zero);
    }

    /// <summary>A shrinking generator: small counterexamples of what the long run may find.</summary>
    [Test]
    public void Any_short_history_matches_the_model()
    {
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest(300)
            .WithReplay((ulong)TestSeed.Next(), 1);
        Arbitrary<int[]> histories = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();
        Prop.ForAll(histories, Matches).Check(config);

        static void Matches(int[] history)
        {
            var twins = new QueueAndModel();
            foreach (int operation in history)
            {
                twins.Do(operation);
            }

            twins.TakeTheRest();
        }
    }

    /// <summary>
    /// 100,000 operations from one printed seed; <c>REACTOR_TEST_SEED</c> runs it again.
    /// </summary>
    [Test]
    public void A_long_random_history_matches_the_model()
    {
        Random random = TestSeed.NewRandom();
        var twins = new QueueAndModel();
        for (int i = 0; i < 100_000; i++)
        {
            twins.Do(random.Next());
        }

        twins.TakeTheRest();
    }

    private static Entry[] Arm(TimerQueue queue, int count)
    {
        Entry[] entries = [.. Enumerable.Range(0, count).Select(i => new Entry($"{i}"))];
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
            names.Add(((Entry)entry).Name);
        }

        return names;
    }

    private sealed class Entry(string name) : TimerEntry
    {
        public string Name => name;
    }

    /// <summary>The queue beside a list that is searched from end to end.</summary>
    private sealed class QueueAndModel
    {
        private const int EntriesMax = 700; // well over the 100 that a sweep needs

        private readonly TimerQueue _queue = new();
        private readonly List<(long When, long Sequence, Entry Entry)> _model = [];
        private readonly Entry[] _entries =
            [.. Enumerable.Range(0, EntriesMax).Select(i => new Entry($"{i}"))];
        private long _sequence;
        private long _now;

        /// <summary>Six arms and three cancels to one step of time: the sweep has work to do.</summary>
        public void Do(int operation)
        {
            uint number = (uint)operation;
            Entry entry = _entries[number / 10 % EntriesMax];
            switch (number % 10)
            {
                case < 6:
                    Rearm(entry, _now + (number / 10_000 % 64));
                    break;
                case < 9:
                    Cancel(entry);
                    break;
                default:
                    _now += number / 10_000 % 8;
                    _queue.PurgeCancelled();
                    TakeDue();
                    break;
            }
        }

        public void TakeTheRest()
        {
            _now = long.MaxValue;
            TakeDue();
            Assert.That(_model, Is.Empty);
            Assert.That(_queue.Count, Is.Zero);
        }

        private void Rearm(Entry entry, long when)
        {
            Cancel(entry);
            _queue.Add(entry, when);
            _model.Add((when, ++_sequence, entry));
        }

        private void Cancel(Entry entry)
        {
            bool expected = _model.RemoveAll(slot => ReferenceEquals(slot.Entry, entry)) > 0;
            Assert.That(_queue.Cancel(entry), Is.EqualTo(expected));
        }

        private void TakeDue()
        {
            while (_queue.TryTakeDue(_now, out TimerEntry entry))
            {
                (long When, long Sequence, Entry Entry) first =
                    _model.MinBy(slot => (slot.When, slot.Sequence));
                Assert.That(((Entry)entry).Name, Is.EqualTo(first.Entry.Name));
                _model.Remove(first);
            }

            Assert.That(_model.Exists(slot => slot.When <= _now), Is.False, "nothing due is left");
        }
    }
}
