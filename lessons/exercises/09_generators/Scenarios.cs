// What a hand-written generator is asked: where its body begins, and each way out of its try.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("The body begins at the first MoveNext", log =>
        {
            Rows rows = Make(log, 1);
            log.Write("made");
            Next(log, rows);
        })
        {
            Right = ["made", "open", "row 1"],
            Wrong = { ["09.3"] = ["open", "made", "row 1"] },
        },
        new("A walk to the end yields each row, then closes", log =>
        {
            Rows rows = Make(log, 2);
            Next(log, rows);
            Next(log, rows);
            Next(log, rows);
        })
        {
            Right = ["open", "row 1", "row 2", "close", "end"],
            Wrong = { ["09.6"] = ["open", "row 1", "open", "row 1", "open", "row 1"] },
        },
        new("Behind the end comes no other row, and no other close", log =>
        {
            Rows rows = Make(log, 1);
            Next(log, rows);
            Next(log, rows);
            Next(log, rows);
        })
        {
            Right = ["open", "row 1", "close", "end", "end"],
            Wrong = { ["09.6"] = ["open", "row 1", "open", "row 1", "open", "row 1"] },
        },
        new("A caller that stops early closes", log =>
        {
            using (Rows rows = Make(log, 3))
            {
                Next(log, rows);
                Next(log, rows);
            }
            log.Write("after the walk");
        })
        {
            Right = ["open", "row 1", "row 2", "close", "after the walk"],
            Wrong =
            {
                ["09.1"] = ["open", "row 1", "row 2", "after the walk"],
                ["09.6"] = ["open", "row 1", "open", "row 1", "after the walk"],
            },
        },
        new("An exception in the body closes, then reaches the caller", log =>
        {
            Rows rows = Make(log, 2, fails: 2);
            Next(log, rows);
            Next(log, rows);
        })
        {
            Right = ["open", "row 1", "close", "failed"],
            Wrong =
            {
                ["09.2"] = ["open", "row 1", "failed"],
                ["09.6"] = ["open", "row 1", "open", "row 1"],
            },
        },
        new("Dispose behind the end closes nothing", log =>
        {
            Rows rows = Make(log, 0);
            Next(log, rows);
            rows.Dispose();
        })
        {
            Right = ["open", "close", "end"],
            Wrong = { ["09.4"] = ["open", "close", "end", "close"] },
        },
        new("Dispose before the first MoveNext has nothing to close", log =>
        {
            Rows rows = Make(log, 1);
            rows.Dispose();
            log.Write("disposed");
        })
        {
            Right = ["disposed"],
            Wrong =
            {
                ["09.3"] = ["open", "close", "disposed"],
                ["09.5"] = ["close", "disposed"],
            },
        },
        new("Two generators do not share their state", log =>
        {
            Rows first = Make(log, 2);
            Rows second = Make(log, 2);
            Next(log, first);
            Next(log, second);
            Next(log, first);
        })
        {
            Right = ["open", "row 1", "open", "row 1", "row 2"],
            Wrong =
            {
                ["09.3"] = ["open", "open", "row 1", "row 1", "row 2"],
                ["09.6"] = ["open", "row 1", "open", "row 1", "open", "row 1"],
            },
        },
    ];

    private static Rows Make(Log log, int count, int fails = 0) => new(
        log.Write,
        row => row == fails ? throw new IOException() : $"row {row}",
        count);

    private static void Next(Log log, Rows rows)
    {
        try
        {
            log.Write(rows.MoveNext() ? rows.Current : "end");
        }
        catch (IOException)
        {
            log.Write("failed");
        }
    }
}
