using System.Buffers;
using System.Runtime.CompilerServices;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// What is chance in a run is in no recording: when the garbage collector reports, when a pin ends,
/// whether a thread has finished, and reports of errors, which read no clock of the driver.
/// </summary>
public sealed class IncidentalReplayTests
{
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_report_of_the_collector_may_come_in_one_run_only(
        bool comesWhenRecorded, bool comesWhenReplayed)
    {
        bool comes = comesWhenRecorded;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            Forget(loop);
            if (comes)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            for (int i = 0; i < 3; i++)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }

            lines.Add("end");
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(20),
        };
        var recorded = program.Record(new InMemoryDriver());
        comes = comesWhenReplayed;
        var replayed = program.Replay();
        Assert.That(recorded.Lines[^1] == "end", Is.EqualTo(comesWhenRecorded));
        Assert.That(replayed.Lines[^1] == "end", Is.EqualTo(comesWhenReplayed));
        Assert.That(replayed.Lines, Is.EquivalentTo(recorded.Lines));
        recorded.AssertSame(replayed with { Lines = recorded.Lines });
    }

    [Test]
    public void A_pin_may_end_in_one_run_only()
    {
        bool ends = true;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var pool = new NativeBlockPool(loop);
            NativeBlock block = pool.Rent();
            MemoryHandle pin = block.Pin();
            pool.Return(block);
            await EventLoop.Delay(TimeSpan.FromSeconds(3));
            if (ends)
            {
                var thread = new Thread(pin.Dispose);
                thread.Start();
                thread.Join();
            }

            await EventLoop.Delay(TimeSpan.FromSeconds(3));
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(20),
        };
        var recorded = program.Record(new InMemoryDriver());
        ends = false;
        program.Replay().AssertSame(recorded);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_task_may_end_before_its_future_is_cancelled_in_one_run_only(
        bool endsWhenRecorded, bool endsWhenReplayed)
    {
        bool ends = endsWhenRecorded;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            var source = new TaskCompletionSource();
            Future<Unit> future = source.Task.OnLoop();
            if (ends)
            {
                source.SetResult();
            }

            future.Cancel();
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            lines.Add($"{loop.TurnCount}");
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(20),
        };
        var recorded = program.Record(new InMemoryDriver());
        ends = endsWhenReplayed;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_runner_whose_last_act_is_executor_work_ends_as_recorded_each_time()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        for (int i = 0; i < 200; i++)
        {
            int spins = 200 * (i % 20);
            using (LoopRecording recording = program.Recorder(LoopDrivers.Sockets()))
            {
                RunWork(recording, new SlowEnd(spins));
            }

            using LoopReplay replay = program.Open();
            replay.Run(driver => RunWork(driver, new SlowEnd(3800 - spins)));
            Assert.That(replay.HasEnded, $"run {i}");
        }
    }

    [Test]
    public void Reports_and_throwing_instruments_read_no_clock_of_the_driver()
    {
        Assert.That(ReadsOf(_ => { }), Is.EqualTo(ReadsOf(loop =>
        {
            loop.AddInstrument(new ThrowingInstrument());
            loop.Report(new LoopErrorContext { Message = "Reported by a test." });
        })));
    }

    private static int ReadsOf(Action<EventLoop> prepare)
    {
        var driver = new ReadCounter();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        prepare(loop);
        loop.CallSoon(() => { });
        loop.RunBriefly();
        return driver.Reads;
    }

    private static void RunWork(LoopDriver driver, IExecutor executor)
    {
        using var runner = new LoopRunner(new EventLoopOptions { Driver = driver });
        runner.Loop.DefaultExecutor = executor;
        runner.Run(async Coroutine () => await runner.Loop.RunInExecutor(() => { }));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(EventLoop loop) =>
        new Promise<int>(loop).SetException(new FormatException("lost"));

    /// <summary>Is complete some time after its last work has posted its result.</summary>
    private sealed class SlowEnd(int spins) : IExecutor
    {
        private readonly RuntimeThreadPool _pool = new();

        public Task Completion => _pool.Completion;

        public void Submit(Action work) => _pool.Submit(() =>
        {
            work();
            Thread.SpinWait(spins);
        });

        public void Shutdown() => _pool.Shutdown();
    }

    private sealed class ReadCounter() : DelegatingLoopDriver(new InMemoryDriver())
    {
        public int Reads { get; private set; }

        public override TimeSpan Now
        {
            get
            {
                Reads++;
                return base.Now;
            }
        }
    }

    private sealed class ThrowingInstrument : ILoopInstrument
    {
        public void BeforeTurn(long turn) => throw new FormatException("planted");
    }
}
