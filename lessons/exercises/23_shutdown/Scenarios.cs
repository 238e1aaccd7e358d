// What a drain is asked. Time is a call: Deadline.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("Without a shutdown a connection is kept", log =>
        {
            var drain = new Drain(log.Write);
            drain.Connected("a");
            drain.Request("a");
            drain.Answered("a");
            log.Write("kept");
        })
        {
            Right = ["kept"],
        },
        new("An idle connection is closed at once", log =>
        {
            var drain = new Drain(log.Write);
            drain.Connected("a");
            log.Write("shutdown");
            drain.Shutdown();
        })
        {
            Right = ["shutdown", "close a", "ended"],
            Wrong = { ["23.2"] = ["shutdown"] },
        },
        new("A request in progress is answered, and then its connection is closed", log =>
        {
            Drain drain = ShutDownWithBusy(log, "a");
            log.Write("answered");
            drain.Answered("a");
        })
        {
            Right = ["shutdown", "answered", "close a", "ended"],
            Wrong =
            {
                ["23.3"] = ["shutdown", "close a", "ended", "answered"],
                ["23.5"] = ["shutdown", "answered"],
            },
        },
        new("A new client is refused", log =>
        {
            Drain drain = ShutDownWithBusy(log, "a");
            drain.Connected("b");
            log.Write("answered");
            drain.Answered("a");
        })
        {
            Right = ["shutdown", "refuse b", "answered", "close a", "ended"],
            Wrong =
            {
                ["23.1"] = ["shutdown", "answered", "close a"],
                ["23.3"] = ["shutdown", "close a", "ended", "refuse b", "answered"],
                ["23.5"] = ["shutdown", "refuse b", "answered"],
            },
        },
        new("The deadline ends what is left", log =>
        {
            Drain drain = ShutDownWithBusy(log, "a");
            log.Write("deadline");
            drain.Deadline();
        })
        {
            Right = ["shutdown", "deadline", "cancel a", "ended"],
            Wrong =
            {
                ["23.3"] = ["shutdown", "close a", "ended", "deadline"],
                ["23.4"] = ["shutdown", "deadline"],
            },
        },
        new("It ends once", log =>
        {
            Drain drain = ShutDownWithBusy(log, "a");
            drain.Answered("a");
            log.Write("deadline");
            drain.Deadline();
            log.Write("shutdown again");
            drain.Shutdown();
        })
        {
            Right = ["shutdown", "close a", "ended", "deadline", "shutdown again"],
            Wrong =
            {
                ["23.5"] = ["shutdown", "deadline", "cancel a", "ended", "shutdown again"],
                ["23.6"] =
                [
                    "shutdown", "close a", "ended", "deadline", "ended", "shutdown again",
                ],
            },
        },
        new("Idle and busy clients in any order: all are closed, then it ends", log =>
        {
            List<string> acts = [];
            var drain = new Drain(acts.Add);
            string[] clients = ["a", "b", "c", "d", "e"];
            Array.ForEach(clients, drain.Connected);
            string[] busy = [.. clients.Where(_ => log.Schedule.Next(2) == 0)];
            Array.ForEach(busy, drain.Request);
            drain.Shutdown();
            log.Schedule.Shuffle(busy);
            Array.ForEach(busy, drain.Answered);
            string[] right = [.. clients.Select(client => $"close {client}"), "ended"];
            bool isRight = acts.Order().SequenceEqual(right) && acts[^1] == "ended";
            log.Write(isRight ? "all are closed, then it ends" : "not all are closed");
        })
        {
            Schedules = true,
            Right = ["all are closed, then it ends"],
            Wrong = { ["23.2"] = ["not all are closed"], ["23.5"] = ["not all are closed"] },
        },
    ];

    private static Drain ShutDownWithBusy(Log log, string client)
    {
        var drain = new Drain(log.Write);
        drain.Connected(client);
        drain.Request(client);
        log.Write("shutdown");
        drain.Shutdown();
        return drain;
    }
}
