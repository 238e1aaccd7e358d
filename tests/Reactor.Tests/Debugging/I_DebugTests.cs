using System.Runtime.CompilerServices;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements I05 to I09: what debug mode times and remembers, and how it is switched on. What it
/// logs is read from the loop's logger.
/// </summary>
public sealed class I_DebugTests : LoopFixture
{
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(100);

    private ListLoggerFactory _log = null!;
    private ManualDriver _clock = null!;
    private EventLoop _loop = null!;

    [SetUp]
    public void MakeDebugLoop()
    {
        _log = new ListLoggerFactory();
        _clock = new ManualDriver();
        _loop = new EventLoop(new EventLoopOptions
        {
            Driver = _clock,
            Debug = true,
            LoggerFactory = _log,
        });
        _loop.ObserverClock = () => _clock.Now;
    }

    [TearDown]
    public void CloseDebugLoop()
    {
        _loop.Dispose();
        _clock.Dispose();
        _log.Dispose();
    }

    [Test]
    public void I05_a_callback_of_exactly_the_slow_duration_is_reported()
    {
        _loop.CallSoon(() => _clock.Advance(s_slow));
        int line = LineOf() - 1;
        _loop.RunBriefly();

        string message = TakeSlowMessages().Single();
        Assert.That(message, Does.StartWith("Executing <Handle I_DebugTests.I05_a_callback"));
        Assert.That(message, Does.Contain(
            $" created at I_DebugTests.cs:{line}> took 0.100 seconds"));
        Assert.That(message, Does.Contain("RunInExecutor"), "what to do");
    }

    [Test]
    public void I05_a_callback_of_one_tick_less_is_not()
    {
        _loop.CallSoon(() => _clock.Advance(s_slow - TimeSpan.FromTicks(1)));
        _loop.RunBriefly();

        Assert.That(TakeSlowMessages(), Is.Empty);
    }

    [Test]
    public void I05_two_fast_callbacks_in_a_batch_are_not_added_up()
    {
        _loop.CallSoon(() => _clock.Advance(s_slow * 0.6));
        _loop.CallSoon(() => _clock.Advance(s_slow * 0.6));
        _loop.RunBriefly();

        Assert.That(TakeSlowMessages(), Is.Empty);
    }

    [Test]
    public void I05_the_time_that_a_callback_was_due_too_late_does_not_count()
    {
        _loop.CallLater(S(1), _loop.Stop);
        _clock.Advance(S(9));
        _loop.RunForever();

        Assert.That(TakeSlowMessages(), Is.Empty);
    }

    [Test]
    public void I05_of_a_step_of_a_task_the_task_is_shown()
    {
        LoopTask task = _loop.CreateTask(Slow(), "slow-one");
        int line = LineOf() - 1;
        _loop.RunUntilComplete(task);

        string message = TakeSlowMessages().Single();
        Assert.That(message, Does.StartWith("Executing <Task ").And.Contain("name='slow-one'"));
        Assert.That(message, Does.Contain($"created at I_DebugTests.cs:{line}> took 1.235 sec"));

        async Coroutine Slow()
        {
            await EventLoop.Delay(S(60));
            _clock.Advance(S(1.2345));
            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void I05_of_a_step_of_a_plain_async_method_the_method_is_shown()
    {
        var source = new TaskCompletionSource();
        _loop.CallSoon(() => { _ = SlowPlainly(); });
        _loop.RunBriefly();
        source.SetResult();
        RunFour();

        Assert.That(
            TakeSlowMessages().Single(),
            Does.StartWith("Executing <Handle I_DebugTests.SlowPlainly> took 3.000 seconds"));

        async Task SlowPlainly()
        {
            await source.Task;
            _clock.Advance(S(3));
        }
    }

    [Test]
    public void I05_a_timer_is_shown_as_one()
    {
        _loop.CallLater(S(1), () =>
        {
            _clock.Advance(S(1));
            _loop.Stop();
        });
        _loop.RunForever();

        Assert.That(TakeSlowMessages().Single(), Does.StartWith("Executing <TimerHandle "));
    }

    [Test]
    public void I05_a_slow_callback_that_throws_is_reported_as_both()
    {
        _loop.CallSoon(() =>
        {
            _clock.Advance(S(1));
            throw new FormatException();
        });
        _loop.RunBriefly();

        Assert.That(TakeSlowMessages(), Has.Length.EqualTo(1));
        Assert.That(_log.Messages, Has.Some.StartsWith("Exception in callback <Handle "));
    }

    [Test]
    public void I05_a_slow_callback_that_leaves_the_loop_is_reported_too()
    {
        _loop.CallSoon(() =>
        {
            _clock.Advance(S(1));
            throw new LoopAbortException();
        });

        Assert.That(_loop.RunForever, Throws.TypeOf<LoopAbortException>());
        Assert.That(TakeSlowMessages(), Has.Length.EqualTo(1));
    }

    [Test]
    public void I05_the_duration_is_an_option_and_can_be_set_at_run_time()
    {
        Assert.That(_loop.SlowCallbackDuration, Is.EqualTo(s_slow), "asyncio's default");
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            SlowCallbackDuration = S(3),
        });
        Assert.That(loop.SlowCallbackDuration, Is.EqualTo(S(3)));

        _loop.SlowCallbackDuration = S(2);
        _loop.CallSoon(() => _clock.Advance(S(2) - TimeSpan.FromTicks(1)));
        _loop.RunBriefly();
        Assert.That(TakeSlowMessages(), Is.Empty);
        _loop.CallSoon(() => _clock.Advance(S(2)));
        _loop.RunBriefly();
        Assert.That(TakeSlowMessages(), Has.Length.EqualTo(1));
    }

    [Test]
    public void I05_a_negative_duration_is_refused_and_zero_reports_everything()
    {
        Assert.That(
            () => _loop.SlowCallbackDuration = TimeSpan.FromTicks(-1),
            Throws.TypeOf<ArgumentOutOfRangeException>());

        _loop.SlowCallbackDuration = TimeSpan.Zero;
        _loop.CallSoon(() => { });
        _loop.RunBriefly();

        Assert.That(TakeSlowMessages().Single(), Does.Contain("took 0.000 seconds"));
    }

    [Test]
    public void I05_a_result_that_cannot_be_shown_harms_nobody()
    {
        LoopTask<Unshowable> task = _loop.CreateTask(Slow());
        _loop.RunUntilComplete(task);

        Assert.That(TakeSlowMessages().Single(), Does.Contain("(FormatException in ToString)"));

        async Coroutine<Unshowable> Slow()
        {
            await EventLoop.Yield();
            _clock.Advance(S(1));
            return new Unshowable();
        }
    }

    [Test]
    public void I06_debug_mode_is_off_by_default_and_on_by_option_or_environment()
    {
        const string Variable = "REACTOR_DEBUG";
        string? before = Environment.GetEnvironmentVariable(Variable);
        try
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Assert.That(new EventLoopOptions().Debug, Is.False);
            Environment.SetEnvironmentVariable(Variable, "0");
            Assert.That(new EventLoopOptions().Debug, Is.False);
            Environment.SetEnvironmentVariable(Variable, "1");
            using var loop = new EventLoop(new EventLoopOptions { Driver = new ManualDriver() });
            Assert.That(loop.Debug, Is.True);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }

        Assert.That(_loop.Debug, Is.True, "by option");
    }

    [Test]
    public void I06_debug_mode_can_be_switched_while_the_loop_runs()
    {
        _loop.Debug = false;
        _loop.CallSoon(() =>
        {
            _loop.CallSoon(() =>
            {
                _loop.Debug = true;
                _loop.CallSoon(() =>
                {
                    _clock.Advance(S(3));
                    _loop.Debug = false;
                    _loop.CallSoon(() => _clock.Advance(S(4)));
                });
            });
            _clock.Advance(S(2));
        });
        RunFour();

        Assert.That(TakeSlowMessages().Single(), Does.Contain("took 3.000 seconds"));
    }

    [Test]
    public void I07_handles_know_where_they_were_made_without_debug_mode_too()
    {
        LoopHandle soon = Loop.CallSoon(Nothing);
        TimerHandle later = Loop.CallLater(S(1), Nothing);
        int line = LineOf() - 1;

        Assert.That(soon.ToString(), Is.EqualTo(
            $"<Handle I_DebugTests.Nothing created at I_DebugTests.cs:{line - 1}>"));
        Assert.That(later.ToString(), Is.EqualTo(
            $"<TimerHandle I_DebugTests.Nothing created at I_DebugTests.cs:{line}>"));
    }

    [Test]
    public void I07_futures_and_tasks_know_where_they_were_made_in_debug_mode()
    {
        Promise<int> future = _loop.CreateFuture<int>();
        LoopTask<int> task = _loop.CreateTask(Five());
        int line = LineOf() - 1;

        Assert.That(future.ToString(), Does.EndWith($"created at I_DebugTests.cs:{line - 1}>"));
        Assert.That(task.ToString(), Does.EndWith($"created at I_DebugTests.cs:{line}>"));
        _loop.RunUntilComplete(task);
        Assert.That(Loop.CreateFuture<int>().ToString(), Does.Not.Contain("created at"));
    }

    [Test]
    public void I08_a_cancelled_handle_still_says_what_it_was_in_debug_mode_only()
    {
        LoopHandle plain = Loop.CallSoon(Nothing);
        LoopHandle debugged = _loop.CallSoon(Nothing);
        int line = LineOf() - 1;
        plain.Cancel();
        debugged.Cancel();
        debugged.Cancel();

        Assert.That(plain.ToString(), Is.EqualTo(
            $"<Handle cancelled created at I_DebugTests.cs:{line - 1}>"));
        Assert.That(debugged.ToString(), Is.EqualTo(
            $"<Handle cancelled I_DebugTests.Nothing created at I_DebugTests.cs:{line}>"));
    }

    [Test]
    public void I08_a_cancelled_handle_lets_its_callback_go_in_debug_mode_too()
    {
        (LoopHandle handle, WeakReference argument) = BookAndCancel();
        GC.Collect();

        Assert.That(argument.IsAlive, Is.False);
        Assert.That(handle.ToString(), Does.StartWith(
            "<Handle cancelled I_DebugTests.BookAndCancel (lambda) created at "));
    }

    [Test]
    public void I09_a_callback_that_is_none_is_refused()
    {
        foreach (EventLoop loop in new[] { Loop, _loop })
        {
            Action none = null!;
            Assert.That(() => loop.CallSoon(none), Throws.ArgumentNullException);
            Assert.That(() => loop.CallSoonThreadSafe(none), Throws.ArgumentNullException);
            Assert.That(() => loop.CallLater(S(1), none), Throws.ArgumentNullException);
            Assert.That(() => loop.CallAt(S(1), none), Throws.ArgumentNullException);
            Assert.That(() => loop.CallSoon<int>(null!, 1), Throws.ArgumentNullException);
        }
    }

    private string[] TakeSlowMessages()
    {
        LogQueue.Flush(TimeSpan.FromSeconds(5));
        return [.. _log.Messages.Where(message => message.StartsWith("Executing "))];
    }

    private void RunFour()
    {
        for (int i = 0; i < 4; i++)
        {
            _loop.RunBriefly();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (LoopHandle Handle, WeakReference Argument) BookAndCancel()
    {
        object argument = new();
        LoopHandle handle = _loop.CallSoon(static _ => { }, argument);
        handle.Cancel();
        return (handle, new WeakReference(argument));
    }

    private static int LineOf([CallerLineNumber] int line = 0) => line;

    private static void Nothing()
    {
    }

    private static async Coroutine<int> Five()
    {
        await EventLoop.Yield();
        return 5;
    }

    private sealed class Unshowable
    {
        public override string ToString() => throw new FormatException();
    }
}
