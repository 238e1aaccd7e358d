using Reactor.Learn;

/// What a reader of lines is asked: the same text in every split.
public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A line is a line, however it is split", log =>
        {
            var reader = new LineReader();
            int split = log.Schedule.Next(0, 5);
            reader.Feed("abcd\n"[..split], log.Write);
            reader.Feed("abcd\n"[split..], log.Write);
        })
        {
            Right = ["abcd"],
            Wrong = { ["02.1"] = ["a", "bcd"], ["02.2"] = ["abcd\\n"], ["02.3"] = [] },
            Schedules = true,
        },
        new("Two parts without an end are no line", log =>
        {
            var reader = new LineReader();
            reader.Feed("a", log.Write);
            reader.Feed("b", log.Write);
        })
        {
            Right = [],
            Wrong = { ["02.1"] = ["a", "b"] },
        },
        new("Two lines in one part are two lines", log =>
        {
            new LineReader().Feed("a\nb\n", log.Write);
        })
        {
            Right = ["a", "b"],
            Wrong = { ["02.2"] = ["a\\nb\\n"], ["02.3"] = ["a"] },
        },
    ];
}
