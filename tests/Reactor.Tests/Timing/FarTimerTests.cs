using Reactor.Testing;

namespace Reactor.Tests.Timing;

/// <summary>
/// A timer queue whose heap is small, so that most timers are far ones: whatever way a slot takes
/// from stretch to stretch, it falls due in its place.
/// </summary>
public class FarTimerTests
{
    private const int HeapSlotsMax = 8;

    [Test]
    public void Timers_in_random_order_with_many_ties_fall_due_by_moment_and_then_by_arming()
    {
        Random random = TestSeed.NewRandom();
        var queue = new TimerQueue(HeapSlotsMax);
        (long When, string Name)[] armed =
            [.. Enumerable.Range(0, 20_000).Select(i => ((long)random.Next(3_000), $"{i}"))];
        foreach ((long when, string name) in armed)
        {
            queue.Add(new NamedEntry(name), when);
        }

        // OrderBy keeps the order of equal keys, which is the order of arming.
        Assert.That(
            TakeAll(queue), Is.EqualTo(armed.OrderBy(one => one.When).Select(one => one.Name)));
    }

    [Test]
    public void More_timers_of_one_moment_than_the_heap_holds_fall_due_as_they_were_armed()
    {
        var queue = new TimerQueue(HeapSlotsMax);
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"{i}")];
        queue.Add(new NamedEntry("last"), 8);
        foreach (string name in names)
        {
            queue.Add(new NamedEntry(name), 7);
        }

        Assert.That(TakeAll(queue), Is.EqualTo(names.Append("last")));
    }

    [Test]
    public void The_ends_of_the_clock_are_moments_like_others()
    {
        var queue = new TimerQueue(HeapSlotsMax);
        long[] whens = [long.MaxValue, 0, long.MinValue, 1, long.MaxValue - 1, long.MinValue + 1];
        for (int i = 0; i < 120; i++)
        {
            queue.Add(new NamedEntry($"{whens[i % 6]}"), whens[i % 6]);
        }

        Assert.That(
            TakeAll(queue),
            Is.EqualTo(whens.Order().SelectMany(when => Enumerable.Repeat($"{when}", 20))));
    }

    [Test]
    public void A_timer_armed_while_others_fall_due_takes_its_place_among_them()
    {
        var queue = new TimerQueue(HeapSlotsMax);
        for (int i = 0; i < 1000; i += 2)
        {
            queue.Add(new NamedEntry($"{i}"), i);
        }

        var taken = new List<string>();
        for (int now = 0; now < 1000; now++)
        {
            if (now % 2 == 1)
            {
                queue.Add(new NamedEntry($"{now}"), now);
            }

            taken.AddRange(TakeAll(queue, now));
        }

        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
    }

    [Test]
    public void The_sweep_reaches_the_far_ones_and_counts_them()
    {
        var queue = new TimerQueue(HeapSlotsMax);
        NamedEntry[] entries = [.. Enumerable.Range(0, 400).Select(i => new NamedEntry($"{i}"))];
        for (int i = 0; i < entries.Length; i++)
        {
            queue.Add(entries[i], i);
        }

        foreach (NamedEntry entry in entries.Where((_, i) => i % 4 != 0))
        {
            queue.Cancel(entry);
        }

        Assert.That(queue.Count, Is.EqualTo(400), "cancelling only marks");

        queue.PurgeCancelled();

        Assert.That(queue.Count, Is.EqualTo(100), "every fourth of 400");
        Assert.That(
            TakeAll(queue), Is.EqualTo(entries.Where((_, i) => i % 4 == 0).Select(e => e.Name)));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void Clear_disarms_the_far_ones_too()
    {
        var queue = new TimerQueue(HeapSlotsMax);
        NamedEntry[] entries = [.. Enumerable.Range(0, 100).Select(i => new NamedEntry($"{i}"))];
        foreach (NamedEntry entry in entries)
        {
            queue.Add(entry, 5);
            queue.Cancel(entry);
            queue.Add(entry, 50);
        }

        queue.TakeAll();

        Assert.That(queue.Count, Is.Zero);
        Assert.That(entries.All(entry => !entry.IsArmed));
        Assert.That(queue.TryPeek(out _), Is.False);
    }

    private static List<string> TakeAll(TimerQueue queue, long now = long.MaxValue)
    {
        var names = new List<string>();
        while (queue.TryTakeDue(now, out TimerEntry entry))
        {
            names.Add(((NamedEntry)entry).Name);
        }

        return names;
    }
}
