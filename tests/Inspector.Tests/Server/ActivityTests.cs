using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>The spans of the timeline, with sums derived by hand.</summary>
[TestFixture]
public sealed class ActivityTests
{
    [Test]
    public void Time_outside_polls_is_work_also_across_spans()
    {
        var activity = new Activity(spanNs: 100, spansMax: 4);
        activity.Add(new(TraceEventKind.TurnBegan, 20, 1));
        activity.Add(new(TraceEventKind.PollBegan, 50));
        activity.Add(new(TraceEventKind.PollEnded, 150));
        activity.Add(new(TraceEventKind.Slow, 260, 0, 110));
        activity.Advance(399);

        // 20 to 50; 150 to 200; all; 300 to 399.
        SpanView[] spans = activity.Read(4);
        Assert.That(spans.Select(one => one.Busy), Is.EqualTo(new[] { 0.3, 0.5, 1, 0.99 }));
        Assert.That(spans.Select(one => one.Events), Is.EqualTo(new[] { 2, 1, 1, 0 }));
        Assert.That(spans.Select(one => one.Slow), Is.EqualTo(new[] { 0, 0, 1, 0 }));
        Assert.That(
            spans.Select(one => one.SlowEvent), Is.EqualTo(new[] { 0, 0, 4, 0 }), "the fourth");
    }

    [Test]
    public void Only_the_newest_spans_are_kept_and_those_before_the_begin_are_empty()
    {
        var activity = new Activity(spanNs: 100, spansMax: 2);
        activity.Add(new(TraceEventKind.TurnBegan, 10, 1));
        Assert.That(activity.Read(2).Select(one => one.Events), Is.EqualTo(new[] { 0, 1 }));
        activity.Add(new(TraceEventKind.TurnBegan, 110, 2));
        activity.Add(new(TraceEventKind.TurnBegan, 111, 3));
        activity.Add(new(TraceEventKind.TurnBegan, 210, 4));
        Assert.That(activity.Read(2).Select(one => one.Events), Is.EqualTo(new[] { 2, 1 }));
        Assert.That(activity.Read(3)[0].Events, Is.Zero, "older than what is kept");
    }

    [TestCase(TraceEventKind.PollBegan, 0.0)]
    [TestCase(TraceEventKind.PollEnded, 1.0)]
    public void A_long_time_without_events_is_all_alike(TraceEventKind last, double busy)
    {
        var activity = new Activity(spanNs: 100, spansMax: 3);
        activity.Add(new(last, 0));
        activity.Advance(1_000_000_000_099);
        Assert.That(
            activity.Read(3).Select(one => Math.Round(one.Busy, 1)),
            Is.EqualTo(new[] { busy, busy, busy }));
    }
}
