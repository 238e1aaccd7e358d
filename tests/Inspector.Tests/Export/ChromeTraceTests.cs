// Hazards of the export: slices that do not nest, spans without an end, arrows to nowhere, a trace
// that begins or breaks off in the middle of something.

using Reactor.Inspector;
using Reactor.Recording;
using static Inspector.Tests.Export.ExportedTrace;

namespace Inspector.Tests.Export;

[TestFixture]
public sealed class ChromeTraceTests
{
    [Test]
    public void Turns_contain_polls_and_batches_and_these_contain_the_work() => Assert.That(
        Write(SampleTraces.TwoTurns().Build()).Nesting(),
        Is.EqualTo(new[]
        {
            "turn", "turn batch", "turn batch main",
            "turn", "turn poll", "turn batch", "turn batch worker",
            "turn", "turn poll", "turn batch", "turn batch worker",
            "turn", "turn poll", "turn batch", "turn batch main",
        }));

    [Test]
    public void A_task_is_a_span_with_its_waits()
    {
        var trace = Write(SampleTraces.TwoTurns().Build());
        Assert.That(
            trace.Of("b").Where(one => Text(one, "cat") == "task").Select(one => Text(one, "name")),
            Is.EqualTo(new[]
                { "main", "worker", "awaits worker", "I/O: receive", "awaits receive" }));
        var wait = trace.Of("b").First(one => Text(one, "name") == "awaits receive");
        Assert.That(Text(wait.GetProperty("args"), "place"), Is.EqualTo("Worker.cs:20"));
        Assert.That(Time(wait), Is.EqualTo(57m), "µs");
    }

    [Test]
    public void An_arrow_leads_from_each_wake_in_a_turn_to_its_step()
    {
        var trace = Write(SampleTraces.TwoTurns().Build());
        // main is woken before the first turn, where there is no slice to bind to.
        Assert.That(trace.Of("s").Select(Time), Is.EqualTo(new[] { 12m, 108m, 115m }));
        Assert.That(trace.Of("f").Select(Time), Is.EqualTo(new[] { 27m, 110m, 117m }));
    }

    [Test]
    public void A_connection_is_a_span_with_its_states()
    {
        TraceScript script = new TraceScript().Turn(1).State(3, "New").After(1_000)
            .State(3, "Head").After(1_000)
            .Add(TraceEventKind.StateChanged, 3, 1, "Closed", "connection").After(1_000).Turn(2);
        var spans = Write(script.Build()).Events
            .Where(one => one.GetProperty("cat").GetString() == "connection"
                && Text(one, "ph") is "b" or "e")
            .Select(one => $"{Text(one, "ph")} {Text(one, "name")} {Time(one)}");
        Assert.That(spans, Is.EqualTo(new[]
        {
            "b connection 3 0", "b New 0", "e New 1", "b Head 1", "e Head 2", "e connection 3 2",
        }));
    }

    [Test]
    public void A_message_is_an_arrow_from_its_thread_to_the_turn_that_receives_it()
    {
        TraceScript script = new TraceScript().Turn(1).Add(TraceEventKind.PollBegan, 0, -1)
            .After(5_000).Add(TraceEventKind.MessagePosted, 1, 9, "signal").After(1_000)
            .Add(TraceEventKind.PollEnded).Add(TraceEventKind.MessageReceived, 1).Turn(2);
        var trace = Write(script.Build());
        Assert.That(
            trace.Of("M").Select(one => Text(one.GetProperty("args"), "name")),
            Does.Contain("thread 9"));
        Assert.That(trace.Names("X"), Is.EqualTo(new[] { "posts signal" }));
        Assert.That(trace.Of("s").Select(Time), Is.EqualTo(new[] { 5m }));
        Assert.That(trace.Of("f").Select(Time), Is.EqualTo(new[] { 6m }));
    }

    [Test]
    public void Counters_follow_the_state_and_are_written_when_it_changes()
    {
        TraceScript script = new TraceScript().Turn(1).Spawn(1, "a").Spawn(2, "b").State(7, "Idle")
            .Batch(2).Step(1, 10).Awaits(1, "x").Step(2, 10).Awaits(2, "x").Turn(2).Batch(0)
            .Turn(3).Batch(0);
        string[] counters = [.. Write(script.Build()).Of("C").Select(one =>
            $"{Text(one, "name")} {one.GetProperty("args").EnumerateObject().Single().Value}")];
        Assert.That(counters, Is.EqualTo(new[]
        {
            "ready 2", "tasks 2", "timers 0", "messages under way 0", "connections by state 1",
            "ready 0",
        }));
    }

    [Test]
    public void A_trace_that_begins_in_the_middle_has_no_end_without_a_begin()
    {
        LoopTrace whole = SampleTraces.TwoTurns().Build();
        for (int first = 0; first <= whole.Count; first++)
        {
            for (int end = first; end <= whole.Count; end++)
            {
                Write(new LoopTrace(whole.Info, whole.Names, [.. whole.Events[first..end]]));
            }
        }
    }

    [Test]
    public void Dropped_events_end_what_is_open_and_are_shown()
    {
        TraceScript script = new TraceScript().Turn(1).Spawn(1, "a").Batch(1)
            .Add(TraceEventKind.StepBegan, 1).State(4, "Idle").After(1_000)
            .Add(TraceEventKind.Dropped, 0, 12).Spawn(1, "a").State(4, "Idle").Turn(5).Batch(1)
            .Step(1, 100).Ends(1);
        var trace = Write(script.Build());
        Assert.That(trace.Names("i"), Is.EqualTo(new[] { "dropped events" }));
        Assert.That(trace.Of("i").Single().GetProperty("args").GetProperty("count").GetInt64(),
            Is.EqualTo(12));
        Assert.That(trace.Names("b").Count(name => name == "a"), Is.EqualTo(2), "once anew");
    }

    [Test]
    public void Slow_work_is_marked_with_its_line()
    {
        TraceScript script = new TraceScript().Turn(1).Batch(1).Callback("Load", 20_000_000)
            .Add(TraceEventKind.Slow, 0, 20_000_000, "Load", "Program.cs:7");
        var mark = Write(script.Build()).Of("i").Single();
        Assert.That(Text(mark, "name"), Is.EqualTo("slow: Load"));
        Assert.That(Text(mark.GetProperty("args"), "place"), Is.EqualTo("Program.cs:7"));
    }

    [Test]
    public void Random_traces_keep_the_rules()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            TestContext.Out.WriteLine($"seed {seed}");
            Write(SampleTraces.Server(seed, turns: 60, tasks: 1 + seed));
        }
    }

    [Test]
    public void An_empty_trace_is_valid() => Assert.That(
        Write(new TraceScript().Build()).Events.Select(one => Text(one, "ph")),
        Is.EqualTo(new[] { "M", "M" }));

    [Test]
    public void The_file_says_what_ran()
    {
        var data = Write(new TraceScript().Build()).Root.GetProperty("otherData");
        Assert.That(Text(data, "program"), Is.EqualTo("script"));
        Assert.That(Text(data, "driver"), Is.EqualTo("in memory"));
        Assert.That(Text(data, "begin"), Is.EqualTo("2026-11-30T12:00:00.0000000+00:00"));
    }

    [Test]
    public void A_large_trace_is_written_piece_by_piece()
    {
        var stream = new LargestWrite();
        ChromeTrace.Write(SampleTraces.Server(seed: 1, turns: 10_000, tasks: 50), stream);
        Assert.That(stream.Total, Is.GreaterThan(10_000_000));
        Assert.That(stream.Largest, Is.LessThan(200_000));
    }

    private sealed class LargestWrite : MemoryStream
    {
        public long Total { get; private set; }

        public int Largest { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Total += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
        }

        public override void Write(byte[] buffer, int offset, int count) =>
            Write(buffer.AsSpan(offset, count));
    }
}
