using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>
/// The worst values and the slow works lead to their events, which <see cref="Traces.OfMoments"/>
/// counts.
/// </summary>
[TestFixture]
public sealed class MomentTests
{
    [TestCase("poll", 3, 10)]
    [TestCase("lateness", 4, 500)]
    [TestCase("queueWait", 8, 50)]
    [TestCase("runTime", 9, 70)]
    public void A_worst_value_leads_to_the_event_that_ended_it(string name, long number, long value)
    {
        LoopTrace trace = Traces.OfMoments();
        var run = new RecordedRun(trace);
        CulpritView culprit = CulpritOf(run.StateAt(trace.Count), name);
        Assert.That((culprit.Event, culprit.ValueNs), Is.EqualTo((number, value)));

        StateView there = run.StateAt(culprit.Event);
        Assert.That((there.Moment.TimeNs, there.Turn.Number), Is.EqualTo((culprit.TimeNs, 1L)));
        Assert.That(CulpritOf(there, name), Is.EqualTo(culprit), "the value is known there");
        Assert.That(
            run.StateAt(culprit.Event - 1).Histograms.Single(one => one.Name == name).Culprits,
            Is.Empty, "and not before");
    }

    [Test]
    public void The_events_of_the_worst_values_survive_a_jump_in_a_long_trace()
    {
        LoopTrace trace = Traces.OfTicks(turns: 3_000);
        var run = new RecordedRun(trace);
        HistogramView poll = run.StateAt(trace.Count).Histograms.Single(one => one.Name == "poll");
        Assert.That(poll.Culprits, Is.Not.Empty);
        foreach (CulpritView culprit in poll.Culprits)
        {
            TraceEvent ended = trace.Events[(int)culprit.Event - 1];
            Assert.That(
                (ended.Kind, ended.Time), Is.EqualTo((TraceEventKind.PollEnded, culprit.TimeNs)));
        }
    }

    [Test]
    public void A_step_by_slow_work_leads_to_each_of_them_and_back()
    {
        var run = new RecordedRun(Traces.OfMoments());
        Assert.That(run.Step(0, TraceStep.Slow, 1), Is.EqualTo(10));
        Assert.That(run.Step(10, TraceStep.Slow, 1), Is.EqualTo(15));
        Assert.That(run.Step(15, TraceStep.Slow, -1), Is.EqualTo(10));
        Assert.That(run.Step(15, TraceStep.Slow, 1), Is.EqualTo(run.Count));
    }

    [Test]
    public void A_span_of_the_timeline_leads_to_its_first_slow_work() => Assert.That(
        new RecordedRun(Traces.OfMoments()).Timeline().Spans.Where(span => span.Slow > 0)
            .Select(span => span.SlowEvent),
        Is.EqualTo(new[] { 10, 15 }));

    [Test]
    public void The_text_names_the_event_of_a_worst_value()
    {
        LoopTrace trace = Traces.OfMoments();
        var run = new RecordedRun(trace);
        string text = TextPage.Write(
            run.StateAt(trace.Count), run.Session, InspectorStrings.English);
        Assert.That(text, Does.Contain("70 ns [9] worker"));
    }

    private static CulpritView CulpritOf(StateView view, string name) =>
        view.Histograms.Single(one => one.Name == name).Culprits.Single(
            one => one.Name != "late");
}
