// What an acceptor is asked. The loop is simulated: its clock jumps to the next timer or event when
// the listener need not be reported.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A burst of clients is accepted", log =>
        {
            var loop = new Loop(log, descriptors: 10);
            loop.Connect("a", "b");
            loop.Run();
        })
        {
            Right = ["0 ms: accepts a", "0 ms: accepts b"],
        },
        new("Without a descriptor accepting pauses for 100 ms", log =>
        {
            var loop = new Loop(log, descriptors: 1);
            loop.Connect("a", "b");
            loop.At(250, () => loop.Descriptors++);
            loop.Run();
        })
        {
            Right =
            [
                "0 ms: accepts a", "0 ms: no descriptor", "0 ms: timer for 100 ms",
                "100 ms: no descriptor", "100 ms: timer for 100 ms",
                "200 ms: no descriptor", "200 ms: timer for 100 ms", "300 ms: accepts b",
            ],
            Wrong =
            {
                // The first call accepts a; three more turns bring nothing.
                ["19.1"] =
                [
                    "0 ms: accepts a", "0 ms: no descriptor", "0 ms: no descriptor",
                    "0 ms: no descriptor", "0 ms: no descriptor", "the loop spins",
                ],
                ["19.2"] =
                [
                    "0 ms: accepts a", "0 ms: no descriptor", "0 ms: no descriptor",
                    "0 ms: no descriptor", "OnAcceptable does not return",
                ],
                ["19.3"] = ["0 ms: accepts a", "0 ms: no descriptor", "clients that wait: 1"],
                ["19.5"] =
                [
                    "0 ms: accepts a", "0 ms: no descriptor", "0 ms: timer for 100 ms",
                    "0 ms: no descriptor", "0 ms: timer for 100 ms",
                    "0 ms: no descriptor", "0 ms: timer for 100 ms",
                    "0 ms: no descriptor", "0 ms: timer for 100 ms", "the loop spins",
                ],
            },
        },
        new("After the pause later clients are accepted, too", log =>
        {
            var loop = new Loop(log, descriptors: 0);
            loop.Connect("a");
            loop.At(50, () => loop.Descriptors = 10);
            loop.At(500, () => loop.Connect("b"));
            loop.Run();
        })
        {
            Right =
            [
                "0 ms: no descriptor", "0 ms: timer for 100 ms", "100 ms: accepts a",
                "500 ms: accepts b",
            ],
            Wrong =
            {
                ["19.1"] =
                [
                    "0 ms: no descriptor", "0 ms: no descriptor", "0 ms: no descriptor",
                    "the loop spins",
                ],
                ["19.2"] =
                [
                    "0 ms: no descriptor", "0 ms: no descriptor", "0 ms: no descriptor",
                    "OnAcceptable does not return",
                ],
                ["19.3"] = ["0 ms: no descriptor", "clients that wait: 2"],
                ["19.5"] =
                [
                    "0 ms: no descriptor", "0 ms: timer for 100 ms",
                    "0 ms: no descriptor", "0 ms: timer for 100 ms",
                    "0 ms: no descriptor", "0 ms: timer for 100 ms", "the loop spins",
                ],
                ["19.6"] =
                [
                    "0 ms: no descriptor", "0 ms: timer for 100 ms", "100 ms: accepts a",
                    "clients that wait: 1",
                ],
            },
        },
        new("A client that has gone delays no other", log =>
        {
            var loop = new Loop(log, descriptors: 10);
            loop.Connect("a (gone)", "b");
            loop.Run();
        })
        {
            Right = ["0 ms: a (gone)", "0 ms: accepts b"],
            Wrong =
            {
                ["19.4"] = ["0 ms: a (gone)", "0 ms: timer for 100 ms", "100 ms: accepts b"],
            },
        },
        new("Whenever clients come and descriptors are freed, all are accepted", log =>
        {
            var lines = new List<string>();
            var loop = new Loop(new Log(1, lines.Add), descriptors: 0);
            loop.Connect("a");
            for (int i = 1; i <= 5; i++)
            {
                string client = log.Schedule.Next(3) == 0 ? $"{i} (gone)" : $"{i}";
                loop.At(log.Schedule.Next(1000), () => loop.Connect(client));
                loop.At(log.Schedule.Next(1, 1000), () => loop.Descriptors++);
            }
            loop.At(2000, () => loop.Descriptors = 10);
            loop.At(3000, () => loop.Connect("z"));
            loop.Run();
            log.Write(lines[^1] == "3000 ms: accepts z" ? "the last one is accepted" : "it is not");
        })
        {
            Schedules = true,
            Right = ["the last one is accepted"],
            Wrong =
            {
                ["19.1"] = ["it is not"],
                ["19.2"] = ["it is not"],
                ["19.3"] = ["it is not"],
                ["19.5"] = ["it is not"],
                ["19.6"] = ["it is not"],
            },
        },
    ];

    private sealed class Loop : ILoop
    {
        private const int StepsWithoutProgressMax = 3;

        private readonly PriorityQueue<Action, (int When, int Number)> _events = new();
        private readonly Queue<string> _waiting = new();
        private readonly Log _log;
        private readonly Acceptor _acceptor;
        private bool _isWatched = true;
        private int _now;
        private int _eventsMade;
        private int _turns;
        private int _attempts;

        public Loop(Log log, int descriptors)
        {
            _log = log;
            Descriptors = descriptors;
            _acceptor = new Acceptor(this);
        }

        public int Descriptors { get; set; }

        public void Connect(params string[] clients) => Array.ForEach(clients, _waiting.Enqueue);

        public void At(int when, Action callback) =>
            _events.Enqueue(callback, (when, _eventsMade++));

        public void CallLater(int milliseconds, Action callback)
        {
            _log.Write($"{_now} ms: timer for {milliseconds} ms");
            At(_now + milliseconds, callback);
        }

        public void Watch(bool isWatched) => _isWatched = isWatched;

        public Outcome Accept()
        {
            if (!_waiting.TryPeek(out string? client))
            {
                return Outcome.WouldBlock;
            }
            if (client.EndsWith("(gone)"))
            {
                return Take(client, Outcome.Gone);
            }
            if (Descriptors > 0)
            {
                Descriptors--;
                return Take($"accepts {client}", Outcome.Accepted);
            }
            if (++_attempts > StepsWithoutProgressMax)
            {
                throw new EndException("OnAcceptable does not return");
            }
            _log.Write($"{_now} ms: no descriptor");
            return Outcome.NoDescriptor;
        }

        public void Run()
        {
            try
            {
                while (RunTurn())
                {
                }
                if (_waiting.Count > 0)
                {
                    _log.Write($"clients that wait: {_waiting.Count}");
                }
            }
            catch (EndException end)
            {
                _log.Write(end.Message);
            }
        }

        private bool RunTurn()
        {
            _attempts = 0;
            if (_isWatched && _waiting.Count > 0)
            {
                if (_turns++ == StepsWithoutProgressMax)
                {
                    throw new EndException("the loop spins");
                }
                _acceptor.OnAcceptable();
                return true;
            }
            if (!_events.TryDequeue(out Action? callback, out (int When, int Number) key))
            {
                return false;
            }
            _now = key.When;
            _turns = 0;
            callback();
            return true;
        }

        private Outcome Take(string text, Outcome outcome)
        {
            _waiting.Dequeue();
            _log.Write($"{_now} ms: {text}");
            _turns = 0;
            return outcome;
        }
    }

    private sealed class EndException(string message) : Exception(message);
}
