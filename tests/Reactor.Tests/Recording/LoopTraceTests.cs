using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Dangers;

namespace Reactor.Tests.Recording;

/// <summary>
/// Moments of a run: forward, back and from any checkpoint, the state is that of all events before
/// it; a window of the last events begins with the state that it needs.
/// </summary>
public sealed class LoopTraceTests
{
    [Test]
    public void Any_moment_is_that_of_all_events_before_it()
    {
        LoopTrace trace = TraceOfRandomRuns(TestSeed.Next(), 20_000);
        var random = new Random(1);
        foreach (int position in Enumerable.Range(0, 12).Select(_ => random.Next(trace.Count + 1))
            .Append(trace.Count).Append(0).Append(4_096).Append(4_097))
        {
            TraceState expected = new();
            foreach (TraceEvent one in trace.Events[..position])
            {
                expected = TraceState.Reduce(expected, one);
            }

            Assert.That(
                TraceText.Of(trace.StateAt(position)), Is.EqualTo(TraceText.Of(expected)),
                $"at {position}");
        }
    }

    [Test]
    public void A_moment_outside_of_the_trace_is_refused()
    {
        var trace = new LoopTrace(new TraceInfo(), new TraceNames(), []);
        Assert.That(trace.StateAt(0).Turn, Is.Zero);
        Assert.That(() => trace.StateAt(1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => trace.StateAt(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(trace.Duration, Is.Zero);
    }

    [Test]
    public void Times_and_turns_are_found()
    {
        TraceEvent[] events =
        [
            new(TraceEventKind.TurnBegan, 5, 1), new(TraceEventKind.PollBegan, 5),
            new(TraceEventKind.PollEnded, 8), new(TraceEventKind.TurnBegan, 9, 2),
        ];
        var trace = new LoopTrace(new TraceInfo(), new TraceNames(), events);

        Assert.That(
            new long[] { 0, 5, 6, 8, 9, 10 }.Select(trace.PositionOf),
            Is.EqualTo(new[] { 0, 0, 2, 2, 3, 4 }));
        Assert.That(
            new long[] { 0, 1, 2, 3 }.Select(trace.PositionOfTurn),
            Is.EqualTo(new[] { 0, 0, 3, 4 }));
    }

    [Test]
    public void Between_two_turns_what_a_state_says_agrees_with_the_loop()
    {
        TraceState state = new();
        using var world = new SimulatedLoop();
        TraceInstrument trace = TraceInstrument.Attach(world.Loop);
        var program = new RandomProgram(world.Loop, TestSeed.Next());
        LoopTask main = world.Loop.CreateTask(program.MainAsync());
        var events = new List<TraceEvent>();
        while (!main.IsDone)
        {
            world.Loop.RunOnce();
            events.Clear();
            trace.DrainTo(events);
            state = events.Aggregate(state, (before, one) => TraceState.Reduce(before, one));
            Assert.That(
                state.Tasks.Select(task => task.Id),
                Is.EqualTo(world.Loop.AllTasks().Select(task =>
                    ((Trampoline)((Future)task).Step!).Number).Order()));
            Assert.That(state.ReadyCount, Is.EqualTo(world.Loop.Ready.Count));
            Assert.That(state.TimerCount, Is.EqualTo(world.Loop.ArmedTimers));
            Assert.That(state.Turn, Is.EqualTo(world.Loop.TurnCount));
            Assert.That(state.Phase, Is.EqualTo(TracePhase.Between));
            Assert.That(state.BatchLeft, Is.Zero);
            foreach (TraceTask task in state.Tasks)
            {
                Assert.That(
                    task.State,
                    Is.EqualTo(task.IsQueued ? TraceTaskState.Ready : TraceTaskState.Waiting));
            }
        }

        Assert.That(state.Counters.Operations, Is.Positive, "the program used the network");
    }

    [Test]
    public void A_window_begins_with_its_state_and_is_bounded()
    {
        LoopTrace trace = TraceOfRandomRuns(TestSeed.Next(), 60_000);
        const int BytesMax = 100_000;
        var history = new TraceHistory(TimeSpan.FromDays(1), BytesMax);
        for (int at = 0; at < trace.Count; at += 1000)
        {
            history.Add(trace.Events[at..Math.Min(at + 1000, trace.Count)].ToArray());
            Assert.That(history.Bytes, Is.LessThanOrEqualTo(BytesMax));
        }

        var window = new List<TraceEvent>();
        history.CopyTo(window);
        TraceState seen = window.Aggregate(
            new TraceState(), (state, one) => TraceState.Reduce(state, one));
        TraceState whole = trace.StateAt(trace.Count);

        Assert.That(window, Has.Count.LessThan(trace.Count));
        Assert.That(seen.Tasks.Select(Lasting), Is.EqualTo(whole.Tasks.Select(Lasting)));
        Assert.That(
            seen.Timers.Select(timer => (timer.Id, timer.Due, timer.Name)),
            Is.EqualTo(whole.Timers.Select(timer => (timer.Id, timer.Due, timer.Name))));
        Assert.That(
            seen.Ready.Select(work => (work.Id, work.Name)),
            Is.EqualTo(whole.Ready.Select(work => (work.Id, work.Name))));

        static string Lasting(TraceTask task) =>
            $"{task.Id} {task.Name} {task.State} {task.WaitsFor} {task.Place} {task.Awaits} "
            + $"{string.Join(',', task.AwaitsToo ?? [])} {task.IsInOperation}";
    }

    [Test]
    public void A_window_keeps_a_block_as_long_as_one_event_of_it_is_young_enough()
    {
        var history = new TraceHistory(TimeSpan.FromTicks(1), long.MaxValue); // 100 ns
        Add(0, 1000);
        Add(1000, 1100);
        Assert.That(First(), Is.EqualTo(0), "its last event is exactly as old as allowed");
        Add(1100, 1101);

        Assert.That(First(), Is.EqualTo(1000));

        void Add(long from, long last) => history.Add(
            Enumerable.Range(0, TraceHistory.BlockEvents).Select(i => new TraceEvent(
                TraceEventKind.PollEnded, i == TraceHistory.BlockEvents - 1 ? last : from)));

        long First()
        {
            var window = new List<TraceEvent>();
            history.CopyTo(window);
            return window[0].Time;
        }
    }

    /// <summary>The events of random programs, one after the other on one loop.</summary>
    private static LoopTrace TraceOfRandomRuns(int seed, int events)
    {
        using var world = new SimulatedLoop(new InMemoryOptions { Seed = seed });
        TraceInstrument trace = TraceInstrument.Attach(world.Loop);
        var all = new List<TraceEvent>();
        for (int i = 0; all.Count < events; i++)
        {
            world.Run(new RandomProgram(world.Loop, seed + i).MainAsync);
            trace.DrainTo(all);
        }

        return new LoopTrace(new TraceInfo(), trace.Names, all);
    }
}
