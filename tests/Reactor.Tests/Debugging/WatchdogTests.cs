using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Statement I10: a callback that blocks the loop is named while it still does. The tests block on
/// an event that the message itself sets, so they end at once if it comes, and fail if not.
/// </summary>
[NonParallelizable]
public sealed partial class WatchdogTests
{
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(20);

    [Test]
    public void I10_a_callback_that_blocks_is_named_while_it_does()
    {
        using var log = new ListLoggerFactory();
        using var isNamed = new ManualResetEventSlim();
        string? message = null;
        Listen(log, text =>
        {
            message ??= text;
            isNamed.Set();
        });
        using EventLoop loop = NewLoop(log);
        bool wasNamed = false;
        loop.CallSoon(Block);
        loop.RunBriefly();

        Assert.That(wasNamed, Is.True, "no message came while the callback ran");
        Assert.That(message, Does.StartWith("<Handle WatchdogTests.Block ")
            .And.Contain("created at WatchdogTests.cs:"));
        Assert.That(SecondsIn(message!), Is.GreaterThanOrEqualTo(s_slow.TotalSeconds));

        void Block() => wasNamed = isNamed.Wait(s_never);
    }

    [Test]
    public void I10_of_a_task_the_task_is_named()
    {
        using var log = new ListLoggerFactory();
        using var isNamed = new ManualResetEventSlim();
        string? message = null;
        Listen(log, text =>
        {
            message ??= text;
            isNamed.Set();
        });
        using EventLoop loop = NewLoop(log);
        LoopTask<bool> task = loop.CreateTask(Block(), "stuck-one");
        bool wasNamed = loop.RunUntilComplete(task);

        Assert.That(wasNamed, Is.True, "no message came while the step ran");
        Assert.That(message, Does.StartWith("<Task name='stuck-one' coro=<WatchdogTests.Block>")
            .And.Contain("created at WatchdogTests.cs:"));

        async Coroutine<bool> Block()
        {
            await EventLoop.Yield();
            return isNamed.Wait(s_never);
        }
    }

    [Test]
    public void I10_it_is_named_again_at_ten_times_the_age_and_not_before()
    {
        using var log = new ListLoggerFactory();
        using var isNamedTwice = new ManualResetEventSlim();
        var ages = new List<double>();
        Listen(log, text =>
        {
            ages.Add(SecondsIn(text));
            if (ages[^1] >= 10 * s_slow.TotalSeconds)
            {
                isNamedTwice.Set();
            }
        });
        using EventLoop loop = NewLoop(log);
        bool wasNamed = false;
        loop.CallSoon(() => wasNamed = isNamedTwice.Wait(s_never));
        loop.RunBriefly();
        LogQueue.Flush(s_never);

        Assert.That(wasNamed, Is.True);
        Assert.That(ages, Has.Count.LessThanOrEqualTo(2), "one, if the watchdog came very late");
    }

    [Test]
    public void I10_a_loop_that_is_not_in_debug_mode_is_not_watched_as_closely()
    {
        using var log = new ListLoggerFactory();
        using var other = new ListLoggerFactory();
        using var isNamed = new ManualResetEventSlim();
        Listen(other, _ => isNamed.Set());
        using EventLoop watched = NewLoop(other);
        using EventLoop loop = NewLoop(log, isDebug: false);

        // The watched one is stuck after the other has been for as long: then all were looked at.
        loop.CallSoon(() =>
        {
            var thread = new Thread(() =>
            {
                watched.CallSoon(() => isNamed.Wait(s_never));
                watched.RunBriefly();
            });
            thread.Start();
            thread.Join();
        });
        loop.RunBriefly();
        LogQueue.Flush(s_never);

        Assert.That(isNamed.IsSet, Is.True);
        Assert.That(log.Messages, Is.Empty);
    }

    [Test]
    public void I10_a_loop_that_waits_for_events_is_not_stuck()
    {
        using var log = new ListLoggerFactory();
        var driver = new ManualDriver();
        using EventLoop loop = NewLoop(log, driver: driver);
        using var probe = new ListLoggerFactory();
        using var isNamed = new ManualResetEventSlim();
        Listen(probe, _ => isNamed.Set());
        using EventLoop stuck = NewLoop(probe);
        var thread = new Thread(() =>
        {
            driver.WaitUntilLoopWaits();
            stuck.CallSoon(() => isNamed.Wait(s_never)); // a look has passed when this is named
            stuck.RunBriefly();
            loop.CallSoonThreadSafe(loop.Stop);
        });
        thread.Start();
        loop.RunForever();
        thread.Join();
        LogQueue.Flush(s_never);

        Assert.That(isNamed.IsSet, Is.True);
        Assert.That(log.Messages, Is.Empty);
    }

    [Test]
    public void I10_the_thread_ends_soon_after_the_last_debug_loop()
    {
        using var log = new ListLoggerFactory();
        using EventLoop loop = NewLoop(log);
        bool wasAlive = false;
        loop.CallSoon(() => wasAlive = Watchdog.IsAlive);
        loop.RunBriefly();
        Assert.That(wasAlive, Is.True);

        Assert.That(SpinWait.SpinUntil(() => !Watchdog.IsAlive, s_never), Is.True);
    }

    [Test]
    public void I10_switched_at_run_time_the_watch_begins_and_ends()
    {
        using var log = new ListLoggerFactory();
        using EventLoop loop = NewLoop(log, isDebug: false);
        Assert.That(SpinWait.SpinUntil(() => !Watchdog.IsAlive, s_never), Is.True);
        bool before = true;
        bool after = false;
        bool ended = false;
        loop.CallSoon(() =>
        {
            before = Watchdog.IsAlive;
            loop.Debug = true;
            after = Watchdog.IsAlive;
            loop.Debug = false;
            ended = SpinWait.SpinUntil(() => !Watchdog.IsAlive, s_never);
        });
        loop.RunBriefly();

        Assert.That((before, after, ended), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void I10_many_loops_on_many_threads_begin_and_end_runs_at_once()
    {
        const int Threads = 8;
        const int Runs = 200;
        int ran = 0;
        long begin = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            using var log = new ListLoggerFactory();
            using EventLoop loop = NewLoop(log);
            for (int i = 0; i < Runs; i++)
            {
                loop.CallSoon(() => Interlocked.Increment(ref ran));
                loop.RunBriefly();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.That(ran, Is.EqualTo(Threads * Runs));
        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(s_never));
        Assert.That(SpinWait.SpinUntil(() => !Watchdog.IsAlive, s_never), Is.True);
    }

    private static EventLoop NewLoop(
        ListLoggerFactory log, bool isDebug = true, ManualDriver? driver = null) =>
        new(new EventLoopOptions
        {
            Driver = driver ?? new ManualDriver(),
            Debug = isDebug,
            SlowCallbackDuration = s_slow,
            BlockedAfter = null,
            LoggerFactory = log,
        });

    private static void Listen(ListLoggerFactory log, Action<string> onStuck) =>
        log.OnMessage = message =>
        {
            if (message.Contains("still blocks the loop"))
            {
                onStuck(message);
            }
        };

    private static double SecondsIn(string message) => double.Parse(
        Age().Match(message).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"has run for ([0-9.]+) seconds")]
    private static partial Regex Age();
}
