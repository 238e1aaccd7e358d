// What a turn is asked: when a callback runs, in which order, and what the poll may wait for.
using Reactor.Learn;

public static class Scenarios
{
    private static readonly Action[] s_nothing = [];

    public static IEnumerable<Scenario> All =>
    [
        new("CallSoon returns before the callback runs", log =>
        {
            var loop = new Loop(() => s_nothing);
            loop.CallSoon(() => log.Write("callback"));
            log.Write("CallSoon has returned");
            loop.RunTurn();
        })
        {
            Right = ["CallSoon has returned", "callback"],
            Wrong = { ["06.1"] = ["callback", "CallSoon has returned"] },
        },
        new("Callbacks run in the order in which they were queued", log =>
        {
            var loop = new Loop(() => s_nothing);
            foreach (string name in (string[])["a", "b", "c"])
            {
                loop.CallSoon(() => log.Write(name));
            }

            loop.RunTurn();
        })
        {
            Right = ["a", "b", "c"],
            Wrong = { ["06.2"] = ["c", "b", "a"] },
        },
        new("What a callback queues runs in the next turn", log =>
        {
            var loop = new Loop(() => s_nothing);
            loop.CallSoon(() =>
            {
                log.Write("a");
                loop.CallSoon(() => log.Write("b"));
            });
            loop.RunTurn();
            log.Write("the turn has ended");
            loop.RunTurn();
        })
        {
            Right = ["a", "the turn has ended", "b"],
            Wrong =
            {
                ["06.1"] = ["a", "b", "the turn has ended"],
                ["06.3"] = ["a", "b", "the turn has ended"],
            },
        },
        new("A callback that queues itself does not keep the loop from its poll", log =>
        {
            int left = 3;
            var loop = new Loop(() =>
            {
                log.Write("poll");
                return s_nothing;
            });
            loop.CallSoon(Again);
            loop.RunTurn();
            loop.RunTurn();
            loop.RunTurn();

            void Again()
            {
                log.Write("again");
                if (--left > 0)
                {
                    loop.CallSoon(Again);
                }
            }
        })
        {
            Right = ["poll", "again", "poll", "again", "poll", "again"],
            Wrong =
            {
                ["06.1"] = ["again", "again", "again", "poll", "poll", "poll"],
                ["06.3"] = ["poll", "again", "again", "again", "poll", "poll"],
                ["06.6"] = ["again", "again", "again"],
            },
        },
        new("What was ready before the poll runs before what the poll reports", log =>
        {
            var loop = new Loop(() => [() => log.Write("read")]);
            loop.CallSoon(() => log.Write("a"));
            loop.CallSoon(() => log.Write("b"));
            loop.RunTurn();
        })
        {
            Right = ["a", "b", "read"],
            Wrong =
            {
                ["06.2"] = ["read", "b", "a"],
                ["06.4"] = ["read", "a", "b"],
                ["06.6"] = ["a", "b"],
                ["06.7"] = ["a", "b"],
            },
        },
        new("After an exception the rest of the batch runs in the next turn", log =>
        {
            var loop = new Loop(() => s_nothing);
            loop.CallSoon(() => throw new IOException("the connection was reset"));
            loop.CallSoon(() => log.Write("b"));
            Try(loop, log);
            log.Write("next turn");
            Try(loop, log);
        })
        {
            Right = ["IOException", "next turn", "b"],
            Wrong =
            {
                ["06.1"] = ["(IOException)"],
                ["06.2"] = ["b", "IOException", "next turn"],
                ["06.5"] = ["IOException", "next turn"],
            },
        },
        new("Each callback runs once, in order, one turn after it was queued", log =>
        {
            log.Write(RandomCallbacks(log.Schedule));
        })
        {
            Schedules = true,
            Right = ["all in order, each in its turn"],
            Wrong =
            {
                ["06.1"] = ["in the turn in which it was queued"],
                ["06.2"] = ["out of order"],
                ["06.3"] = ["in the turn in which it was queued"],
            },
        },
    ];

    private static void Try(Loop loop, Log log)
    {
        try
        {
            loop.RunTurn();
        }
        catch (IOException)
        {
            log.Write("IOException");
        }
    }

    // Callbacks that queue 0 to 2 others; the first of them always one. What is wrong, or all right.
    private static string RandomCallbacks(Random random)
    {
        int turn = 0, queued = 0, run = 0;
        bool isOrdered = true, isTooEarly = false;
        var loop = new Loop(() => s_nothing);
        for (int i = random.Next(2, 6); i > 0; i--)
        {
            Queue();
        }

        while (++turn < 50 && run < queued)
        {
            loop.RunTurn();
        }

        return !isOrdered ? "out of order"
            : isTooEarly ? "in the turn in which it was queued"
            : run < queued ? "some never ran"
            : "all in order, each in its turn";

        void Queue()
        {
            int number = queued++, queuedIn = turn;
            loop.CallSoon(() =>
            {
                isOrdered &= number == run++;
                isTooEarly |= queuedIn == turn;
                for (int i = number == 0 ? 1 : random.Next(3); i > 0 && queued < 40; i--)
                {
                    Queue();
                }
            });
        }
    }
}
