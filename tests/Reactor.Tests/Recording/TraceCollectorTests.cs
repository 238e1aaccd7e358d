using Reactor.Recording;

namespace Reactor.Tests.Recording;

/// <summary>What is kept of a run: a part of it, up to a bound.</summary>
public sealed class TraceCollectorTests
{
    // Turn n begins at n µs.
    private static List<TraceEvent> Turns(int count) =>
        [.. Enumerable.Range(1, count).Select(
            i => new TraceEvent(TraceEventKind.TurnBegan, i * 1_000, i))];

    private static TimeSpan Micro(int count) => TimeSpan.FromMicroseconds(count);

    [Test]
    public void As_many_events_as_the_bound_are_kept_and_one_more_is_an_error()
    {
        var collector = new TraceCollector(new TracePart { EventsMax = 10 });
        collector.Take(Turns(10));
        Assert.That(collector.Finish(), Has.Count.EqualTo(10));
        collector.Take(Turns(1));
        Assert.That(
            collector.Finish,
            Throws.TypeOf<RecordingException>().With.Message.Contains("more than 10 events"));
    }

    [Test]
    public void The_bound_counts_only_the_part()
    {
        var part = new TracePart { EventsMax = 3, From = Micro(50), To = Micro(52) };
        var collector = new TraceCollector(part);
        collector.Take(Turns(100));
        Assert.That(
            collector.Finish().Select(one => one.Id), Is.EqualTo(new long[] { 50, 51, 52 }));
    }

    [Test]
    public void A_part_begins_with_the_state_at_its_begin()
    {
        var collector = new TraceCollector(new TracePart { From = Micro(5) });
        collector.Take([new(TraceEventKind.TaskSpawned, 1_000, 7), .. Turns(4)[1..]]);
        collector.Take([new(TraceEventKind.TaskSpawned, 6_000, 8)]);
        IReadOnlyList<TraceEvent> events = collector.Finish();
        Assert.That(
            events.Select(one => (one.Kind, one.Time, one.Id)),
            Is.EqualTo(new[]
            {
                (TraceEventKind.TaskSpawned, 5_000L, 7L),
                (TraceEventKind.TaskSpawned, 6_000L, 8L),
            }));
    }

    [Test]
    public void A_part_behind_the_end_has_the_last_state()
    {
        var collector = new TraceCollector(new TracePart { From = Micro(5) });
        collector.Take([new(TraceEventKind.TaskSpawned, 1_000, 7)]);
        Assert.That(
            collector.Finish(),
            Is.EqualTo(new[] { new TraceEvent(TraceEventKind.TaskSpawned, 5_000, 7) }));
    }

    [Test]
    public void The_list_that_was_taken_is_empty()
    {
        List<TraceEvent> events = Turns(3);
        new TraceCollector(new TracePart { From = Micro(2), EventsMax = 1 }).Take(events);
        Assert.That(events, Is.Empty);
    }

    [Test]
    public void A_bound_below_one_throws() => Assert.That(
        () => new TracePart { EventsMax = 0 },
        Throws.TypeOf<ArgumentOutOfRangeException>());
}
