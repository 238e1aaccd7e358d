using System.Diagnostics;
using System.Net;
using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Law 0: observation changes no turn, no poll and no read of the driver's clock. The same programs
/// run bare and observed in each way; a counting driver notes what the loop asks of its own.
/// </summary>
public sealed class ObservationTests
{
    private const int Programs = 40;

    /// <summary>How a loop is observed.</summary>
    [Flags]
    public enum Observation
    {
        None = 0,
        Instrument = 1,
        Trace = 2,
        Debug = 4,
        Recording = 8,
        All = Instrument | Trace | Debug | Recording,
    }

    private static readonly Observation[] s_ways =
        [.. Enum.GetValues<Observation>().Where(way => way != Observation.None)];

    private readonly List<string> _files = [];

    [OneTimeTearDown]
    public void DeleteFiles() => _files.ForEach(File.Delete);

    [Test]
    public void Random_programs_meet_the_same_turns_polls_and_reads_of_the_clock(
        [Values] bool isPollCostly)
    {
        int first = TestSeed.Next();
        for (int seed = first; seed < first + Programs; seed++)
        {
            string bare = RunRandom(seed, isPollCostly, Observation.None);
            foreach (Observation way in s_ways)
            {
                Assert.That(
                    RunRandom(seed, isPollCostly, way), Is.EqualTo(bare), $"{way}, seed {seed}");
            }
        }
    }

    [Test]
    public void A_busy_loop_skips_the_same_polls(
        [ValueSource(nameof(s_ways))] Observation way)
    {
        string bare = RunChain(new ManualDriver(), Observation.None);

        Assert.That(RunChain(new ManualDriver(), way), Is.EqualTo(bare));
        Assert.That(
            bare.Split("poll 0").Length - 1, Is.EqualTo(4), "the first turn, and one in 33");
    }

    [Test]
    public void A_busy_loop_on_a_real_driver_makes_the_same_calls(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver,
        [ValueSource(nameof(s_ways))] Observation way)
    {
        string bare = RunChain(LoopDrivers.Create(driver), Observation.None);

        Assert.That(RunChain(LoopDrivers.Create(driver), way), Is.EqualTo(bare));
    }

    [Test]
    public void An_instrument_that_comes_and_goes_changes_nothing()
    {
        string bare = RunWithTwoTimers(_ => { }, _ => { });
        var late = new Reader();

        Assert.That(
            RunWithTwoTimers(
                loop => loop.AddInstrument(late), loop => loop.RemoveInstrument(late)),
            Is.EqualTo(bare));
        Assert.That(late.Calls, Is.Positive);
    }

    [Test]
    public void An_instrument_that_reads_the_clock_of_the_loop_is_found()
    {
        string bare = RunWithTwoTimers(_ => { }, _ => { });

        Assert.That(
            RunWithTwoTimers(loop => loop.AddInstrument(new Meddler(loop)), _ => { }),
            Is.Not.EqualTo(bare));
    }

    private string RunWithTwoTimers(Action<EventLoop> first, Action<EventLoop> second) =>
        RunRandom(7, isPollCostly: true, Observation.None, loop =>
        {
            loop.CallLater(TimeSpan.FromMilliseconds(5), () => first(loop));
            loop.CallLater(TimeSpan.FromMilliseconds(9), () => second(loop));
        });

    /// <summary>A chain of callbacks without a wait: turns that may skip their poll.</summary>
    private string RunChain(LoopDriver inner, Observation way)
    {
        var driver = new CountingDriver(inner) { IsCostly = true, NotesTimes = false };
        using EventLoop loop = NewLoop(driver, way, out Action end);
        int left = 100;
        loop.CallSoon(Next);
        loop.RunForever();
        end();
        return Shown(loop, driver, "");

        void Next()
        {
            if (--left == 0)
            {
                loop.Stop();
            }
            else
            {
                loop.CallSoon(Next);
            }
        }
    }

    private string RunRandom(
        int seed, bool isPollCostly, Observation way, Action<EventLoop>? prepare = null)
    {
        var driver = new CountingDriver(new InMemoryDriver(new InMemoryOptions
        {
            Seed = seed,
            Faults = new FaultPlan { DelayMax = TimeSpan.FromMilliseconds(3) },
        }))
        {
            IsCostly = isPollCostly,
        };
        using EventLoop loop = NewLoop(driver, way, out Action end);
        prepare?.Invoke(loop);
        var program = new RandomProgram(loop, seed);
        loop.RunUntilComplete(program.MainAsync());
        end();
        return Shown(loop, driver, program.Story);
    }

    private EventLoop NewLoop(LoopDriver driver, Observation way, out Action end)
    {
        var loop = new EventLoop(new EventLoopOptions
        {
            Driver = way.HasFlag(Observation.Recording) ? Record(driver) : driver,
            Debug = way.HasFlag(Observation.Debug),
            PollSkipTimeMax = TimeSpan.MaxValue,
            SlowCallbackDuration = TimeSpan.MaxValue,
        });
        var reader = new Reader();
        var events = new List<TraceEvent>();
        TraceInstrument? trace = null;
        if (way.HasFlag(Observation.Instrument))
        {
            loop.AddInstrument(reader);
        }

        if (way.HasFlag(Observation.Trace))
        {
            trace = TraceInstrument.Attach(loop);
        }

        end = () =>
        {
            trace?.DrainTo(events);
            Assert.That(events.Count > 0, Is.EqualTo(trace is not null), "the trace saw the run");
            Assert.That(
                reader.Calls > 0, Is.EqualTo(way.HasFlag(Observation.Instrument)),
                "the instrument saw the run");
        };
        return loop;
    }

    private LoopRecording Record(LoopDriver driver)
    {
        string path = Path.GetTempFileName();
        _files.Add(path);
        return new LoopRecording(driver, new LoopRecordingOptions { Path = path });
    }

    private static string Shown(EventLoop loop, CountingDriver driver, string story) =>
        $"{loop.TurnCount} turns; {string.Join(", ", driver.Notes)}; {story}";

    /// <summary>Breaks the law.</summary>
    private sealed class Meddler(EventLoop loop) : ILoopInstrument
    {
        public TimeSpan Last { get; private set; }

        public void BeforeTurn(long turn) => Last = loop.Time;
    }

    /// <summary>Reads the real clock in every call.</summary>
    private sealed class Reader : ILoopInstrument
    {
        public int Calls { get; private set; }

        public void BeforeRun() => Read();

        public void AfterRun() => Read();

        public void BeforeTurn(long turn) => Read();

        public void BeforeBatch(int count) => Read();

        public void BeforeCallback(LoopWork work) => Read();

        public void AfterCallback(LoopWork work) => Read();

        public void CallbackScheduled(LoopWork work) => Read();

        public void TaskSpawned(TaskStep step) => Read();

        public void TaskScheduled(TaskStep step) => Read();

        public void BeforeTaskStep(TaskStep step) => Read();

        public void AfterTaskStep(TaskStep step) => Read();

        public void TaskExited(TaskStep step) => Read();

        public void BeforeIoWait(TimeSpan? timeout) => Read();

        public void AfterIoWait(TimeSpan elapsed) => Read();

        public void TimerArmed(long number, LoopWork work, TimeSpan when) => Read();

        public void TimerFired(long number, LoopWork work, TimeSpan when) => Read();

        public void TimerCancelled(long number, LoopWork work) => Read();

        public void MessageReceived(long number, LoopWork work) => Read();

        private void Read() => Calls += Stopwatch.GetTimestamp() > 0 ? 1 : 0;
    }
}

/// <summary>
/// A program from a seed: tasks that sleep, yield, post, arm and cancel timers, wait for each
/// other, talk over the network in memory, and get messages of a second thread.
/// </summary>
internal sealed class RandomProgram(EventLoop loop, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _story = [];
    private int _port;

    public string Story => string.Join(' ', _story);

    public async Coroutine MainAsync()
    {
        DriverListener listener = loop.Driver.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());
        _port = ((IPEndPoint)listener.LocalEndPoint).Port;
        LoopTask server = loop.CreateTask(ServeAsync(listener), "server");
        LoopTask[] tasks =
            [.. Enumerable.Range(0, 5).Select(i => loop.CreateTask(WorkAsync(i, 3), $"work {i}"))];
        foreach (LoopTask task in tasks)
        {
            await task;
        }

        server.Cancel();
        listener.Close();
        await EventLoop.Wait([server]);
    }

    private async Coroutine WorkAsync(int number, int depth)
    {
        int steps = _random.Next(1, 12);
        for (int i = 0; i < steps; i++)
        {
            Tell($"{number}.{i}");
            await ActAsync(number, depth);
        }
    }

    private async Coroutine ActAsync(int number, int depth)
    {
        switch (_random.Next(9))
        {
            case 0:
                await EventLoop.Yield();
                break;
            case 1:
                loop.CallSoon(() => Tell("soon"));
                break;
            case 2:
                TimerHandle timer = loop.CallLater(Milliseconds(), () => Tell("timer"));
                await EventLoop.Delay(Milliseconds());
                timer.Cancel();
                break;
            case 3 when depth > 0:
                await EventLoop.WhenAll(
                    loop.CreateTask(WorkAsync(number * 10, depth - 1)),
                    loop.CreateTask(WorkAsync((number * 10) + 1, 0), eager: true));
                break;
            case 4:
                PostFromAnotherThread();
                break;
            case 5 or 6:
                await TalkAsync();
                break;
            default:
                await EventLoop.Delay(Milliseconds());
                break;
        }
    }

    /// <summary>The thread has ended before this returns: the message is in the mailbox.</summary>
    private void PostFromAnotherThread()
    {
        var thread = new Thread(() => loop.CallSoonThreadSafe(() => Tell("message")));
        thread.Start();
        thread.Join();
    }

    private async Coroutine TalkAsync()
    {
        DriverConnect connect = loop.Driver.Connect(new IPEndPoint(IPAddress.Loopback, _port));
        if (await new OperationAwaitable(connect) != System.Net.Sockets.SocketError.Success)
        {
            Tell("no connection");
            return;
        }

        DriverSocket socket = connect.Socket;
        await socket.SendAllAsync(new byte[_random.Next(1, 4000)]);
        socket.ShutdownSend();
        Tell($"echo {await ReadToEndAsync(socket)}");
        socket.Close(reset: false);
    }

    private async Coroutine ServeAsync(DriverListener listener)
    {
        while (true)
        {
            await listener.WaitAcceptableAsync();
            if (listener.Accept().Socket is { } socket)
            {
                _ = loop.CreateTask(EchoAsync(socket));
            }
        }
    }

    private static async Coroutine EchoAsync(DriverSocket socket)
    {
        int length = await ReadToEndAsync(socket);
        await socket.SendAllAsync(new byte[Math.Max(1, length / 2)]);
        socket.ShutdownSend();
        socket.Close(reset: false);
    }

    private static async Coroutine<int> ReadToEndAsync(DriverSocket socket)
    {
        byte[] buffer = new byte[512];
        int length = 0;
        while (true)
        {
            IoResult result = socket.Receive(buffer);
            if (result.IsNotNow)
            {
                await socket.WaitReadableAsync();
            }
            else if (!result.IsSuccess || result.Bytes == 0)
            {
                return length;
            }

            length += result.Bytes;
        }
    }

    private TimeSpan Milliseconds() => TimeSpan.FromMilliseconds(_random.Next(0, 20));

    private void Tell(string what) => _story.Add(what);
}
