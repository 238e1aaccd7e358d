using System.Runtime.CompilerServices;
using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// The parts of a trace's state: the table by number against a dictionary, the histogram against a
/// list, the ready queue, and the bounds of the table of texts.
/// </summary>
public sealed class TraceTablesTests
{
    [Test]
    public void A_table_is_like_a_dictionary_whatever_comes_and_goes()
    {
        Random random = TestSeed.NewRandom();
        var table = new IdTable<long>();
        var model = new Dictionary<long, long>();
        for (int i = 0; i < 50_000; i++)
        {
            long id = random.Next(1, random.Next(4) == 0 ? 5_000 : 60);
            switch (random.Next(3))
            {
                case 0:
                    table.FindOrAdd(id, out bool isNew) = i;
                    Assert.That(isNew, Is.EqualTo(!model.ContainsKey(id)));
                    model[id] = i;
                    break;
                case 1:
                    Assert.That(table.Remove(id), Is.EqualTo(model.Remove(id)));
                    break;
                default:
                    ref long found = ref table.Find(id);
                    Assert.That(!Unsafe.IsNullRef(ref found), Is.EqualTo(model.ContainsKey(id)));
                    Assert.That(Unsafe.IsNullRef(ref found) || found == model[id]);
                    break;
            }
        }

        Assert.That(table.Count, Is.EqualTo(model.Count));
        Assert.That(table.Entries, Is.EquivalentTo(model.Values));
        IdTable<long> copy = table.Clone();
        table.Clear();
        Assert.That(table.Entries, Is.Empty);
        Assert.That(copy.Entries, Is.EquivalentTo(model.Values));
    }

    [Test]
    public void The_ready_queue_is_first_in_first_out_and_finds_what_is_not_first()
    {
        var queue = new TraceQueue();
        for (int i = 1; i <= 40; i++)
        {
            queue.Enqueue(new TraceWork(i % 3, i, 0, 0));
        }

        Assert.That(queue.TryDequeue(1, out TraceWork work) && work.Name == 1);
        Assert.That(queue.TryDequeue(1, out work) && work.Name == 4, "past 2 and 3");
        Assert.That(queue.TryDequeue(9, out _), Is.False);
        Assert.That(
            Enumerable.Range(0, queue.Count).Select(i => queue[i].Name),
            Is.EqualTo(Enumerable.Range(1, 40).Where(i => i is not (1 or 4))));
    }

    [TestCase(0, 0, 1)]
    [TestCase(3, 3, 4)]
    [TestCase(4, 4, 5)]
    [TestCase(8, 8, 10)]
    [TestCase(9, 8, 10)]
    [TestCase(1023, 896, 1024)]
    [TestCase(1024, 1024, 1280)]
    [TestCase(long.MaxValue, 7L << 60, long.MaxValue)]
    public void A_bucket_is_a_quarter_of_a_power_of_two(long value, long from, long to)
    {
        var histogram = new TraceHistogram();
        histogram.Add(value);

        Assert.That(histogram.Buckets, Is.EqualTo(new[] { (from, to, 1) }));
        Assert.That(histogram.Percentile(1), Is.EqualTo(Math.Min(value, to - 1)));
    }

    [Test]
    public void A_percentile_is_that_of_the_values_within_a_quarter()
    {
        Random random = TestSeed.NewRandom();
        var histogram = new TraceHistogram();
        long[] values = [.. Enumerable.Range(0, 1000).Select(_ => random.NextInt64(1, 1 << 30))];
        foreach (long value in values)
        {
            histogram.Add(value);
        }

        Array.Sort(values);
        foreach (double share in new[] { 0.0, 0.5, 0.9, 0.99, 1.0 })
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(share * 1000) - 1)];
            Assert.That(
                histogram.Percentile(share), Is.InRange(exact, exact + (exact / 4)), $"{share}");
        }

        Assert.That(histogram.Sum, Is.EqualTo(values.Sum()));
    }

    [Test]
    public void The_worst_are_kept_the_longest_first_and_of_equal_ones_the_earlier()
    {
        var histogram = new TraceHistogram();
        foreach (long value in new long[] { 3, 9, 1, 7, 7, 5, 2, 8, 4, 6 })
        {
            if (histogram.IsBad(value))
            {
                histogram.AddCulprit(new TraceCulprit(
                    value, 0, 0, histogram.Culprits.Length, 0, 0, 0, 0, 0));
            }
        }

        Assert.That(
            histogram.Culprits.ToArray().Select(culprit => culprit.Value),
            Is.EqualTo(new long[] { 9, 8, 7, 7, 6, 5, 4, 3 }));
        Assert.That(histogram.Culprits[2].Id, Is.LessThan(histogram.Culprits[3].Id));
    }

    [Test]
    public void A_text_is_in_the_table_once_and_cut_beyond_its_length()
    {
        var names = new TraceNames();
        int id = names.Add("one");
        Assert.That(names.Add(string.Concat("on", "e")), Is.EqualTo(id));
        Assert.That((names[id], names[0], names[-1], names[99]), Is.EqualTo(("one", "", "", "")));
        Assert.That(names.Add(""), Is.Zero);
        string longest = new('x', TraceNames.LengthMax);

        Assert.That(names[names.Add(longest)], Is.EqualTo(longest));
        Assert.That(names[names.Add(longest + "x")], Is.EqualTo(longest[1..] + "…"));
    }

    [Test]
    public void A_full_table_gives_one_number_for_all_that_is_new()
    {
        var names = new TraceNames();
        for (int i = names.Count; i < TraceNames.NamesMax; i++)
        {
            Assert.That(names.Add($"name {i}"), Is.EqualTo(i));
        }

        int more = names.Add("one more");
        Assert.That(names[more], Is.EqualTo("(more names)"));
        Assert.That(names.Add("and another"), Is.EqualTo(more));
        Assert.That(names.AddPlace(typeof(string), 0), Is.EqualTo(more));
        Assert.That(names[names.Add("name 777")], Is.EqualTo("name 777"), "it was there");
        Assert.That(names.Count, Is.EqualTo(TraceNames.NamesMax));
    }

    [Test]
    public void A_ring_takes_as_many_as_it_has_places_and_no_more()
    {
        var ring = new TraceRing(3);
        Assert.That(ring.Capacity, Is.EqualTo(4));
        var taken = new List<TraceEvent>();
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.That(ring.TryWrite(new TraceEvent(TraceEventKind.TurnBegan, i, i)));
            }

            Assert.That(ring.TryWrite(default), Is.False);
            Assert.That(ring.DrainTo(taken, 3), Is.EqualTo(3));
            Assert.That(ring.DrainTo(taken), Is.EqualTo(1));
            Assert.That(ring.DrainTo(taken), Is.Zero);
        }

        Assert.That(
            taken.Select(one => one.Id),
            Is.EqualTo(Enumerable.Range(0, 20).Select(i => (long)(i % 4))));
    }

    [Test]
    public void A_ring_between_two_threads_loses_and_repeats_nothing()
    {
        const int Events = 300_000;
        var ring = new TraceRing(256);
        var writer = new Thread(() =>
        {
            var wait = new SpinWait();
            for (int i = 0; i < Events; i++)
            {
                while (!ring.TryWrite(new TraceEvent(TraceEventKind.TurnBegan, i, i)))
                {
                    wait.SpinOnce();
                }
            }
        });
        writer.Start();
        var taken = new List<TraceEvent>(Events);
        var pause = new SpinWait();
        while (taken.Count < Events)
        {
            if (ring.DrainTo(taken) == 0)
            {
                pause.SpinOnce();
            }
        }

        writer.Join();
        Assert.That(taken.Select((one, i) => one.Id == i && one.Time == i), Has.All.True);
    }
}
