using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>A recording: each position, steps in both directions, jumps, and its server.</summary>
[TestFixture]
public sealed class RecordedTests
{
    private LoopTrace _trace = null!;
    private RecordedRun _run = null!;

    [OneTimeSetUp]
    public void Record()
    {
        _trace = Traces.OfTicks(turns: 400);
        _run = new RecordedRun(_trace);
        Assert.That(_run.Count, Is.GreaterThan(1_000));
    }

    [Test]
    public void A_position_shows_the_state_after_so_many_events()
    {
        var state = new TraceState();
        for (int at = 0; at <= _run.Count; at++)
        {
            StateView view = _run.StateAt(at);
            Assert.That(
                (view.Moment.Event, view.Turn.Number, view.Tasks.Count, view.Timers.Count),
                Is.EqualTo(((long)at, state.Turn, state.TaskCount, state.TimerCount)));
            if (at < _run.Count)
            {
                state = TraceState.Reduce(state, _trace.Events[at]);
            }
        }
    }

    [TestCase("Event")]
    [TestCase("Callback")]
    [TestCase("Turn")]
    public void A_hundred_steps_forward_and_back_lead_to_the_same_state(string unit)
    {
        TraceStep by = Enum.Parse<TraceStep>(unit);
        long begin = _run.Step(0, by, 20);
        string before = Text(begin);
        long at = begin;
        for (int i = 0; i < 100; i++)
        {
            long next = _run.Step(at, by, 1);
            Assert.That(next, Is.GreaterThan(at));
            at = next;
            Assert.That(Text(at), Is.Not.EqualTo(before));
        }

        Assert.That(_run.Step(begin, by, 100), Is.EqualTo(at), "one jump is a hundred steps");
        for (int i = 0; i < 100; i++)
        {
            at = _run.Step(at, by, -1);
        }

        Assert.That(at, Is.EqualTo(begin));
        Assert.That(Text(at), Is.EqualTo(before));
    }

    [Test]
    public void A_step_stops_at_both_ends() => Assert.Multiple(() =>
    {
        foreach (TraceStep by in Enum.GetValues<TraceStep>())
        {
            Assert.That(_run.Step(0, by, -1), Is.Zero, $"{by}");
            Assert.That(_run.Step(_run.Count, by, 1), Is.EqualTo(_run.Count), $"{by}");
            Assert.That(_run.Step(3, by, long.MinValue), Is.Zero, $"{by}");
            Assert.That(_run.Step(3, by, long.MaxValue), Is.EqualTo(_run.Count), $"{by}");
        }
    });

    [Test]
    public void A_step_by_turn_ends_behind_the_begin_of_a_turn()
    {
        long at = _run.Step(0, TraceStep.Turn, 7);
        Assert.That(_trace.Events[(int)at - 1].Kind, Is.EqualTo(TraceEventKind.TurnBegan));
        Assert.That(_run.StateAt(at).Turn.Number, Is.EqualTo(_trace.Events[(int)at - 1].Id));
    }

    [Test]
    public void A_time_leads_to_the_last_event_at_or_before_it()
    {
        for (int i = 0; i < _run.Count; i += 37)
        {
            long time = _trace.Events[i].Time;
            long at = _run.EventAt(time);
            Assert.That(_trace.Events[(int)at - 1].Time, Is.EqualTo(time));
            Assert.That(
                at == _run.Count || _trace.Events[(int)at].Time > time, "no event is left out");
        }

        Assert.That(_run.EventAt(-1), Is.Zero);
        Assert.That(_run.EventAt(long.MaxValue), Is.EqualTo(_run.Count));
    }

    [Test]
    public void The_server_shows_a_recording_and_has_no_live_loop()
    {
        using RecordedInspector inspector = RecordedInspector.Open(_trace);
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        Assert.That(
            (int)client.GetJson("/api/session")["recording"]!, Is.EqualTo(1));
        JsonNode state = client.GetJson("/api/recordings/1/state?event=100&step=event&count=-1");
        Assert.That((long)state["moment"]!["event"]!, Is.EqualTo(99));
        Assert.That(
            ((JsonArray)client.GetJson("/api/recordings/1/timeline")["spans"]!).Count,
            Is.EqualTo(500));
        foreach ((string path, HttpStatusCode status) in new[]
        {
            ("/api/live", HttpStatusCode.NotFound),
            ("/api/tree", HttpStatusCode.NotFound),
            ("/api/recordings/2/state?event=1", HttpStatusCode.NotFound),
            ("/api/recordings/x/state?event=1", HttpStatusCode.NotFound),
            ("/api/recordings/1/state", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=x", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=1&step=mile&count=1", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=1&step=turn", HttpStatusCode.BadRequest),
            ("/api/recordings/1/picture.svg?kind=portrait", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=1&step=7&count=3", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=1&step=1&count=3", HttpStatusCode.BadRequest),
            ("/api/recordings/1/state?event=1&step=&count=3", HttpStatusCode.BadRequest),
            ("/api/recordings/1/picture.svg?kind=1", HttpStatusCode.BadRequest),
            ("/api/recordings/1/picture.svg?kind=99", HttpStatusCode.BadRequest),
        })
        {
            Assert.That(client.Get(path).Status, Is.EqualTo(status), path);
        }

        Assert.That(
            client.Post("/api/record?seconds=1").Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public void A_recording_is_downloaded_as_a_trace_and_as_pictures_that_run_nothing()
    {
        using RecordedInspector inspector = RecordedInspector.Open(_trace);
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        Assert.That(
            client.GetJson("/api/recordings/1/trace.json")["traceEvents"], Is.Not.Null);
        Assert.That(Download(client).Events.ToArray(), Is.EqualTo(_trace.Events.ToArray()));
        foreach (PictureKind kind in Enum.GetValues<PictureKind>())
        {
            using HttpResponseMessage response = client.Respond(
                HttpMethod.Get, $"/api/recordings/1/picture.svg?kind={kind}&event=200");
            Assert.That(
                response.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/svg+xml"));
            Assert.That(
                string.Join("", response.Headers.GetValues("Content-Security-Policy")),
                Is.EqualTo("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
        }
    }

    [Test]
    public void A_picture_shows_the_moment_of_the_position()
    {
        using RecordedInspector inspector = RecordedInspector.Open(_trace);
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        Assert.That(PictureAt(200), Does.Contain("after event 199,"));
        Assert.That(PictureAt(_run.Count), Does.Contain(
            string.Create(CultureInfo.InvariantCulture, $"after event {_run.Count - 1:N0},")));
        Assert.That(PictureAt(0), Does.Contain("after event 0,"));

        string PictureAt(long position)
        {
            (HttpStatusCode status, string text) = client.Get(
                $"/api/recordings/1/picture.svg?kind=queue&event={position}");
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            return text;
        }
    }

    [Test]
    public void The_picture_of_a_connection_shows_this_one_only()
    {
        LoopTrace trace = new TraceScript().Turn(1).State(4, "idle").State(5, "head").After(10)
            .State(4, "handler").After(10).Turn(2).Build();
        using RecordedInspector inspector = RecordedInspector.Open(trace);
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        const string Path = "/api/recordings/1/picture.svg?kind=connection";
        Assert.That(
            client.Get(Path).Text, Does.Contain("connection 4").And.Contain("connection 5"));
        Assert.That(
            client.Get($"{Path}&connection=4").Text,
            Does.Contain("connection 4").And.Contain("handler").And.Not.Contain("connection 5")
                .And.Not.Contain("head"));
        Assert.That(client.Get($"{Path}&connection=6").Text, Does.Contain("did not exist here"));
        Assert.That(
            () => TracePicture.Write(
                trace, PictureKind.Lanes, new PictureOptions { Connection = 4 }, Stream.Null),
            Throws.ArgumentException);
    }

    [Test]
    public void Timers_are_due_until_the_batch_begins()
    {
        LoopTrace trace = new TraceScript().Turn(1).Poll(0, 10)
            .Add(TraceEventKind.TimerFired, 1).Spawn(2, "task").Batch(1).Build();
        var run = new RecordedRun(trace);
        Assert.That(
            Enumerable.Range(1, run.Count).Select(at => run.StateAt(at).Turn.Phase),
            Is.EqualTo(new[] { "begin", "poll", "collect", "due", "due", "due", "batch" }));
    }

    [Test]
    public void An_empty_recording_has_one_position()
    {
        var run = new RecordedRun(new LoopTrace(new TraceInfo(), new TraceNames(), []));
        StateView view = run.StateAt(0);
        Assert.That((view.Moment.Events, view.Turn.Number), Is.EqualTo((0L, 0L)));
        Assert.That(run.Timeline().Spans.Sum(span => span.Events), Is.Zero);
        Assert.That(run.Step(0, TraceStep.Turn, 1), Is.Zero);
    }

    [Test]
    [Category("Measured")]
    public void Any_moment_of_a_long_run_is_shown_within_a_second()
    {
        LoopTrace one = Traces.OfTicks(turns: 2_000);
        LoopTrace trace = Traces.Repeat(one, 1_200_000);
        var run = new RecordedRun(trace);
        foreach (double share in new[] { 1, 0.5, 0.999, 0.001, 0.75 })
        {
            long begin = Stopwatch.GetTimestamp();
            string text = TextOf(run.StateAt((long)(share * run.Count)));
            TimeSpan took = Stopwatch.GetElapsedTime(begin);
            TestContext.Out.WriteLine($"{share:P1}: {took.TotalMilliseconds:F0} ms");
            Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(1)));
            Assert.That(text, Is.Not.Empty);
        }
    }

    private static LoopTrace Download(InspectorClient client)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (HttpResponseMessage response = client.Respond(
                HttpMethod.Get, "/api/recordings/1/file"))
            using (FileStream file = File.Create(path))
            {
                response.Content.ReadAsStream().CopyTo(file);
            }

            using RecordingFile recording = RecordingFile.Open(path);
            return recording.ReadTrace();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private string Text(long at) => TextOf(_run.StateAt(at));

    private static string TextOf(StateView view) =>
        JsonSerializer.Serialize(view, InspectorJson.Default.StateView);
}
