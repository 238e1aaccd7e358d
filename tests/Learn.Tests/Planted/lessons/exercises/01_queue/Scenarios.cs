using Reactor.Learn;

/// What a queue is asked.
public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("The entry that was added first is taken first", log =>
        {
            var queue = new EntryQueue();
            queue.Add("a");
            queue.Add("b");
            log.Write($"takes {queue.Take()}");
        })
        {
            Right = ["takes a"],
            Wrong = { ["01.1"] = ["takes b"], ["01.3"] = ["takes a"] },
        },
        new("An empty queue has no entry", log =>
        {
            log.Write($"takes {new EntryQueue().Take() ?? "nothing"}");
        })
        {
            Right = ["takes nothing"],
            Wrong = { ["01.2"] = ["(InvalidOperationException)"], ["01.3"] = ["(endless)"] },
            Limit = TimeSpan.FromMilliseconds(200),
        },
    ];
}
