using Reactor.Drivers;
using Reactor.Recording;

namespace Reactor.Tests.Recording;

/// <summary>
/// A program that runs on a loop, recorded to a file of its own and replayed from it. What the
/// program writes down must be the same each time, as must turns and readings of the clock.
/// </summary>
internal sealed class RecordedProgram(Func<EventLoop, List<string>, Coroutine> main) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(
        TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");

    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public bool Mask { get; init; }

    public bool Events { get; init; }

    public long BytesMax { get; init; } = 1 << 30;

    public EventLoopOptions Options { get; set; } = new();

    /// <summary>Is called with each loop before it runs.</summary>
    public Action<EventLoop> Prepare { get; set; } = _ => { };

    /// <summary>Runs the program on a driver, without a recording.</summary>
    public Course Run(LoopDriver driver)
    {
        var lines = new List<string>();
        var counts = new CountingDriver(driver);
        using var loop = new EventLoop(Options with { Driver = counts })
        {
            ExceptionHandler = (_, error) =>
                lines.Add($"{error.Message} {error.Exception?.Message}"),
        };
        Prepare(loop);
        loop.RunUntilComplete(main(loop, lines));
        return new Course(lines, loop.TurnCount, counts.Reads, counts.Polls);
    }

    /// <summary>Runs the program on a driver, and leaves its loop open.</summary>
    public EventLoop RunOpen(LoopDriver driver)
    {
        var loop = new EventLoop(Options with { Driver = driver });
        loop.RunUntilComplete(main(loop, []));
        return loop;
    }

    /// <summary>Runs the program on a recorded driver.</summary>
    public Course Record(LoopDriver driver) => Run(Recorder(driver));

    public LoopRecording Recorder(LoopDriver driver) => new(driver, new LoopRecordingOptions
    {
        Path = Path,
        Mask = Mask,
        Events = Events,
        BytesMax = BytesMax,
    });

    public LoopReplay Open() => LoopReplay.Open(
        Path, new LoopReplayOptions { MessageTimeout = MessageTimeout });

    /// <summary>Runs the program on its recording.</summary>
    public Course Replay()
    {
        using LoopReplay replay = Open();
        Course? course = null;
        replay.Run(driver => course = Run(driver));
        Assert.That(replay.HasEnded, "every entry was matched");
        return course!;
    }

    /// <summary>Replays, and expects a difference.</summary>
    public LoopReplayException ReplayDiffers()
    {
        using LoopReplay replay = Open();
        return Assert.Throws<LoopReplayException>(() => replay.Run(driver => Run(driver)))!;
    }

    public void Dispose() => File.Delete(Path);

    /// <summary>What a run did.</summary>
    public sealed record Course(
        IReadOnlyList<string> Lines, long Turns, IReadOnlyList<TimeSpan> Reads,
        IReadOnlyList<TimeSpan?> Polls)
    {
        public void AssertSame(Course other)
        {
            Assert.That(Lines, Is.EqualTo(other.Lines), "what the program wrote down");
            Assert.That(Turns, Is.EqualTo(other.Turns), "turns");
            Assert.That(Reads, Is.EqualTo(other.Reads), "readings of the clock");
            Assert.That(Polls, Is.EqualTo(other.Polls), "polls");
        }
    }

    /// <summary>Notes the loop's readings of the clock and its polls.</summary>
    private sealed class CountingDriver(LoopDriver inner) : DelegatingLoopDriver(inner)
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public List<TimeSpan> Reads { get; } = [];

        public List<TimeSpan?> Polls { get; } = [];

        public override TimeSpan Now
        {
            get
            {
                TimeSpan now = base.Now;
                if (Environment.CurrentManagedThreadId == _thread)
                {
                    Reads.Add(now);
                }

                return now;
            }
        }

        public override void Poll(TimeSpan? deadline)
        {
            Polls.Add(deadline);
            base.Poll(deadline);
        }
    }
}
