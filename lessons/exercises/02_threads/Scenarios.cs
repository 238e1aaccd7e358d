// What a bounded server is asked. The host is simulated on one thread: when the server blocks, the
// thread that was started first runs to its end.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("Two clients are served at a time, and the third waits in the backlog", log =>
            new Host(log, slots: 2, "a", "b", "c").Run())
        {
            Right =
            [
                "accept a", "accept b", "serve a", "accept c", "serve b", "accept: no more",
                "serve c", "Run returns",
            ],
            Wrong =
            {
                ["02.2"] =
                [
                    "accept a", "accept b", "accept c", "serve a", "accept: no more", "serve b",
                    "serve c", "Run returns",
                ],
                ["02.4"] =
                [
                    "accept a", "accept b", "serve a", "accept c", "serve b", "accept: no more",
                    "Run returns", "serve c",
                ],
                ["02.5"] =
                [
                    "accept a", "serve a", "accept b", "serve b", "accept c", "serve c",
                    "accept: no more", "Run returns",
                ],
            },
        },
        new("A client that fails returns its slot", log =>
            new Host(log, slots: 1, "a!", "b", "c").Run())
        {
            Right =
            [
                "accept a!", "serve a!: fails", "accept b", "serve b", "accept c", "serve c",
                "accept: no more", "Run returns",
            ],
            Wrong =
            {
                ["02.1"] = ["accept a!", "serve a!: fails", "no slot is free, and no thread runs"],
                ["02.2"] =
                [
                    "accept a!", "accept b", "serve a!: fails", "accept c", "serve b",
                    "accept: no more", "serve c", "Run returns",
                ],
                ["02.3"] = ["accept a!", "serve a!: fails", "the process ends"],
                ["02.6"] =
                [
                    "accept a!", "serve a!: fails", "accept b", "accept c", "serve b",
                    "accept: no more", "Run returns", "serve c",
                ],
            },
        },
        new("Run returns when the last client is served", log =>
            new Host(log, slots: 2, "a").Run())
        {
            Right = ["accept a", "accept: no more", "serve a", "Run returns"],
            Wrong =
            {
                ["02.4"] = ["accept a", "accept: no more", "Run returns", "serve a"],
                ["02.5"] = ["accept a", "serve a", "accept: no more", "Run returns"],
            },
        },
        new("Without clients Run returns at once", log => new Host(log, slots: 2).Run())
        {
            Right = ["accept: no more", "Run returns"],
        },
        new("Any clients may fail, and threads may end in any order", log =>
        {
            int slots = log.Schedule.Next(1, 4);
            string[] clients = [.. Enumerable.Range(1, 8)
                .Select(i => log.Schedule.Next(2) == 0 ? $"{i}" : $"{i}!")];
            var lines = new List<string>();
            var host = new Host(new Log(1, lines.Add), slots, clients) { Order = log.Schedule };
            host.Run();
            int served = lines.Count(line => line.StartsWith("serve"));
            bool right = served == 8 && host.MostAtATime <= slots && lines[^1] == "Run returns";
            log.Write(right ? "all are served, within the limit" : "other than that");
        })
        {
            Schedules = true,
            Right = ["all are served, within the limit"],
            Wrong =
            {
                ["02.1"] = ["other than that"],
                ["02.2"] = ["other than that"],
                ["02.3"] = ["other than that"],
                ["02.4"] = ["other than that"],
                ["02.6"] = ["other than that"],
            },
        },
    ];

    private sealed class Host(Log log, int slots, params string[] clients) : IHost
    {
        private readonly Queue<string> _backlog = new(clients);
        private readonly List<Action> _threads = [];
        private int _free = slots;
        private int _accepted;

        public int Slots { get; } = slots;

        // Null: the thread that was started first ends first.
        public Random? Order { get; init; }

        public int MostAtATime { get; private set; }

        public void Run()
        {
            try
            {
                BoundedServer.Run(this);
                log.Write("Run returns");
                while (_threads.Count > 0)
                {
                    RunThread();
                }
            }
            catch (EndOfProcessException end)
            {
                log.Write(end.Message);
            }
        }

        public void TakeSlot()
        {
            while (_free == 0)
            {
                RunThread();
            }
            _free--;
        }

        public void ReturnSlot() => _free++;

        public string? Accept()
        {
            bool isClient = _backlog.TryDequeue(out string? client);
            log.Write(isClient ? $"accept {client}" : "accept: no more");
            _accepted += isClient ? 1 : 0;
            MostAtATime = Math.Max(MostAtATime, _accepted);
            return client;
        }

        public void StartThread(Action body) => _threads.Add(body);

        public void Serve(string client)
        {
            _accepted--;
            bool fails = client.EndsWith('!');
            log.Write($"serve {client}{(fails ? ": fails" : "")}");
            if (fails)
            {
                throw new IOException();
            }
        }

        private void RunThread()
        {
            if (_threads.Count == 0)
            {
                throw new EndOfProcessException("no slot is free, and no thread runs");
            }
            int index = Order?.Next(_threads.Count) ?? 0;
            Action body = _threads[index];
            _threads.RemoveAt(index);
            try
            {
                body();
            }
            catch (IOException)
            {
                throw new EndOfProcessException("the process ends");
            }
        }
    }

    // Not an IOException, which an answer catches; it passes each finally.
    private sealed class EndOfProcessException(string message) : Exception(message);
}
