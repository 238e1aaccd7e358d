// What the reader of a recording is asked: ten questions about two runs. Each run is recorded here,
// on the virtual clock, so that every number follows from the numbers of the run.
using Reactor;
using Reactor.Learn;
using Reactor.Recording;
using Reactor.Simulation;

public static class Scenarios
{
    // report works from 40 to 120, mail to 125; pulse is due at 50 and comes at 125; order fails at
    // 200, and poller is cancelled then; backup works from 300 to 400. Main ends at 410.
    private static readonly Office s_long =
        new(ReportAt: 40, ReportMs: 80, PulseAt: 50, OrderAt: 200, BackupAt: 300, BackupMs: 100);

    // report works from 20 to 50, mail to 55; pulse is due at 30; backup works from 200 to 260.
    // Main ends at 270.
    private static readonly Office s_short =
        new(ReportAt: 20, ReportMs: 30, PulseAt: 30, OrderAt: 100, BackupAt: 200, BackupMs: 60);

    public static IEnumerable<Scenario> All =>
    [
        Ask("Which step held the loop for the longest time?", WriteLongest,
            "longest: backup, 100 ms", ("26.3", "longest: Office.Main, 410 ms")),
        Ask("Which timer was latest, and what ran when it was due?", WriteLatest,
            "latest: pulse, 75 ms, because of report",
            ("26.1", "latest: pulse, 75 ms, because of pulse"),
            ("26.2", "latest: pulse, 75 ms, because of backup"),
            ("26.6", "latest: backup, 300 ms, because of backup")),
        Ask("Which task was ready for the longest time?", WriteQueued,
            "queued: mail, 80 ms", ("26.7", "queued: backup, 300 ms")),
        Ask("How long was the loop idle, and how long busy?", WriteTimes,
            "idle 225 ms, busy 185 ms", // 40 + 75 + 100 + 10, and 80 + 5 + 100
            ("26.4", "idle 225 ms, busy 410 ms")),
        Ask("How many tasks failed?", WriteFailed, "failed: 1", ("26.5", "failed: 2")),
        new("The same questions about another run", log =>
        {
            Answers answers = Reading.Of(s_short.Record());
            WriteLongest(log, answers);
            WriteLatest(log, answers);
            WriteQueued(log, answers);
            WriteTimes(log, answers);
            WriteFailed(log, answers);
        })
        {
            Limit = TimeSpan.FromSeconds(4),
            Right = Short(),
            Wrong =
            {
                ["26.1"] = Short(latest: "latest: pulse, 25 ms, because of pulse"),
                ["26.2"] = Short(latest: "latest: pulse, 25 ms, because of backup"),
                ["26.3"] = Short(longest: "longest: Office.Main, 270 ms"),
                ["26.4"] = Short(times: "idle 175 ms, busy 270 ms"),
                ["26.5"] = Short(failed: "failed: 2"),
                ["26.6"] = Short(latest: "latest: backup, 200 ms, because of backup"),
                ["26.7"] = Short(queued: "queued: backup, 200 ms"),
            },
        },
    ];

    private static Scenario Ask(
        string question, Action<Log, Answers> write, string right,
        params ReadOnlySpan<(string Number, string Line)> wrong)
    {
        var scenario = new Scenario(question, log => write(log, Reading.Of(s_long.Record())))
        {
            Limit = TimeSpan.FromSeconds(4), // the first one starts the library
            Right = [right],
        };
        foreach ((string number, string line) in wrong)
        {
            scenario.Wrong[number] = [line];
        }
        return scenario;
    }

    private static void WriteLongest(Log log, Answers answers) =>
        log.Write($"longest: {answers.Longest}, {answers.LongestMs} ms");

    private static void WriteLatest(Log log, Answers answers) =>
        log.Write($"latest: {answers.Latest}, {answers.LateMs} ms, because of {answers.Cause}");

    private static void WriteQueued(Log log, Answers answers) =>
        log.Write($"queued: {answers.Queued}, {answers.QueuedMs} ms");

    private static void WriteTimes(Log log, Answers answers) =>
        log.Write($"idle {answers.IdleMs} ms, busy {answers.BusyMs} ms");

    private static void WriteFailed(Log log, Answers answers) =>
        log.Write($"failed: {answers.Failed}");

    private static string[] Short(
        string longest = "longest: backup, 60 ms",
        string latest = "latest: pulse, 25 ms, because of report",
        string queued = "queued: mail, 30 ms",
        string times = "idle 175 ms, busy 95 ms", // 20 + 45 + 100 + 10, and 30 + 5 + 60
        string failed = "failed: 1") => [longest, latest, queued, times, failed];
}

internal sealed record Office(
    int ReportAt, int ReportMs, int PulseAt, int OrderAt, int BackupAt, int BackupMs)
{
    private InMemoryDriver _driver = null!;

    public LoopTrace Record()
    {
        string path = Path.GetTempFileName();
        try
        {
            InMemoryDriver driver = _driver = new(new InMemoryOptions { Seed = 1 });
            var recording = new LoopRecording(driver, new LoopRecordingOptions
            {
                Path = path,
                Events = true,
                EventClock = () => (long)driver.Now.TotalNanoseconds,
            });
            using (var loop = new EventLoop(new EventLoopOptions { Driver = recording }))
            {
                loop.RunUntilComplete(Main());
            }
            using RecordingFile file = RecordingFile.Open(path);
            return file.ReadTrace();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Coroutine Main()
    {
        EventLoop.Spawn(Work(ReportAt, ReportMs), "report");
        EventLoop.Spawn(Work(ReportAt, 5), "mail");
        LoopTask pulse = EventLoop.Spawn(Work(PulseAt, 0), "pulse");
        LoopTask order = EventLoop.Spawn(Fail(OrderAt), "order");
        LoopTask poller = EventLoop.Spawn(Work(10_000, 0), "poller");
        LoopTask backup = EventLoop.Spawn(Work(BackupAt, BackupMs), "backup");
        await pulse;
        await Try(order);
        poller.Cancel();
        await Try(poller);
        await backup;
        await EventLoop.Delay(TimeSpan.FromMilliseconds(10));
    }

    private async Coroutine Work(int delay, int work)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(delay));
        _driver.Advance(TimeSpan.FromMilliseconds(work));
    }

    private static async Coroutine Fail(int delay)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(delay));
        throw new InvalidOperationException("The order is empty.");
    }

    private static async Coroutine Try(LoopTask task)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
        }
    }
}
