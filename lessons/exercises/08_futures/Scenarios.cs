// What a future is asked: when its callbacks run, how often it can be set, and how it fails.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("SetResult returns before the callbacks run", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.AddDoneCallback(() => log.Write($"callback: {future.Result}"));
            future.SetResult(42);
            log.Write("SetResult has returned");
            loop.RunTurn();
        })
        {
            Right = ["SetResult has returned", "callback: 42"],
            Wrong = { ["08.1"] = ["callback: 42", "SetResult has returned"] },
        },
        new("Callbacks run in the order in which they were added", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.AddDoneCallback(() => log.Write("first"));
            future.AddDoneCallback(() => log.Write("second"));
            future.SetResult(42);
            loop.RunTurn();
        })
        {
            Right = ["first", "second"],
            Wrong = { ["08.6"] = ["second"] },
        },
        new("A result is set once", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.SetResult(1);
            Refused(log, () => future.SetResult(2));
            log.Write($"result {future.Result}");
            Refused(log, () => future.SetException(new IOException()));
            log.Write($"result {future.Result}");
        })
        {
            // The second result, then the exception takes its place and leaves the scenario.
            Right = ["refused", "result 1", "refused", "result 1"],
            Wrong =
            {
                ["08.2"] = ["accepted", "result 2", "accepted", "(IOException)"],
                ["08.9"] = ["accepted", "result 1", "accepted", "result 1"],
            },
        },
        new("A callback that is added to a done future runs in the next turn", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.SetResult(42);
            future.AddDoneCallback(() => log.Write($"late: {future.Result}"));
            log.Write("AddDoneCallback has returned");
            loop.RunTurn();
        })
        {
            Right = ["AddDoneCallback has returned", "late: 42"],
            Wrong =
            {
                ["08.1"] = ["late: 42", "AddDoneCallback has returned"],
                ["08.3"] = ["AddDoneCallback has returned"],
                ["08.4"] = ["late: 42", "AddDoneCallback has returned"],
            },
        },
        new("A future that has failed throws the exception", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.AddDoneCallback(() => log.Write($"done: {future.IsDone}"));
            future.SetException(new IOException("reset"));
            loop.RunTurn();
            try
            {
                log.Write($"result {future.Result}");
            }
            catch (IOException error)
            {
                log.Write($"IOException: {error.Message}");
            }
        })
        {
            Right = ["done: True", "IOException: reset"],
            Wrong = { ["08.5"] = ["done: True", "result 0"] },
        },
        new("A future that is not done has no result", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            log.Write($"done: {future.IsDone}");
            Refused(log, () => log.Write($"result {future.Result}"));
        })
        {
            Right = ["done: False", "refused"],
            Wrong = { ["08.8"] = ["done: False", "result 0", "accepted"] },
        },
        new("An exception of one callback does not touch the others", log =>
        {
            var loop = new Loop(log);
            var future = new Future<int>(loop.CallSoon);
            future.AddDoneCallback(() => throw new IOException());
            future.AddDoneCallback(() => log.Write("second"));
            future.SetResult(42);
            loop.RunTurn();
        })
        {
            Right = ["loop: reports IOException", "second"],
            Wrong =
            {
                ["08.1"] = ["(IOException)"],
                ["08.6"] = ["second"],
                ["08.7"] = ["loop: reports IOException"],
            },
        },
        new("Each callback runs once and from the queue, added early or late", log =>
        {
            log.Write(RandomCallbacks(log));
        })
        {
            Schedules = true,
            Right = ["each once, in order, from the queue"],
            Wrong =
            {
                ["08.1"] = ["inside a call"],
                ["08.3"] = ["some never run"],
                ["08.4"] = ["inside a call"],
                ["08.6"] = ["some never run"],
            },
        },
    ];

    private static void Refused(Log log, Action call)
    {
        try
        {
            call();
            log.Write("accepted");
        }
        catch (InvalidOperationException)
        {
            log.Write("refused");
        }
    }

    // At least two callbacks before the result and one after it; turns of the loop in between.
    private static string RandomCallbacks(Log log)
    {
        var loop = new Loop(log);
        var future = new Future<int>(loop.CallSoon);
        var run = new List<int>();
        bool isInCall = false, isInline = false;
        int count = log.Schedule.Next(4, 12), setAt = log.Schedule.Next(2, count - 1);
        for (int i = 0; i < count; i++)
        {
            int number = i;
            isInCall = true;
            if (number == setAt)
            {
                future.SetResult(42);
            }

            future.AddDoneCallback(() =>
            {
                run.Add(number);
                isInline |= isInCall;
            });
            isInCall = false;
            if (log.Schedule.Next(3) == 0)
            {
                loop.RunTurn();
            }
        }

        loop.RunTurn();
        return isInline ? "inside a call"
            : run.Count < count ? "some never run"
            : run.SequenceEqual(Enumerable.Range(0, count)) ? "each once, in order, from the queue"
            : "out of order";
    }

    // The loop of lesson 06. It reports the exception of a callback, and goes on.
    private sealed class Loop(Log log)
    {
        private readonly Queue<Action> _ready = new();

        public void CallSoon(Action callback) => _ready.Enqueue(callback);

        public void RunTurn()
        {
            for (int batch = _ready.Count; batch > 0; batch--)
            {
                try
                {
                    _ready.Dequeue()();
                }
                catch (IOException)
                {
                    log.Write("loop: reports IOException");
                }
            }
        }
    }
}
