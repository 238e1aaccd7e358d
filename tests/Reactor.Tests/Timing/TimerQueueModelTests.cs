using FsCheck;
using FsCheck.Fluent;
using Reactor.Testing;

namespace Reactor.Tests.Timing;

/// <summary>
/// The timer queue beside a model that is too simple to be wrong: whatever is armed, armed anew and
/// cancelled, and however time passes, both must give the same.
/// </summary>
public class TimerQueueModelTests
{
    /// <summary>
    /// A shrinking generator: small counterexamples of what the long run may find.
    /// </summary>
    /// <param name="heapSlotsMax">
    /// What the heap holds: with little, nearly everything goes through the far timers.
    /// </param>
    [TestCase(1)]
    [TestCase(8)]
    [TestCase(TimerQueue.HeapSlotsMax)]
    public void Any_short_history_matches_the_model(int heapSlotsMax)
    {
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest(300)
            .WithReplay((ulong)TestSeed.Next(), 1);
        Arbitrary<int[]> histories = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();
        Prop.ForAll(histories, Matches).Check(config);

        void Matches(int[] history)
        {
            var twins = new QueueAndModel(heapSlotsMax);
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
    [TestCase(1)]
    [TestCase(8)]
    [TestCase(64)]
    [TestCase(TimerQueue.HeapSlotsMax)]
    public void A_long_random_history_matches_the_model(int heapSlotsMax)
    {
        Random random = TestSeed.NewRandom();
        var twins = new QueueAndModel(heapSlotsMax);
        for (int i = 0; i < 100_000; i++)
        {
            twins.Do(random.Next());
        }

        twins.TakeTheRest();
    }

    /// <summary>The queue beside a list that is searched from end to end.</summary>
    private sealed class QueueAndModel(int heapSlotsMax)
    {
        private const int EntriesMax = 700; // well over the 100 that a sweep needs

        private readonly TimerQueue _queue = new(heapSlotsMax);
        private readonly List<(long When, long Sequence, NamedEntry Entry)> _model = [];
        private readonly NamedEntry[] _entries =
            [.. Enumerable.Range(0, EntriesMax).Select(i => new NamedEntry($"{i}"))];
        private long _sequence;
        private long _now;

        /// <summary>
        /// Six arms and three cancels to one step of time: the sweep has work to do.
        /// </summary>
        public void Do(int operation)
        {
            uint number = (uint)operation;
            NamedEntry entry = _entries[number / 10 % EntriesMax];
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

        private void Rearm(NamedEntry entry, long when)
        {
            Cancel(entry);
            _queue.Add(entry, when);
            _model.Add((when, ++_sequence, entry));
        }

        private void Cancel(NamedEntry entry)
        {
            bool expected = _model.RemoveAll(slot => ReferenceEquals(slot.Entry, entry)) > 0;
            Assert.That(_queue.Cancel(entry), Is.EqualTo(expected));
        }

        private void TakeDue()
        {
            while (_queue.TryTakeDue(_now, out TimerEntry entry))
            {
                (long When, long Sequence, NamedEntry Entry) first =
                    _model.MinBy(slot => (slot.When, slot.Sequence));
                Assert.That(((NamedEntry)entry).Name, Is.EqualTo(first.Entry.Name));
                _model.Remove(first);
            }

            Assert.That(_model.Exists(slot => slot.When <= _now), Is.False, "nothing due is left");
        }
    }
}

/// <summary>An entry that a test can tell from others.</summary>
internal sealed class NamedEntry(string name) : TimerEntry
{
    public string Name => name;
}
