// What an asker is asked, on the virtual clock: a question takes its time, and no real time.
using Reactor;
using Reactor.Learn;
using Reactor.Simulation;

public static class Scenarios
{
    private const string NotRunnable = "(InvalidOperationException)";

    public static IEnumerable<Scenario> All =>
    [
        new("Three questions of 100 ms are asked at the same time", log =>
            Ask(log, true, [("a", 100), ("b", 100), ("c", 100)]))
        {
            Right = ["a asks at 0 ms", "b asks at 0 ms", "c asks at 0 ms", "'A B C' at 100 ms"],
            Wrong =
            {
                ["18.1"] =
                [
                    "a asks at 0 ms", "b asks at 100 ms", "c asks at 200 ms", "'A B C' at 300 ms",
                ],
                ["18.2"] = ["'' at 0 ms", "a asks at 0 ms", "b asks at 0 ms", "c asks at 0 ms"],
                ["18.3"] = [NotRunnable],
            },
        },
        new("The answers stand in the order of the names", log =>
            Ask(log, false, [("a", 300), ("b", 100), ("c", 200)]))
        {
            Right = ["'A B C' at 300 ms"],
            Wrong =
            {
                ["18.1"] = ["'A B C' at 600 ms"],
                ["18.2"] = ["'' at 0 ms"],
                ["18.3"] = [NotRunnable],
                ["18.4"] = ["'B C A' at 300 ms"],
            },
        },
        new("Each answer is counted", log => Run(async Coroutine () =>
        {
            var asker = new Asker(Answer);
            await asker.AskAllAsync(["a", "b", "c"]);
            log.Write($"answers: {asker.Answers}");
        }))
        {
            Right = ["answers: 3"],
            Wrong =
            {
                ["18.2"] = ["answers: 0"],
                ["18.3"] = [NotRunnable],
                ["18.5"] = ["answers: 1"],
            },
        },
        new("The exception of a question reaches the caller", log =>
            Ask(log, false, [("a", 50), ("fails", 100), ("c", 200)]))
        {
            Right = ["IOException at 100 ms"],
            Wrong =
            {
                ["18.1"] = ["IOException at 150 ms"],
                ["18.2"] = ["'' at 0 ms"],
                ["18.3"] = [NotRunnable],
            },
        },
    ];

    private static void Ask(Log log, bool isVerbose, (string Name, int Ms)[] questions) =>
        Run(async Coroutine () =>
        {
            var asker = new Asker(Answer);
            string outcome;
            try
            {
                outcome = $"'{await asker.AskAllAsync([.. questions.Select(one => one.Name)])}'";
            }
            catch (IOException)
            {
                outcome = nameof(IOException);
            }
            log.Write($"{outcome} at {NowMs()} ms");
            await EventLoop.Delay(TimeSpan.FromSeconds(1)); // tasks that nothing awaits may run

            async Coroutine<string> Answer(string name)
            {
                if (isVerbose)
                {
                    log.Write($"{name} asks at {NowMs()} ms");
                }
                int ms = questions.First(one => one.Name == name).Ms;
                await EventLoop.Delay(TimeSpan.FromMilliseconds(ms));
                return name == "fails" ? throw new IOException() : name.ToUpperInvariant();
            }
        });

    private static async Coroutine<string> Answer(string name)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
        return name.ToUpperInvariant();
    }

    private static int NowMs() => (int)EventLoop.Current.Time.TotalMilliseconds;

    private static void Run(Func<Coroutine> main) => EventLoop.Run(main, new EventLoopOptions
    {
        Driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 }),
        LoggerFactory = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
    });
}
