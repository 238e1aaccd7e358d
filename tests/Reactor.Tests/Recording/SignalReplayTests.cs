using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Tests.Recording;

/// <summary>
/// Signals come in a replay in the turn in which they were recorded, before or after the changes of
/// their handlers as in the recorded run.
/// </summary>
public sealed class SignalReplayTests
{
    [Test]
    [Platform("Linux")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_recorded_signal_calls_its_handler_again_without_a_signal()
    {
        bool isReplay = false;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            Future<PosixSignal> heard = loop.NextSignalAsync(PosixSignal.SIGWINCH);
            loop.AddSignalHandler(PosixSignal.SIGCONT, () => lines.Add($"{loop.TurnCount} cont"));
            if (!isReplay)
            {
                Kill(18);
                Kill(28);
            }

            lines.Add($"{await heard} in {loop.TurnCount}");
            await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
            loop.RemoveSignalHandler(PosixSignal.SIGCONT);
        });
        var recorded = program.Record(LoopDrivers.Epoll());
        isReplay = true;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_signal_that_came_before_its_handler_was_removed_is_raised_before_that()
    {
        Action raise = () => { };
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            loop.AddSignalHandler(PosixSignal.SIGQUIT, () => lines.Add("heard"));
            raise();
            loop.RemoveSignalHandler(PosixSignal.SIGQUIT);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(500),
        };
        var driver = new SignalDriver();
        raise = () => driver.Raise(PosixSignal.SIGQUIT).Join();
        var recorded = program.Record(driver);
        Assert.That(recorded.Lines, Is.EqualTo(new[] { "heard" }));
        raise = () => { };
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_signal_in_the_instant_of_a_removal_is_raised_after_it()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            loop.AddSignalHandler(PosixSignal.SIGQUIT, () => lines.Add("heard"));
            loop.RemoveSignalHandler(PosixSignal.SIGQUIT);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            lines.Add("end");
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(500),
        };
        var signals = new SignalDriver();
        var instant = new InstantDriver(program.Recorder(signals), signals);
        var recorded = program.Run(instant);
        instant.Signal!.Join();
        Assert.That(recorded.Lines, Is.EqualTo(new[] { "end" }));
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void A_signal_before_its_wait_is_cancelled_in_the_same_step_is_raised_before_that()
    {
        Action raise = () => { };
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            Future<PosixSignal> heard = loop.NextSignalAsync(PosixSignal.SIGQUIT);
            raise();
            heard.Cancel();
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            lines.Add($"{loop.TurnCount}");
        })
        {
            MessageTimeout = TimeSpan.FromMilliseconds(500),
        };
        var driver = new SignalDriver();
        raise = () => driver.Raise(PosixSignal.SIGQUIT).Join();
        var recorded = program.Record(driver);
        raise = () => { };
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void Handlers_of_replayed_signals_run_in_their_recorded_order()
    {
        using var isSlow = new ManualResetEventSlim();
        Action raise = () => { };
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            using IDisposable first = loop.Driver.ListenSignal(PosixSignal.SIGQUIT, _ =>
            {
                Thread.SpinWait(1_000_000);
                lines.Add("quit");
            });
            using IDisposable second = loop.Driver.ListenSignal(
                PosixSignal.SIGHUP, _ =>
                {
                    lines.Add("hup");
                    loop.CallSoonThreadSafe(isSlow.Set);
                });
            raise();
            while (!isSlow.IsSet)
            {
                await EventLoop.Yield();
            }
        });
        var driver = new SignalDriver();
        raise = () =>
        {
            driver.Raise(PosixSignal.SIGQUIT).Join();
            driver.Raise(PosixSignal.SIGHUP).Join();
        };
        var recorded = program.Record(driver);
        raise = () => { };
        isSlow.Reset();
        program.Replay().AssertSame(recorded);
    }

    // The numbers of SIGCONT and SIGWINCH on Linux, which do nothing without a handler.
    private static void Kill(int signal) =>
        Assert.That(NativeKill(Environment.ProcessId, signal), Is.Zero);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int NativeKill(int process, int signal);

    /// <summary>Raises a signal in the instant in which a handler is removed.</summary>
    private sealed class InstantDriver(LoopDriver inner, SignalDriver signals)
        : DelegatingLoopDriver(inner)
    {
        private int _changes;

        public Thread? Signal { get; private set; }

        internal override IDisposable? HoldSignals()
        {
            IDisposable? held = base.HoldSignals();
            if (++_changes == 2) // the first adds it
            {
                Signal = signals.Raise(PosixSignal.SIGQUIT);
                Signal.Join(TimeSpan.FromMilliseconds(50)); // ends only if nothing holds it
            }

            return held;
        }
    }

    /// <summary>Has signals that a test raises.</summary>
    private sealed class SignalDriver() : DelegatingLoopDriver(LoopDrivers.Sockets())
    {
        private readonly Dictionary<PosixSignal, Action<PosixSignalContext>> _handlers = [];

        public Thread Raise(PosixSignal signal)
        {
            Action<PosixSignalContext> handler = _handlers[signal];
            var thread = new Thread(() => handler(new PosixSignalContext(signal)));
            thread.Start();
            return thread;
        }

        internal override IDisposable ListenSignal(
            PosixSignal signal, Action<PosixSignalContext> handler)
        {
            _handlers[signal] = handler;
            return new MemoryStream();
        }
    }
}
