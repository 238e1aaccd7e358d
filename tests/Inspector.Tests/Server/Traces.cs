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
