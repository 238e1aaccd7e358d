// Hazards: a picture that is well-formed and shows something else than the run. Expected counts and
// texts are derived from the scripts.

using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pictures;

[TestFixture]
public sealed class PictureContentTests
{
    [Test]
    public void Lanes_show_each_step_poll_and_wait_once()
    {
        var picture = DrawnPicture.Draw(SampleTraces.TwoTurns().Build(), PictureKind.Lanes);
        Assert.That(picture.Areas("step").Count(), Is.EqualTo(8), "4 of the loop, 4 of the tasks");
        Assert.That(picture.Areas("poll").Count(), Is.EqualTo(3));
        Assert.That(picture.Areas("io").Count(), Is.EqualTo(1));
        Assert.That(picture.Areas("task").Count(), Is.EqualTo(1));
        Assert.That(picture.Areas("ready").Count(), Is.EqualTo(4), "each step was queued before");
        Assert.That(picture.Texts, Does.Contain("waits for I/O").And.Contain("the loop"));
        Assert.That(picture.Description, Does.Contain("In 4 turns the loop worked for 59 µs"));
    }

    [Test]
    public void Lanes_are_drawn_to_scale()
    {
        TraceScript script = new TraceScript().Turn(1).Batch(2)
            .Callback("first", 10_000).After(10_000).Callback("second", 20_000);
        (double X, double Y, double Width, double Height)[] areas =
            [.. DrawnPicture.Draw(script.Build(), PictureKind.Lanes).Areas("call")];
        Assert.That(areas, Has.Length.EqualTo(2));
        Assert.That(areas[1].Width, Is.EqualTo(2 * areas[0].Width).Within(0.2));
        Assert.That(areas[1].X - areas[0].X, Is.EqualTo(2 * areas[0].Width).Within(0.2));
    }

    [Test]
    public void A_turn_lists_its_phases_and_its_works_with_what_follows()
    {
        var picture = DrawnPicture.Draw(
            SampleTraces.TwoTurns().Build(), PictureKind.Turn, new PictureOptions { Turn = 2 });
        Assert.That(picture.Title, Is.EqualTo("Turn 2"));
        Assert.That(picture.Texts, Is.SupersetOf(new[]
        {
            "does not wait: work is ready", "0 operations done", "1 work", "1 worker", "30 µs",
            "awaits receive Worker.cs:20",
        }));
    }

    [Test]
    public void A_message_in_a_long_poll_does_not_make_a_batch_long()
    {
        LoopTrace trace = new TraceScript()
            .Turn(1).Batch(1).Callback("work", 1_000)
            .Turn(2).Add(TraceEventKind.PollBegan, 0, -1).After(1_000_000)
            .Add(TraceEventKind.MessagePosted, 1).After(10).Add(TraceEventKind.PollEnded)
            .Add(TraceEventKind.MessageReceived, 1).Batch(1).Callback("short", 100).Build();
        Assert.That(
            DrawnPicture.Draw(trace, PictureKind.Turn).Title, Is.EqualTo("Turn 1"));
    }

    [Test]
    public void A_turn_that_waited_says_how_long_and_what_ended_it()
    {
        var picture = DrawnPicture.Draw(
            SampleTraces.TwoTurns().Build(), PictureKind.Turn, new PictureOptions { Turn = 3 });
        Assert.That(picture.Texts, Is.SupersetOf(new[]
        {
            "took 50 µs", "without a timeout", "1 operation done", "ends: done",
            "1 work became ready during the batch, to run in the next turn.",
        }));
    }

    [Test]
    public void The_queue_has_its_line_between_this_turn_and_the_next()
    {
        TraceScript script = new TraceScript().Turn(1).Spawn(1, "a").Spawn(2, "b").Batch(2)
            .Add(TraceEventKind.StepBegan, 1).Spawn(3, "c", parent: 1);
        var picture = DrawnPicture.Draw(script.Build(), PictureKind.Queue);
        double line = DrawnPicture.Number(picture.Text("The batch ends here"), "y");
        double[] tops = [.. new[] { "a", "b", "c" }.Select(
            name => DrawnPicture.Number(picture.Text(name), "y"))];
        Assert.That(tops, Is.Ordered);
        Assert.That(tops.Count(top => top < line), Is.EqualTo(2), "a runs, b is of the batch");
        Assert.That(picture.Texts, Does.Contain("Runs in the next turn: 1"));
    }

    [Test]
    public void The_tree_shows_lines_of_awaits_and_names_cycles()
    {
        TraceScript script = new TraceScript().Turn(1).Spawn(1, "alice").Spawn(2, "bob")
            .Spawn(3, "main").Batch(3).Step(1, 10).Awaits(1, "bob", "Chat.cs:5", task: 2)
            .Step(2, 10).Awaits(2, "alice", "Chat.cs:6", task: 1)
            .Step(3, 10).Awaits(3, "alice", "Chat.cs:9", task: 1);
        var picture = DrawnPicture.Draw(script.Build(), PictureKind.Tree);
        Assert.That(picture.Texts, Is.SupersetOf(new[]
        {
            "awaits bob", "Chat.cs:5", "Chat.cs:6", "Chat.cs:9", "the cycle is closed",
            "has a row above",
            "Cycle, which only a cancellation ends: alice → bob → alice.",
        }));
        Assert.That(picture.Description, Does.Contain("Cycles: alice → bob → alice"));
    }

    [Test]
    public void A_chain_of_a_hundred_thousand_awaits_is_drawn_to_a_bound()
    {
        const int length = 100_000;
        IEnumerable<TreeTask> chain = Enumerable.Range(1, length).Select(i => new TreeTask(
            i, $"t{i}", PictureFill.Task, "", "", i < length ? [i + 1] : []));
        var tree = TreeRows.Of(chain);
        Assert.That(tree.Rows, Has.Count.EqualTo(TreeRows.DepthMax + 1));
        Assert.That(tree.LeftOut, Is.EqualTo(length - tree.Rows.Count));
        Assert.That(tree.Cycles, Is.Empty);
    }

    [Test]
    public void Equal_tasks_share_a_row_and_few_do_not()
    {
        Assert.That(RowsOf(3), Is.EqualTo(3));
        Assert.That(RowsOf(4), Is.EqualTo(1));

        static int RowsOf(int count) => TreeRows.Of(Enumerable.Range(1, count).Select(
            i => new TreeTask(i, $"worker {i}", PictureFill.Io, "awaits I/O", "A.cs:1", [])))
            .Rows.Count;
    }

    [Test]
    public void Timers_are_late_on_time_cancelled_or_armed()
    {
        TraceScript script = new TraceScript().Turn(1)
            .Add(TraceEventKind.TimerArmed, 1, 10_000, "late")
            .Add(TraceEventKind.TimerArmed, 2, 15_000, "punctual")
            .Add(TraceEventKind.TimerArmed, 3, 20_000, "gone")
            .Add(TraceEventKind.TimerArmed, 4, 30_000, "armed")
            .After(15_000).Add(TraceEventKind.TimerFired, 1, 5_000)
            .Add(TraceEventKind.TimerFired, 2, 0)
            .After(1_000).Add(TraceEventKind.TimerCancelled, 3).After(4_000).Turn(2);
        var picture = DrawnPicture.Draw(script.Build(), PictureKind.Timers);
        Assert.That(picture.Texts, Is.SupersetOf(new[]
        {
            "late", "5 µs late", "punctual", "on time", "gone", "cancelled", "armed",
            // By the timers that fired, the clocks of loop and trace are equal.
            "due at 30 µs",
        }));
        Assert.That(picture.Texts, Has.Some.EndsWith(
            "2 fired, 1 cancelled, 1 still armed"));
    }

    [Test]
    public void Connections_show_their_states_until_they_are_closed()
    {
        TraceScript script = new TraceScript().State(1, "New").After(10_000).State(1, "Handler")
            .State(2, "New").After(10_000)
            .Add(TraceEventKind.StateChanged, 1, 1, "Closed", "connection").After(10_000).Turn(1);
        var picture = DrawnPicture.Draw(script.Build(), PictureKind.Connection);
        Assert.That(picture.Title, Is.EqualTo("Connections: 2"));
        Assert.That(picture.Texts, Is.SupersetOf(new[]
            { "connection 1", "connection 2", "New", "Handler", "Closed", "at most 2" }));
        Assert.That(picture.Description, Does.Contain("New (30 µs), Handler (10 µs)"));
    }
}
