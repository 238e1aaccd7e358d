using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>The bounds of a recording of a live loop, at the limit and one beyond.</summary>
[TestFixture]
public sealed class LiveRecordingTests
{
    private static readonly TimeSpan s_length = TimeSpan.FromMicroseconds(1);

    [Test]
    public void Events_before_the_end_are_kept_with_times_from_the_begin_on()
    {
        var recording = new LiveRecording(new TraceState(), 5_000, s_length, eventsMax: 10);
        recording.Add([Turn(5_000), Turn(5_999), Turn(6_000)]);
        Assert.That(recording.Events.Select(one => one.Time), Is.EqualTo(new[] { 0, 999 }));
        Assert.That(recording.EndNs, Is.EqualTo(6_000));
    }

    [Test]
    public void A_recording_ends_at_its_bound()
    {
        var full = new LiveRecording(new TraceState(), 0, s_length, eventsMax: 2);
        full.Add([Turn(1), Turn(2)]);
        Assert.That((full.Events.Count, full.EndNs), Is.EqualTo((2, 1_000L)));

        full.Add([Turn(3)]);
        Assert.That((full.Events.Count, full.EndNs), Is.EqualTo((2, 3L)));
    }

    [Test]
    public void The_state_at_the_begin_comes_first()
    {
        var state = new TraceState();
        state = TraceState.Reduce(state, new(TraceEventKind.TaskSpawned, 7, 3, 0, 1));
        state = TraceState.Reduce(state, new(TraceEventKind.TimerArmed, 8, 4, 99, 1));
        var recording = new LiveRecording(state, 10, s_length, eventsMax: 10);
        Assert.That(
            recording.Events.Select(one => (one.Kind, one.Time)),
            Is.EqualTo(new[]
            {
                (TraceEventKind.TaskSpawned, 0L), (TraceEventKind.TimerArmed, 0L),
            }));
    }

    [TestCase(-1)]
    [TestCase(65_536)]
    public void A_port_out_of_range_is_rejected(int port) => Assert.That(
        () => new InspectorOptions { Port = port },
        Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(0)]
    [TestCase(65_535)]
    public void A_port_in_range_is_accepted(int port) =>
        Assert.That(new InspectorOptions { Port = port }.Port, Is.EqualTo(port));

    [Test]
    public void Bounds_that_would_keep_nothing_are_rejected() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new InspectorOptions { EventsMax = 15 },
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new InspectorOptions { RecordedEventsMax = 0 },
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new InspectorOptions { BlockedAfter = TimeSpan.Zero },
            Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    private static TraceEvent Turn(long time) => new(TraceEventKind.TurnBegan, time, 1);
}
