// What the prices of orders are asked. The loop is a queue of replies, which it runs one by one.
using Reactor.Learn;

public static class Scenarios
{
    private const string Idle = "loop: nothing is left to do";

    public static IEnumerable<Scenario> All =>
    [
        new("One item is asked after the other, then comes the total", log =>
        {
            var loop = new Loop(log);
            loop.Start(1, "tea", "milk");
            loop.Run();
        })
        {
            Right = ["order 1 asks tea", "order 1 asks milk", "order 1: total 5", Idle],
            Wrong =
            {
                ["05.4"] = ["order 1 asks tea", "order 1 asks milk", "order 1: total 0", Idle],
            },
        },
        new("A failure names its origin, and ends the order", log =>
        {
            var loop = new Loop(log);
            loop.Start(7, "tea", "beer", "milk");
            loop.Run();
        })
        {
            Right =
            [
                "order 7 asks tea", "order 7 asks beer", "failed: order 7, beer: n/a", Idle,
            ],
            Wrong =
            {
                ["05.1"] =
                [
                    "order 7 asks tea", "order 7 asks beer",
                    "loop: FormatException in a callback", Idle,
                ],
                ["05.3"] =
                [
                    "order 7 asks tea", "order 7 asks beer", "failed: order 7, beer: n/a",
                    "order 7 asks milk", "order 7: total 5", Idle,
                ],
                ["05.4"] =
                [
                    "order 7 asks tea", "order 7 asks beer", "order 7 asks milk",
                    "order 7: total 0", "failed: order 7, beer: n/a", Idle,
                ],
            },
        },
        new("Two orders at the same time have two totals", log =>
        {
            var loop = new Loop(log);
            loop.Start(1, "tea", "milk");
            loop.Start(2, "tea", "sugar");
            loop.Run();
        })
        {
            Right =
            [
                "order 1 asks tea", "order 2 asks tea", "order 1 asks milk", "order 2 asks sugar",
                "order 1: total 5", "order 2: total 4", Idle,
            ],
            Wrong =
            {
                // 3 + 3 + 2 and 3 + 3 + 2 + 1: one sum for both.
                ["05.2"] =
                [
                    "order 1 asks tea", "order 2 asks tea", "order 1 asks milk",
                    "order 2 asks sugar", "order 1: total 8", "order 2: total 9", Idle,
                ],
                ["05.4"] =
                [
                    "order 1 asks tea", "order 1 asks milk", "order 1: total 0",
                    "order 2 asks tea", "order 2 asks sugar", "order 2: total 0", Idle,
                ],
            },
        },
        new("An order without items costs nothing", log =>
        {
            var loop = new Loop(log);
            loop.Start(1);
            loop.Run();
        })
        {
            Right = ["order 1: total 0", Idle],
            Wrong = { ["05.5"] = [Idle] },
        },
        new("The outcomes do not depend on the order of the replies", log =>
        {
            var lines = new List<string>();
            var loop = new Loop(new Log(1, lines.Add)) { Order = log.Schedule };
            loop.Start(1, "tea", "milk", "sugar");
            loop.Start(2, "milk", "beer", "tea");
            loop.Start(3, "sugar", "tea");
            loop.Run();
            string[] outcomes = [.. lines.Where(line => !line.Contains(" asks ")).Order()];
            bool isRight = outcomes.SequenceEqual(
                ["failed: order 2, beer: n/a", Idle, "order 1: total 6", "order 3: total 4"]);
            log.Write(isRight ? "two totals and a failure" : "other outcomes");
        })
        {
            Schedules = true,
            Right = ["two totals and a failure"],
            Wrong =
            {
                ["05.1"] = ["other outcomes"],
                ["05.2"] = ["other outcomes"],
                ["05.3"] = ["other outcomes"],
                ["05.4"] = ["other outcomes"],
            },
        },
    ];

    private sealed class Loop(Log log)
    {
        private readonly List<Action> _replies = [];

        // Null: replies arrive in the order of the questions.
        public Random? Order { get; init; }

        public void Start(int order, params string[] items) => Prices.AddUp(
            order, items, (item, reply) => Ask(order, item, reply),
            total => log.Write($"order {order}: total {total}"),
            origin => log.Write($"failed: {origin}"));

        public void Run()
        {
            while (_replies.Count > 0)
            {
                int index = Order?.Next(_replies.Count) ?? 0;
                Action reply = _replies[index];
                _replies.RemoveAt(index);
                try
                {
                    reply();
                }
                catch (Exception error)
                {
                    log.Write($"loop: {error.GetType().Name} in a callback");
                }
            }
            log.Write(Idle);
        }

        private void Ask(int order, string item, Action<string> reply)
        {
            log.Write($"order {order} asks {item}");
            string text = item switch { "tea" => "3", "milk" => "2", "sugar" => "1", _ => "n/a" };
            _replies.Add(() => reply(text));
        }
    }
}
