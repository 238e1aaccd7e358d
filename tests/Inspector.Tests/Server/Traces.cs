using Reactor;
using Reactor.Recording;
using Reactor.Simulation;

namespace Inspector.Tests.Server;

/// <summary>Traces of simulated loops: the same program has the same events, times aside.</summary>
internal static class Traces
{
    /// <summary>Tasks that tick, a task that awaits its children, and callbacks.</summary>
    public static LoopTrace OfTicks(int turns)
    {
        using var driver = new InMemoryDriver();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        TraceInstrument trace = TraceInstrument.Attach(loop);
        for (int i = 1; i <= 6; i++)
        {
            loop.CreateTask(Tick(TimeSpan.FromMilliseconds(2)), $"fast {i}");
        }

        loop.CreateTask(Tick(TimeSpan.FromMilliseconds(5)), "slow");
        loop.CreateTask(Parent(), "parent");
        var events = new List<TraceEvent>();
        for (int i = 0; i < turns; i++)
        {
            if (i % 4 == 0)
            {
                loop.CallSoon(() => { });
            }

            loop.RunOnce();
            trace.DrainTo(events);
        }

        trace.Detach();
        var info = new TraceInfo
        {
            Program = "ticks",
            Driver = driver.Name,
            Begin = DateTimeOffset.UnixEpoch,
        };
        return new LoopTrace(info, trace.Names, events);
    }

    /// <summary>
    /// 1 turn, 2 and 3 poll of 10 ns, 4 timer that is 500 ns late, 5 spawn, 6 resume, 7 batch, 8
    /// step after 50 ns, 9 its end after 70 ns, 10 slow work; 11 turn, 12 batch, 13 callback, 14
    /// its end, 15 slow work, 16 turn.
    /// </summary>
    public static LoopTrace OfMoments() => new TraceScript().Turn(1).Poll(0, 10)
        .Add(TraceEventKind.TimerFired, 1, 500)
        .Spawn(1, "worker").After(50).Batch(1).Step(1, 70)
        .Add(TraceEventKind.Slow, 1, 70, "worker")
        .After(1_000).Turn(2).Batch(1).Callback("late", 1_000_000)
        .Add(TraceEventKind.Slow, 0, 1_000_000, "late").Turn(3).Build();

    /// <summary>The events again and again, with times and turns that go on.</summary>
    public static LoopTrace Repeat(LoopTrace trace, int eventsMin)
    {
        var events = new List<TraceEvent>();
        for (long round = 0; events.Count < eventsMin; round++)
        {
            foreach (ref readonly TraceEvent one in trace.Events)
            {
                long turns = one.Kind == TraceEventKind.TurnBegan ? round * trace.Count : 0;
                events.Add(one with
                {
                    Time = one.Time + (round * (trace.Duration + 1)),
                    Id = one.Id + turns,
                });
            }
        }

        return new LoopTrace(trace.Info, trace.Names, events);
    }

    private static async Coroutine Tick(TimeSpan every)
    {
        while (true)
        {
            await EventLoop.Delay(every);
        }
    }

    private static async Coroutine Parent()
    {
        while (true)
        {
            LoopTask child = EventLoop.Spawn(Child(), "child");
            await child;
        }
    }

    private static async Coroutine Child()
    {
        await EventLoop.Yield();
        await EventLoop.Delay(TimeSpan.FromMilliseconds(3));
    }
}
