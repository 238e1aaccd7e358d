// What the server of votes is asked: which client waits for which, and what may happen meanwhile.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A client with many votes does not keep the others from theirs", log =>
        {
            var loop = new Loop();
            var many = new TestClient(log, "a", votes: 3) { Connects = loop.NextTurn };
            Start(log, loop, many, new TestClient(log, "b", votes: 1) { Connects = loop.NextTurn });
            loop.Run();
        })
        {
            // Both begin before the first turn, and then take turns.
            Right = ["a: begins", "b: begins", "a: 1", "b: 2", "a: 3", "a: 4", "served, total 4"],
            Wrong =
            {
                ["12.1"] =
                [
                    "a: begins", "b: begins", "a: 1", "a: 2", "a: 3", "b: 4", "served, total 4",
                ],
                ["12.3"] =
                [
                    "a: begins", "a: 1", "a: 2", "a: 3", "b: begins", "b: 4", "served, total 4",
                ],
                ["12.5"] =
                [
                    "a: begins", "b: begins", "a: 2", "b: 3", "a: 3", "a: 4", "served, total 4",
                ],
                ["12.6"] =
                [
                    "a: begins", "b: begins", "served, total 0", "a: 1", "b: 2", "a: 3", "a: 4",
                ],
            },
        },
        new("A silent client does not keep the others from theirs", log =>
        {
            var loop = new Loop();
            var silent = new TestClient(log, "a", votes: 0) { IsSilent = true };
            Start(log, loop, silent, new TestClient(log, "b", votes: 1));
            loop.Run();
        })
        {
            Right = ["b: 1"],
            Wrong =
            {
                ["12.3"] = [],
                ["12.6"] = ["b: 1", "served, total 1"],
            },
        },
        new("Each vote has its own number, and the total is their count", log =>
        {
            var loop = new Loop();
            var slow = new TestClient(log, "a", votes: 1) { HoldsAnswer = true };
            Start(log, loop, slow, new TestClient(log, "b", votes: 1));
            loop.Run();
            log.Write("a takes its answer");
            slow.TakeAnswer();
            loop.Run();
        })
        {
            Right = ["a: 1", "b: 2", "a takes its answer", "served, total 2"],
            Wrong =
            {
                ["12.2"] = ["a: 1", "b: 1", "a takes its answer", "served, total 1"],
                ["12.3"] = ["a: 1", "a takes its answer", "b: 2", "served, total 2"],
                ["12.5"] = ["a: 2", "b: 2", "a takes its answer", "served, total 2"],
                ["12.6"] = ["a: 1", "b: 2", "served, total 2", "a takes its answer"],
                ["12.7"] = ["a: 1", "b: 1", "a takes its answer", "served, total 2"],
            },
        },
        new("A connection that breaks does not end the server", log =>
        {
            var loop = new Loop();
            var broken = new TestClient(log, "a", votes: 1) { BreaksAtEnd = true };
            Start(log, loop, broken, new TestClient(log, "b", votes: 3));
            loop.Run();
        })
        {
            Right = ["a: 1", "b: 2", "b: 3", "b: 4", "served, total 4"],
            Wrong =
            {
                // The first client has ended, but its exception waits for the await of ServeAll.
                ["12.4"] = ["a: 1", "b: 2", "ServeAll failed, total 2", "b: 3", "b: 4"],
                ["12.5"] = ["a: 2", "b: 2", "b: 3", "b: 4", "served, total 4"],
                ["12.6"] = ["a: 1", "b: 2", "served, total 2", "b: 3", "b: 4"],
                // All are served, and then the exception leaves ServeAll.
                ["12.8"] = ["a: 1", "b: 2", "b: 3", "b: 4", "ServeAll failed, total 4"],
            },
        },
        new("Any number of clients, votes and delays", log =>
        {
            var loop = new Loop();
            var random = new List<TestClient>();
            int votes = 0;
            for (int i = log.Schedule.Next(2, 6); i > 0; i--)
            {
                int count = log.Schedule.Next(1, 5);
                votes += count;
                random.Add(new TestClient(null, "", count) { Delay = Delay });
            }

            var server = new VoteServer(loop.NextTurn);
            Task all = server.ServeAll(random);
            loop.Run();
            IEnumerable<int> numbers = random.SelectMany(client => client.Numbers).Order();
            log.Write(!all.IsCompleted ? "not all are served"
                : server.Total != votes ? "the total is wrong"
                : numbers.SequenceEqual(Enumerable.Range(1, votes)) ? "each number once"
                : "two votes have the same number");

            async Task Delay()
            {
                for (int turns = log.Schedule.Next(4); turns > 0; turns--)
                {
                    await loop.NextTurn();
                }
            }
        })
        {
            Schedules = true,
            Right = ["each number once"],
            Wrong =
            {
                ["12.2"] = ["the total is wrong"],
                ["12.5"] = ["two votes have the same number"],
                ["12.7"] = ["two votes have the same number"],
            },
        },
    ];

    private static void Start(Log log, Loop loop, params Client[] clients)
    {
        var server = new VoteServer(loop.NextTurn);
        _ = Serve();

        async Task Serve()
        {
            try
            {
                await server.ServeAll(clients);
                log.Write($"served, total {server.Total}");
            }
            catch (IOException)
            {
                log.Write($"ServeAll failed, total {server.Total}");
            }
        }
    }

    // A script instead of a socket. Without a log it keeps its numbers only.
    private sealed class TestClient(Log? log, string name, int votes) : Client
    {
        private readonly TaskCompletionSource _taken = new();
        private int _left = votes;

        public bool IsSilent { get; init; }
        public bool HoldsAnswer { get; init; }
        public bool BreaksAtEnd { get; init; }
        public Func<Task>? Connects { get; set; }
        public Func<Task> Delay { get; init; } = () => Task.CompletedTask;
        public List<int> Numbers { get; } = [];

        public override async Task<bool> ReadVote()
        {
            await Delay();
            if (Connects is { } connects)
            {
                Connects = null;
                log?.Write($"{name}: begins");
                await connects();
            }

            if (IsSilent)
            {
                await new TaskCompletionSource().Task;
            }

            return _left-- > 0 || (BreaksAtEnd ? throw new IOException("reset") : false);
        }

        public override async Task Answer(int number)
        {
            log?.Write($"{name}: {number}");
            Numbers.Add(number);
            await Delay();
            if (HoldsAnswer)
            {
                await _taken.Task;
            }
        }

        public void TakeAnswer() => _taken.SetResult();
    }

    // The ready queue of lesson 06.
    private sealed class Loop
    {
        private readonly Queue<Action> _ready = new();

        public Task NextTurn()
        {
            var source = new TaskCompletionSource();
            _ready.Enqueue(source.SetResult);
            return source.Task;
        }

        public void Run()
        {
            for (int steps = 0; steps < 1000 && _ready.TryDequeue(out Action? callback); steps++)
            {
                callback();
            }
        }
    }
}
