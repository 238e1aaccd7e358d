// Hazards of choosing a moment: off by one at the ends of turns and ranges, a choice that the trace
// does not have, two choices at once.

using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pictures;

[TestFixture]
public sealed class PictureRangeTests
{
    private static LoopTrace Trace => SampleTraces.TwoTurns().Build();

    [TestCase(1, "turn 1: 1 turn in 22 µs")]
    [TestCase(2, "turn 2: 1 turn in 34 µs")]
    [TestCase(4, "turn 4: 1 turn in 5 µs")]
    public void A_turn_lasts_from_its_begin_to_its_last_event(int turn, string words) =>
        Assert.That(
            DrawnPicture.Draw(
                Trace, PictureKind.Lanes, new PictureOptions { Turn = turn }).Texts,
            Has.Some.EndsWith(words));

    [Test]
    public void A_range_has_the_events_at_its_ends()
    {
        ReadOnlySpan<TraceEvent> events = new TraceScript()
            .Turn(1).After(10_000).Turn(2).After(10_000).Turn(3).Build().Events;
        Assert.That(Of(events, 0, 100), Is.EqualTo((0, 2)));
        Assert.That(Of(events, 0, 99), Is.EqualTo((0, 1)));
        Assert.That(Of(events, 100, 200), Is.EqualTo((1, 3)));
        Assert.That(Of(events, 101, 199), Is.EqualTo((2, 2)), "none");
        Assert.That(Of(events, 0, 10_000), Is.EqualTo((0, 3)));
    }

    [TestCase(0, 5, "The trace has no turn 5: it has the turns 1 to 4.")]
    [TestCase(1, 34, "The trace has no event 34: it has the events 0 to 33.")]
    public void A_moment_that_the_trace_does_not_have_is_a_sentence(
        int kind, int number, string sentence)
    {
        Assert.That(Trace.Count, Is.EqualTo(34));
        var options = kind == 0
            ? new PictureOptions { Turn = number }
            : new PictureOptions { Event = number };
        foreach (PictureKind picture in Enum.GetValues<PictureKind>())
        {
            Assert.That(
                () => DrawnPicture.Draw(Trace, picture, options),
                Throws.ArgumentException.With.Message.EqualTo(sentence), picture.ToString());
        }
    }

    [TestCase(319, 319)]
    [TestCase(4001, 4001)]
    public void A_width_beyond_a_limit_is_a_sentence(int width, int named) => Assert.That(
        () => DrawnPicture.Draw(Trace, PictureKind.Turn, new PictureOptions { Width = width }),
        Throws.ArgumentException.With.Message.EqualTo(
            $"A picture is from 320 to 4000 px wide, not {named}."));

    [Test]
    public void Two_choices_are_a_sentence()
    {
        PictureOptions[] wrong =
        [
            new() { Turn = 1, Event = 1 },
            new() { Turn = 1, To = TimeSpan.Zero },
            new() { Event = 1, From = TimeSpan.Zero },
        ];
        foreach (PictureOptions options in wrong)
        {
            Assert.That(
                () => DrawnPicture.Draw(Trace, PictureKind.Turn, options),
                Throws.ArgumentException.With.Message.Contains("choose one of them"));
        }
    }

    [Test]
    public void A_range_that_ends_before_it_begins_is_a_sentence() => Assert.That(
        () => DrawnPicture.Draw(
            Trace, PictureKind.Lanes,
            new PictureOptions { From = TimeSpan.FromTicks(2), To = TimeSpan.FromTicks(1) }),
        Throws.ArgumentException.With.Message.EqualTo("The range ends before it begins."));

    private static (int First, int End) Of(
        ReadOnlySpan<TraceEvent> events, long fromTicks, long toTicks)
    {
        var range = TraceRange.Of(events, new PictureOptions
        {
            From = TimeSpan.FromTicks(fromTicks),
            To = TimeSpan.FromTicks(toTicks),
        });
        return (range.First, range.End);
    }
}
