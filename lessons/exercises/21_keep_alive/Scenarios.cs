// What a pipeline of responses is asked. The connection only writes down what is done with it.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("Three handlers end in another order than the requests came", log =>
        {
            Pipeline pipeline = Open(log, requests: 3);
            pipeline.Answer(2, "C");
            pipeline.Answer(0, "A");
            pipeline.Answer(1, "B");
            pipeline.EndOfTurn();
        })
        {
            Right = ["write A", "write B", "write C", "flush"],
            Wrong =
            {
                ["21.1"] = ["write C", "write A", "write B", "flush"],
                ["21.2"] = ["write A", "flush", "write B", "flush", "write C", "flush"],
                ["21.3"] = ["write A", "write B", "flush"],
            },
        },
        new("A response that came too early is sent in a later turn", log =>
        {
            Pipeline pipeline = Open(log, requests: 2);
            pipeline.Answer(1, "B");
            pipeline.EndOfTurn();
            log.Write("turn 2");
            pipeline.Answer(0, "A");
            pipeline.EndOfTurn();
        })
        {
            Right = ["turn 2", "write A", "write B", "flush"],
            Wrong =
            {
                ["21.1"] = ["write B", "flush", "turn 2", "write A", "flush"],
                ["21.2"] = ["turn 2", "write A", "flush", "write B", "flush"],
                ["21.3"] = ["turn 2", "write A", "flush"],
            },
        },
        new("The last response is flushed before the close", log =>
        {
            Pipeline pipeline = Open(log, requests: 1);
            pipeline.Answer(0, "A", isLast: true);
            pipeline.EndOfTurn();
        })
        {
            Right = ["write A", "flush", "close"],
            Wrong = { ["21.4"] = ["write A", "close"] },
        },
        new("Two reasons to close are one close", log =>
        {
            Pipeline pipeline = Open(log, requests: 1);
            pipeline.Answer(0, "A", isLast: true);
            pipeline.EndOfTurn();
            pipeline.EndOfInput();
            pipeline.EndOfTurn();
        })
        {
            Right = ["write A", "flush", "close"],
            Wrong =
            {
                ["21.4"] = ["write A", "close"],
                ["21.5"] = ["write A", "flush", "close", "close"],
            },
        },
        new("A client that has ended its input gets its response", log =>
        {
            Pipeline pipeline = Open(log, requests: 1);
            pipeline.EndOfInput();
            pipeline.EndOfTurn();
            log.Write("turn 2");
            pipeline.Answer(0, "A");
            pipeline.EndOfTurn();
        })
        {
            Right = ["turn 2", "write A", "flush", "close"],
            Wrong =
            {
                ["21.4"] = ["turn 2", "write A", "close"],
                ["21.6"] = ["close", "turn 2"],
            },
        },
        new("A client that ends its input after its response is closed, too", log =>
        {
            Pipeline pipeline = Open(log, requests: 1);
            pipeline.Answer(0, "A");
            pipeline.EndOfTurn();
            log.Write("turn 2");
            pipeline.EndOfInput();
            pipeline.EndOfTurn();
        })
        {
            Right = ["write A", "flush", "turn 2", "close"],
            Wrong = { ["21.8"] = ["write A", "flush", "turn 2"] },
        },
        new("Nothing is written behind the last response", log =>
        {
            Pipeline pipeline = Open(log, requests: 2);
            pipeline.Answer(0, "A", isLast: true);
            pipeline.Answer(1, "B");
            pipeline.EndOfTurn();
        })
        {
            Right = ["write A", "flush", "close"],
            Wrong =
            {
                ["21.4"] = ["write A", "close"],
                ["21.7"] = ["write A", "write B", "flush", "close"],
            },
        },
        new("16 responses stay in order, whatever the order and the turns of their ends", log =>
        {
            List<string> written = [];
            var pipeline = new Pipeline(written.Add, () => { }, () => { });
            int[] requests = [.. Enumerable.Range(0, 16).Select(_ => pipeline.Begin())];
            log.Schedule.Shuffle(requests);
            foreach (int request in requests)
            {
                pipeline.Answer(request, $"{request}");
                if (log.Schedule.Next(2) == 0)
                {
                    pipeline.EndOfTurn();
                }
            }
            pipeline.EndOfTurn();
            bool isRight = written.SequenceEqual(Enumerable.Range(0, 16).Select(i => $"{i}"));
            log.Write(isRight ? "16 responses in order" : "swapped or lost");
        })
        {
            Schedules = true,
            Right = ["16 responses in order"],
            Wrong = { ["21.1"] = ["swapped or lost"], ["21.3"] = ["swapped or lost"] },
        },
    ];

    private static Pipeline Open(Log log, int requests)
    {
        var pipeline = new Pipeline(
            response => log.Write($"write {response}"),
            () => log.Write("flush"),
            () => log.Write("close"));
        for (int i = 0; i < requests; i++)
        {
            pipeline.Begin();
        }
        return pipeline;
    }
}
