using System.Runtime.CompilerServices;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

#pragma warning disable REACTOR001 // calls that are lost are what these tests are about

/// <summary>
/// Statements E06 and E07: a coroutine that is called and never awaited runs nothing, and without
/// debug mode nobody is told. The collector finds it, or the close of the loop does.
/// </summary>
public sealed class NeverAwaitedTests : LoopFixture
{
    private static int s_line;

    [SetUp]
    public void SetDebug() => Loop.Debug = true;

    [Test]
    public void E06_one_that_the_collector_finds_is_reported_with_its_name_and_place()
    {
        Loop.CallSoon(Forget);
        RunTurns(1);
        Collect();

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.StartWith(
            "Coroutine 'NeverAwaitedTests.Forgotten' was never awaited, created at "
            + $"NeverAwaitedTests.cs:{s_line}: await it"));
        Assert.That(report.CreatedAt, Is.EqualTo($"NeverAwaitedTests.cs:{s_line}"));
        Assert.That(CloseAndTakeReports(), Is.Empty, "it is reported once");
    }

    [Test]
    public void E06_the_report_comes_on_the_loop_thread()
    {
        int reportedOn = 0;
        Loop.ExceptionHandler = (_, _) => reportedOn = Environment.CurrentManagedThreadId;
        Loop.CallSoon(Forget);
        RunTurns(1);
        Collect();

        Assert.That(reportedOn, Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void E06_one_that_the_collector_does_not_find_is_reported_by_the_close()
    {
        Coroutine<int> kept = default;
        Loop.CallSoon(() => { kept = Forgotten(); });
        RunTurns(1);
        Assert.That(TakeReports(), Is.Empty);

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.Message, Does.Contain("'NeverAwaitedTests.Forgotten'"));
        Assert.That(kept, Is.Not.EqualTo(default(Coroutine<int>)));
    }

    [Test]
    public void E06_what_the_collector_found_just_before_the_close_is_reported_once()
    {
        Loop.CallSoon(Forget);
        RunTurns(1);
        GC.Collect();
        GC.WaitForPendingFinalizers(); // the report is under way to a turn that never comes

        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1));
    }

    [Test]
    public void E06_one_of_a_coroutine_is_reported_with_the_line_in_it()
    {
        Run(Main);
        LoopErrorContext[] reports = CloseAndTakeReports();

        Assert.That(
            reports.Single().CreatedAt, Is.EqualTo($"NeverAwaitedTests.cs:{s_line}"));

        static async Coroutine Main()
        {
            await EventLoop.Yield();
            s_line = LineOf() + 1;
            _ = Forgotten();
        }
    }

    [Test]
    public void E06_those_that_are_awaited_started_or_cancelled_unbegun_are_not_reported()
    {
        Run(async () =>
        {
            await Forgotten();
            await EventLoop.WhenAll(Forgotten(), Forgotten());
            LoopTask<int> task = EventLoop.Spawn(Forgotten());
            task.Cancel();
            await EventLoop.Wait([task]);
            await EventLoop.Wait([EventLoop.Spawn(FailUnbegun())]);
        });
        Collect();

        Assert.That(CloseAndTakeReports(), Is.Empty);

        static async Coroutine<int> FailUnbegun()
        {
            try
            {
                return await Forgotten().WaitAsync(TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                return 0;
            }
        }
    }

    [Test]
    public void E06_one_that_a_plain_async_method_awaits_is_not_reported()
    {
        var ended = false;
        Loop.CallSoon(() => { _ = AwaitPlainly(); });
        RunTurns(4);
        Collect();

        Assert.That(ended, Is.True);
        Assert.That(CloseAndTakeReports(), Is.Empty);

        async Task AwaitPlainly()
        {
            await Forgotten();
            ended = true;
        }
    }

    [Test]
    public void B17_one_given_to_a_closed_loop_leaves_no_warning_behind()
    {
        EventLoop closed = NewLoop();
        closed.Close();
        Loop.CallSoon(() => Assert.That(
            () => closed.CreateTask(Forgotten()), Throws.TypeOf<ObjectDisposedException>()));
        RunTurns(1);
        Collect();

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void E07_tracking_is_on_during_a_run_in_debug_mode_and_off_after_it()
    {
        var tracked = new List<bool> { CallTracking.IsOn };
        Loop.CallSoon(() =>
        {
            tracked.Add(CallTracking.IsOn);
            Loop.Debug = false;
            tracked.Add(CallTracking.IsOn);
            Loop.Debug = true;
            tracked.Add(CallTracking.IsOn);
        });
        RunTurns(1);
        tracked.Add(CallTracking.IsOn);

        Assert.That(tracked, Is.EqualTo(new[] { false, true, false, true, false }));
    }

    [Test]
    public void E07_a_run_that_ends_by_exception_switches_it_off_too()
    {
        Loop.CallSoon(() => throw new LoopAbortException());
        Assert.That(Loop.RunForever, Throws.TypeOf<LoopAbortException>());

        Assert.That(CallTracking.IsOn, Is.False);
    }

    [Test]
    public void E07_calls_outside_a_run_or_without_debug_mode_are_not_tracked()
    {
        Forget();
        Loop.Debug = false;
        Loop.CallSoon(Forget);
        RunTurns(1);
        Collect();

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void E07_a_debug_loop_does_not_track_the_calls_of_another_thread()
    {
        Loop.CallSoon(() =>
        {
            var thread = new Thread(() =>
            {
                using EventLoop other = NewLoop();
                other.CallSoon(Forget);
                other.RunBriefly();
            });
            thread.Start();
            thread.Join();
        });
        RunTurns(1);
        Collect();

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void E06_of_ten_thousand_only_the_one_that_was_not_awaited_is_reported()
    {
        Run(async () =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                await Forgotten();
            }
        });
        Loop.CallSoon(Forget);
        RunTurns(1);

        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1));
    }

    /// <summary>Collects, and lets the loop hear of what was found.</summary>
    private void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        RunTurns(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        s_line = LineOf() + 1;
        _ = Forgotten();
    }

    private static int LineOf([CallerLineNumber] int line = 0) => line;

    private static async Coroutine<int> Forgotten()
    {
        await EventLoop.Yield();
        return 1;
    }
}
