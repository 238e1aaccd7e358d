// What the timers are asked: when each of them fires, in which order, and what the poll waits for.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("The earliest due time fires first", log =>
        {
            var timers = new TimerHeap();
            timers.Add(30, () => log.Write("30"));
            timers.Add(10, () => log.Write("10"));
            timers.Add(20, () => log.Write("20"));
            timers.RunDue(100);
        })
        {
            Right = ["10", "20", "30"],
        },
        new("Timers with the same due time fire in the order in which they were added", log =>
        {
            var timers = new TimerHeap();
            timers.Add(10, () => log.Write("first"));
            timers.Add(10, () => log.Write("second"));
            timers.Add(10, () => log.Write("third"));
            timers.RunDue(100);
        })
        {
            // Without a tie-break the last entry takes the root's place and stays there.
            Right = ["first", "second", "third"],
            Wrong = { ["07.1"] = ["first", "third", "second"] },
        },
        new("A timer fires when it is due, and not before", log =>
        {
            var timers = new TimerHeap();
            timers.Add(100, () => log.Write("fires"));
            log.Write("at 99");
            timers.RunDue(99);
            log.Write("at 100");
            timers.RunDue(100);
        })
        {
            Right = ["at 99", "at 100", "fires"],
            Wrong = { ["07.5"] = ["at 99", "at 100"] },
        },
        new("The poll may wait until the earliest due time", log =>
        {
            var timers = new TimerHeap();
            WriteNext(log, timers);
            timers.Add(80, () => log.Write("80"));
            timers.Add(50, () => log.Write("50"));
            WriteNext(log, timers);
            timers.RunDue(60);
            WriteNext(log, timers);
        })
        {
            Right = ["next: none", "next: 50", "50", "next: 80"],
        },
        new("A cancelled timer does not fire", log =>
        {
            var timers = new TimerHeap();
            LoopTimer first = timers.Add(10, () => log.Write("first"));
            timers.Add(20, () => log.Write("second"));
            timers.Cancel(first);
            timers.Cancel(first);
            timers.RunDue(100);
        })
        {
            Right = ["second"],
            Wrong = { ["07.4"] = ["first", "second"] },
        },
        new("A cancelled timer leaves nothing behind, and wakes no poll", log =>
        {
            var timers = new TimerHeap();
            LoopTimer first = timers.Add(60_000, () => log.Write("timeout of request 1"));
            LoopTimer second = timers.Add(60_000, () => log.Write("timeout of request 2"));
            timers.Add(90_000, () => log.Write("report"));
            timers.Cancel(first);
            timers.Cancel(second);
            log.Write($"timers: {timers.Count}");
            WriteNext(log, timers);
            timers.RunDue(70_000);
        })
        {
            Right = ["timers: 1", "next: 90000"],
            Wrong =
            {
                ["07.3"] = ["timers: 3", "next: 60000"],
                ["07.4"] =
                [
                    "timers: 3", "next: 60000", "timeout of request 1", "timeout of request 2",
                ],
            },
        },
        new("A callback cancels a timer that is due in the same run", log =>
        {
            var timers = new TimerHeap();
            LoopTimer? second = null;
            timers.Add(10, () =>
            {
                log.Write("first cancels second");
                timers.Cancel(second!);
            });
            second = timers.Add(20, () => log.Write("second"));
            timers.Cancel(timers.Add(30, () => log.Write("third")));
            timers.RunDue(100);
        })
        {
            Right = ["first cancels second"],
            Wrong =
            {
                ["07.4"] = ["first cancels second", "second", "third"],
                ["07.7"] = ["first cancels second", "second"],
            },
        },
        new("A timer with a period keeps its rhythm when it runs late", log =>
        {
            var timers = new TimerHeap();
            timers.Add(100, () => log.Write("report"), period: 100);
            timers.RunDue(130);
            WriteNext(log, timers);
            timers.RunDue(240);
            WriteNext(log, timers);
        })
        {
            Right = ["report", "next: 200", "report", "next: 300"],
            Wrong = { ["07.2"] = ["report", "next: 230", "report", "next: 340"] },
        },
        new("What a callback adds fires in a later run, though it is due", log =>
        {
            var timers = new TimerHeap();
            timers.Add(10, () =>
            {
                log.Write("first");
                timers.Add(10, () => log.Write("second"));
            });
            timers.RunDue(10);
            log.Write("the run has ended");
            timers.RunDue(11);
        })
        {
            // A heap that fires only what was due before `now` runs both a run later.
            Right = ["first", "the run has ended", "second"],
            Wrong =
            {
                ["07.5"] = ["the run has ended", "first"],
                ["07.6"] = ["first", "second", "the run has ended"],
            },
        },
        new("Any order of adding and cancelling", log => log.Write(RandomTimers(log.Schedule)))
        {
            Schedules = true,
            Right = ["each once, in order"],
            Wrong =
            {
                ["07.1"] = ["out of order"],
                ["07.4"] = ["a cancelled timer fires"],
            },
        },
    ];

    private static void WriteNext(Log log, TimerHeap timers) =>
        log.Write($"next: {timers.NextDue?.ToString() ?? "none"}");

    // Up to 40 timers with few different due times, some of them cancelled; at least one.
    private static string RandomTimers(Random random)
    {
        var timers = new TimerHeap();
        var expected = new List<(int Due, int Number)>();
        var fired = new List<(int Due, int Number)>();
        int count = random.Next(5, 40);
        for (int number = 0; number < count; number++)
        {
            (int Due, int Number) key = (random.Next(1, 6) * 10, number);
            LoopTimer timer = timers.Add(key.Due, () => fired.Add(key));
            if (number == 0 || random.Next(4) == 0)
            {
                timers.Cancel(timer);
            }
            else
            {
                expected.Add(key);
            }
        }

        for (int now = 0; now < 100; now += random.Next(1, 30))
        {
            timers.RunDue(now);
        }

        timers.RunDue(1000);
        expected.Sort();
        return fired.Except(expected).Any() ? "a cancelled timer fires"
            : fired.Count < expected.Count ? "some never fire"
            : fired.SequenceEqual(expected) ? "each once, in order"
            : "out of order";
    }
}
