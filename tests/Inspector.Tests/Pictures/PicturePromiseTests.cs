// Hazards of every kind of picture: too large, not well-formed, different from run to run, not
// legible, silent about what it leaves out. `DrawnPicture.Draw` holds each drawing to the promises
// of size, description, ids, letters and edges.

using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pictures;

[TestFixture]
public sealed partial class PicturePromiseTests
{
    private static readonly PictureKind[] s_kinds = Enum.GetValues<PictureKind>();

    private static LoopTrace Empty => new TraceScript().Build();

    [TestCaseSource(nameof(s_kinds))]
    public void A_small_trace_is_drawn(PictureKind kind) =>
        DrawnPicture.Draw(SampleTraces.TwoTurns().Build(), kind);

    [TestCaseSource(nameof(s_kinds))]
    public void A_busy_trace_is_drawn_at_each_width(PictureKind kind)
    {
        LoopTrace trace = SampleTraces.Server(seed: 1, turns: 200, tasks: 40);
        foreach (int width in new[] { 320, 480, 640, 960, 4000 })
        {
            DrawnPicture.Draw(trace, kind, new PictureOptions { Width = width });
        }
    }

    [TestCaseSource(nameof(s_kinds))]
    public void An_empty_trace_gives_a_picture_that_says_so(PictureKind kind)
    {
        var picture = DrawnPicture.Draw(Empty, kind);
        Assert.That(picture.Title, Is.EqualTo("Empty trace"));
        Assert.That(picture.Texts, Has.Some.Contains("no events"));
    }

    [TestCaseSource(nameof(s_kinds))]
    public void The_same_run_gives_the_same_bytes_whatever_the_culture(PictureKind kind)
    {
        byte[] first = DrawnPicture.Draw(SampleTraces.Server(3, 50, 9), kind).Bytes;
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NumberGroupSeparator = ".";
            other.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = other;
            byte[] second = DrawnPicture.Draw(SampleTraces.Server(3, 50, 9), kind).Bytes;
            Assert.That(second, Is.EqualTo(first));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestCaseSource(nameof(s_kinds))]
    public void Names_that_XML_would_read_as_its_own_are_text(PictureKind kind)
    {
        const string name = "a<b>&\"'\u0000\u001b\u202e]]>";
        TraceScript script = new TraceScript().Turn(1).Spawn(1, name)
            .Add(TraceEventKind.TimerArmed, 1, 5, name).Batch(1).Step(1, 10)
            .Awaits(1, name, name).State(1, name).After(10).Spawn(2, name).Turn(2);
        var picture = DrawnPicture.Draw(script.Build(), kind);
        Assert.That(picture.Texts, Has.Some.Contains("a<b>&\"'\u2400\u241b\ufffd"));
    }

    [TestCase(PictureKind.Lanes)]
    [TestCase(PictureKind.Connection)]
    [TestCase(PictureKind.Timers)]
    [TestCase(PictureKind.Tree)]
    [TestCase(PictureKind.Turn)]
    [TestCase(PictureKind.Queue)]
    public void A_picture_without_room_says_how_much_it_left_out(PictureKind kind)
    {
        var picture = DrawnPicture.Draw(Crowd(tasks: 500), kind);
        Assert.That(picture.Texts, Has.Some.Matches<string>(
            text => LeftOut().IsMatch(text!)), string.Join('\n', picture.Texts));
    }

    [TestCaseSource(nameof(s_kinds))]
    public void Text_and_areas_have_contrast_in_light_and_in_dark(PictureKind kind)
    {
        var picture = DrawnPicture.Draw(SampleTraces.Server(3, 50, 9), kind);
        string[] schemes = picture.Style.Split("@media(prefers-color-scheme:dark)");
        Assert.That(schemes, Has.Length.EqualTo(2));
        foreach (string scheme in schemes)
        {
            Dictionary<string, string> colours = Colours(scheme);
            foreach ((string name, string colour) in colours)
            {
                // WCAG 2.2: 4.5 for text (1.4.3), 3 for what carries meaning (1.4.11).
                double least = name is "ink" or "soft" ? 4.5 : name is "ground" or "panel" or "line"
                    ? 1 : 3;
                Assert.That(Contrast(colour, colours["ground"]), Is.AtLeast(least), name);
                if (name is "ink" or "soft")
                {
                    Assert.That(Contrast(colour, colours["panel"]), Is.AtLeast(least), name);
                }
            }
        }
    }

    [Test]
    public void States_differ_without_colour()
    {
        PictureFill[] states = [.. Enumerable.Range(0, 8).Select(PictureFill.State)];
        Assert.That(states.Select(state => state.Form), Is.Unique);
        PictureFill[] works = [PictureFill.Step, PictureFill.Callback, PictureFill.Ready,
            PictureFill.Io, PictureFill.Timer, PictureFill.Task, PictureFill.Other,
            PictureFill.Poll];
        Assert.That(works.Select(work => work.Form), Is.Unique);
    }

    [Test]
    public void A_million_events_give_a_picture_of_each_kind_of_at_most_60_KB()
    {
        LoopTrace trace = SampleTraces.Server(seed: 5, turns: 45_000, tasks: 2_000);
        Assert.That(trace.Count, Is.GreaterThan(1_000_000));
        foreach (PictureKind kind in s_kinds)
        {
            DrawnPicture.Draw(trace, kind);
        }
    }

    [Test]
    public void Long_names_in_wide_letters_do_not_make_a_picture_too_large()
    {
        var script = new TraceScript().Turn(1);
        for (int task = 1; task <= 100; task++)
        {
            script.Spawn(task, new string('語', 190) + task)
                .State(task, new string('&', 190) + task);
        }

        script.Batch(100);
        for (int task = 1; task <= 100; task++)
        {
            script.Step(task, 1_000).Awaits(task, new string('"', 190), new string('語', 190))
                .Add(TraceEventKind.TimerArmed, task, task, new string('<', 190));
        }

        foreach (PictureKind kind in s_kinds)
        {
            DrawnPicture.Draw(script.Build(), kind, new PictureOptions { Width = 4000 });
        }
    }

    // Many tasks, each with a timer, a connection and a queued step, in one turn.
    private static LoopTrace Crowd(int tasks)
    {
        var script = new TraceScript();
        for (int task = 1; task <= tasks; task++)
        {
            // Names that differ in more than digits, so that rows of the tree do not join.
            script.Spawn(task, $"task {(char)('a' + (task % 26))}{(char)('a' + (task / 26))}")
                .State(task, "Idle").Add(TraceEventKind.TimerArmed, task, 1_000 + task, "timer");
        }

        script.Turn(1).Batch(tasks);
        for (int task = 1; task <= tasks; task++)
        {
            script.Step(task, 100).Awaits(task, "a lock").State(task, "Head").After(10)
                .Add(TraceEventKind.CallbackQueued, name: "callback");
        }

        return script.Turn(2).Build();
    }

    private static Dictionary<string, string> Colours(string scheme) =>
        ColourOf().Matches(scheme).ToDictionary(
            match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static double Contrast(string one, string other)
    {
        (double a, double b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(
                colour.Substring(1 + (2 * i), 2), 16) / 255.0)
            .Select(part => part <= 0.04045
                ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex("--([a-z0-9]+):(#[0-9a-f]{6});")]
    private static partial Regex ColourOf();

    [GeneratedRegex(@"\d.*(more|not drawn|share the last row|have no row)")]
    private static partial Regex LeftOut();
}
