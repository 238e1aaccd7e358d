using Reactor;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>The page as text, and the sentences of events.</summary>
[TestFixture]
public sealed class TextTests
{
    [Test]
    public void The_text_has_every_panel_in_the_language_of_the_request()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Sleep(), "sleeper"));
        world.WaitForState(state => (int)state["tasks"]!["count"]! == 1);
        string english = world.Client.Get("/text").Text;
        string chinese = world.Client.Get("/text?lang=zh").Text;
        foreach (string key in new[]
        {
            "queue.title", "timers.title", "connections.title", "tasks.title", "tree.title",
            "histograms.title", "log.title", "histogram.poll",
        })
        {
            Assert.That(english, Does.Contain(InspectorStrings.English.Get(key)));
            Assert.That(chinese, Does.Contain(InspectorStrings.For("zh").Get(key)));
        }

        Assert.That(english, Does.Contain("sleeper"));
        Assert.That(english, Does.Contain("TextTests.cs:"));
        Assert.That(english, Does.Not.Match(@"\{\w+\}"), "a placeholder without a value");
    }

    [Test]
    public void A_recording_is_shown_as_text_at_a_position()
    {
        LoopTrace trace = Traces.OfTicks(turns: 20);
        using RecordedInspector inspector = RecordedInspector.Open(trace);
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        Assert.That(
            client.Get("/text?event=10").Text, Does.Contain($"Event 10 of {trace.Count}"));
        Assert.That(
            client.Get("/text").Text, Does.Contain($"Event {trace.Count} of {trace.Count}"));
        Assert.That(client.Get("/text?event=0").Text, Does.Contain("No event yet."));
    }

    [Test]
    public void A_sentence_names_task_line_and_duration()
    {
        var names = new TraceNames();
        int task = names.Add("shop");
        int what = names.Add("EventLoop.Delay");
        int place = names.Add("Shop.cs:12");
        var reader = new EventReader(names, _ => null, _ => null);
        EventView[] views = reader.Read(
            [
                new(TraceEventKind.TaskSpawned, 0, 7, 0, task),
                new(TraceEventKind.TaskAwaits, 1, 7, 0, what, place),
                new(TraceEventKind.PollBegan, 2, 0, 1_500_000),
                new(TraceEventKind.TurnBegan, 3, 4),
            ],
            1);
        Assert.That(
            views.Select(view => TextPage.Sentence(view, InspectorStrings.English)),
            Is.EqualTo(new[]
            {
                "shop #7 is created. Its first step runs in the next turn.",
                "shop #7 cannot continue: at Shop.cs:12 it waits for EventLoop.Delay.",
                "The poll begins. Nothing is ready, so the loop may wait for I/O for up to "
                    + "1.5 ms, when the next timer is due.",
                "Turn 4 begins. Cancelled timers are removed first.",
            }));
    }

    [TestCase(0, ExpectedResult = "0 ns")]
    [TestCase(999, ExpectedResult = "999 ns")]
    [TestCase(1_000, ExpectedResult = "1 µs")]
    [TestCase(1_234_567, ExpectedResult = "1.23 ms")]
    [TestCase(61_500_000_000, ExpectedResult = "61.5 s")]
    [TestCase(999_499, ExpectedResult = "999 µs")]
    [TestCase(999_600, ExpectedResult = "1 ms")]
    [TestCase(1_234_000_000_000, ExpectedResult = "1234 s")]
    [TestCase(-2_000_000, ExpectedResult = "-2 ms")]
    public string A_duration_has_three_digits_and_a_unit(long ns) => TextPage.Duration(ns);

    [Test]
    public void A_name_cannot_control_the_terminal()
    {
        LoopTrace trace = new TraceScript().Turn(1).Spawn(1, "a\u001b[2Jb\nc").Build();
        var run = new RecordedRun(trace);
        string text = TextPage.Write(
            run.StateAt(run.Count), run.Session, InspectorStrings.English);
        Assert.That(text, Does.Contain("a\u241b[2Jb\u240ac").And.Not.Contain("\u001b"));
    }

    private static async Coroutine Sleep() => await EventLoop.Delay(TimeSpan.FromHours(1));
}
