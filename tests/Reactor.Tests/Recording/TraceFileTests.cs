using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// A trace that was saved is read again with the same events and texts, and says that it cannot be
/// replayed.
/// </summary>
public sealed class TraceFileTests
{
    [Test]
    public void A_saved_trace_is_read_again()
    {
        var names = new TraceNames();
        int name = names.Add("a task");
        int place = names.Add("Shop.cs:12");
        TraceEvent[] events =
        [
            .. Enumerable.Range(0, 10_000).Select(i => new TraceEvent(
                TraceEventKind.StepBegan, i * 1000L, i, -i, name, i % 2 == 0 ? place : 0)),
        ];
        var info = new TraceInfo
        {
            Program = "shop",
            Version = "2",
            Driver = "epoll",
            Begin = DateTimeOffset.UnixEpoch,
            Resolution = TimeSpan.FromMicroseconds(1),
        };
        string path = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");
        using (FileStream stream = File.Create(path))
        {
            RecordingFile.Save(stream, new LoopTrace(info, names, events));
        }

        using (RecordingFile file = RecordingFile.Open(path))
        {
            LoopTrace trace = file.ReadTrace();
            Assert.That(trace.Events.ToArray(), Is.EqualTo(events));
            Assert.That(trace.Names[place], Is.EqualTo("Shop.cs:12"));
            Assert.That(trace.Info, Is.EqualTo(info));
            Assert.That(file.Header.HasEvents);
        }

        Assert.That(
            () => LoopReplay.Open(path),
            Throws.TypeOf<RecordingException>().With.Message.EqualTo(
                "This recording began later than its loop, so it can be drawn and stepped through, "
                + "but not replayed."));
        File.Delete(path);
    }

    [Test]
    public void A_recording_with_events_has_them_beside_its_entries_and_a_replay_makes_the_same()
    {
        using var program = new RecordedProgram(async (loop, _) =>
        {
            for (int i = 0; i < 100; i++)
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }
        })
        {
            Events = true,
        };
        var recorded = program.Record(new InMemoryDriver());
        using RecordingFile file = RecordingFile.Open(program.Path);
        LoopTrace written = file.ReadTrace();
        using LoopReplay replay = LoopReplay.Open(
            program.Path, new LoopReplayOptions { Events = true });
        replay.Run(driver => program.Run(driver).AssertSame(recorded));
        LoopTrace replayed = replay.ReadTrace();
        Assert.Multiple(() =>
        {
            Assert.That(
                Count(written, TraceEventKind.TurnBegan), Is.EqualTo(recorded.Turns));
            Assert.That(Count(written, TraceEventKind.TimerFired), Is.EqualTo(100));
            Assert.That(replayed.Count, Is.EqualTo(written.Count));
            Assert.That(
                replayed.Events.ToArray().Select(one => (one.Kind, one.Id)),
                Is.EqualTo(written.Events.ToArray().Select(one => (one.Kind, one.Id))));
            Assert.That(replayed.Duration, Is.EqualTo(100_000_000_000), "virtual time");
        });
    }

    [Test]
    public void A_replay_drops_no_event_of_a_turn_with_more_than_its_ring_has_places()
    {
        int works = new TraceOptions().EventsMax;
        using var program = new RecordedProgram(async (loop, _) =>
        {
            for (int i = 0; i < works; i++)
            {
                loop.CallSoon(() => { });
            }

            await EventLoop.Yield();
        });
        program.Record(new InMemoryDriver());
        using LoopReplay replay = LoopReplay.Open(
            program.Path, new LoopReplayOptions { Events = true });
        replay.Run(driver => program.Run(driver));
        LoopTrace replayed = replay.ReadTrace();
        Assert.That(Count(replayed, TraceEventKind.Dropped), Is.Zero);
        Assert.That(
            Count(replayed, TraceEventKind.CallbackEnded), Is.GreaterThanOrEqualTo(works));
    }

    private static int Count(LoopTrace trace, TraceEventKind kind) =>
        trace.Events.ToArray().Count(one => one.Kind == kind);
}
