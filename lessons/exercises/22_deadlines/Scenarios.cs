// What the deadlines of a connection are asked. Each scenario is a list of moments and calls; the
// server here compares Due with the time before each call, as a timer would.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A client that sends nothing is closed 60 s after it has connected", log =>
        {
            var server = new Server(log);
            server.Run();
        })
        {
            Right = ["60000 ms: Idle"],
        },
        new("A head of a byte per second is ended 10 s after its first byte", log =>
        {
            var server = new Server(log);
            for (int second = 1; second <= 30; second++)
            {
                server.At(second * 1000, deadlines => deadlines.OnHeadBytes(server.Now));
            }
            server.Run();
        })
        {
            Right = ["11000 ms: Head"],
            Wrong = { ["22.1"] = ["40000 ms: Head"] }, // the last byte comes at 30 s
        },
        new("However a head is split, its end is due 10 s after its first byte", log =>
        {
            var server = new Server(log);
            int first = log.Schedule.Next(50_000);
            int when = first;
            for (int i = 0; i < 20; i++)
            {
                server.At(when, deadlines => deadlines.OnHeadBytes(server.Now));
                when += log.Schedule.Next(1000, 9000);
            }
            server.RunToEnd();
            log.Write($"after 10 s: {server.EndedAt == first + 10_000}");
        })
        {
            Schedules = true,
            Right = ["after 10 s: True"],
            Wrong = { ["22.1"] = ["after 10 s: False"] },
        },
        new("A body of a byte per second is ended when it is behind the least rate", log =>
        {
            var server = new Server(log);
            server.At(0, deadlines => deadlines.OnHeadBytes(0));
            server.At(0, deadlines => deadlines.OnHeadEnd(0, hasBody: true));
            for (int second = 1; second <= 30; second++)
            {
                server.At(second * 1000, deadlines => deadlines.OnBodyBytes(server.Now, 1));
            }
            server.Run();
        })
        {
            Right = ["5050 ms: Body"], // five bytes have come: 5000 + 5 × 10
            Wrong =
            {
                ["22.2"] = ["35000 ms: Body"], // the last byte comes at 30 s
                ["22.3"] = ["5000 ms: Body"],
            },
        },
        new("A large body may take a minute, if it comes fast enough", log =>
        {
            var server = new Server(log);
            server.At(0, deadlines => deadlines.OnHeadBytes(0));
            server.At(0, deadlines => deadlines.OnHeadEnd(0, hasBody: true));
            for (int second = 1; second <= 60; second++)
            {
                server.At(second * 1000, deadlines => deadlines.OnBodyBytes(server.Now, 1000));
            }
            server.At(60_000, deadlines => deadlines.OnBodyEnd(60_000), "the body is complete");
            server.Run();
        })
        {
            Right = ["60000 ms: the body is complete", "no deadline"],
            Wrong = { ["22.3"] = ["5000 ms: Body"] },
        },
        new("A client that has sent much may still not stop for longer than 5 s", log =>
        {
            var server = new Server(log);
            server.At(0, deadlines => deadlines.OnHeadBytes(0));
            server.At(0, deadlines => deadlines.OnHeadEnd(0, hasBody: true));
            server.At(1000, deadlines => deadlines.OnBodyBytes(1000, 60_000));
            server.Run();
        })
        {
            Right = ["6000 ms: Body"],
            Wrong =
            {
                ["22.3"] = ["5000 ms: Body"],
                ["22.4"] = ["605000 ms: Body"], // 5,000 + 60,000 × 10
            },
        },
        new("A handler may take 100 s, and then the connection is idle", log =>
        {
            var server = new Server(log);
            server.At(0, deadlines => deadlines.OnHeadBytes(0));
            server.At(0, deadlines => deadlines.OnHeadEnd(0, hasBody: false));
            server.At(100_000, deadlines => deadlines.OnResponseEnd(100_000), "the response");
            server.Run();
        })
        {
            Right = ["100000 ms: the response", "160000 ms: Idle"],
            Wrong =
            {
                ["22.5"] = ["10000 ms: Head"],
                ["22.7"] = ["100000 ms: the response", "no deadline"],
            },
        },
        new("The second head of a connection has a deadline, too", log =>
        {
            var server = new Server(log);
            server.At(0, deadlines => deadlines.OnHeadBytes(0));
            server.At(0, deadlines => deadlines.OnHeadEnd(0, hasBody: false));
            server.At(0, deadlines => deadlines.OnResponseEnd(0), "the response");
            server.At(20_000, deadlines => deadlines.OnHeadBytes(20_000));
            server.Run();
        })
        {
            Right = ["0 ms: the response", "30000 ms: Head"],
            Wrong = { ["22.6"] = ["0 ms: the response", "60000 ms: Idle"] },
        },
    ];

    private sealed class Server(Log log)
    {
        private readonly List<(int When, Action<Deadlines> Call, string? Text)> _calls = [];

        public int Now { get; private set; }

        public int? EndedAt { get; private set; }

        public void At(int when, Action<Deadlines> call, string? text = null) =>
            _calls.Add((when, call, text));

        public void Run()
        {
            Kind kind = RunToEnd();
            log.Write(EndedAt is { } end ? $"{end} ms: {kind}" : "no deadline");
        }

        // A call exactly at the deadline is in time.
        public Kind RunToEnd()
        {
            var deadlines = new Deadlines();
            deadlines.OnConnected(0);
            foreach ((int when, Action<Deadlines> call, string? text) in _calls)
            {
                if (deadlines.Next.Kind != Kind.None && deadlines.Next.Due < when)
                {
                    break;
                }
                Now = when;
                call(deadlines);
                if (text is not null)
                {
                    log.Write($"{when} ms: {text}");
                }
            }
            EndedAt = deadlines.Next.Kind == Kind.None ? null : deadlines.Next.Due;
            return deadlines.Next.Kind;
        }
    }
}
