using System.Runtime.CompilerServices;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements D15 to D17 and D24: which failures are reported when nobody fetches them, and what a
/// future shows of itself.
/// </summary>
public sealed class D_FutureReportTests : LoopFixture
{
    [Test]
    public void D15_an_exception_that_nobody_fetched_is_reported_when_the_loop_closes()
    {
        var error = new FormatException("lost");
        Promise<int> future = Loop.CreateFuture<int>();
        future.SetException(error);
        Assert.That(TakeReports(), Is.Empty);

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.Message, Does.StartWith("Future exception was never retrieved"));
        Assert.That(report.Exception, Is.SameAs(error));
        Assert.That(report.Future, Is.SameAs(future));
        Assert.That(report.CreatedAt, Is.Null);
    }

    [Test]
    public void D15_in_debug_mode_the_report_says_where_the_future_was_made()
    {
        Loop.Debug = true;
        Promise<int> future = Loop.CreateFuture<int>();
        int line = LineOf() - 1;
        future.SetException(new FormatException("lost"));

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.CreatedAt, Is.EqualTo($"D_FutureReportTests.cs:{line}"));
    }

    [Test]
    public void D15_the_collector_may_find_it_first_and_the_report_comes_on_the_loop_thread()
    {
        int reportedOn = 0;
        Action<EventLoop, LoopErrorContext> keep = Loop.ExceptionHandler!;
        Loop.ExceptionHandler = (loop, context) =>
        {
            reportedOn = Environment.CurrentManagedThreadId;
            keep(loop, context);
        };
        FailAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        RunTurns(1);

        Assert.That(TakeReport().Exception, Is.TypeOf<FormatException>());
        Assert.That(reportedOn, Is.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(CloseAndTakeReports(), Is.Empty, "it is reported once");
    }

    [Test]
    public void D15_what_the_collector_found_just_before_the_close_is_reported_by_the_close()
    {
        FailAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers(); // the report is under way to a turn that never comes

        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1));
    }

    [Test]
    public void D15_a_handler_that_uses_the_loop_while_it_closes_does_not_disturb_the_close()
    {
        Action<EventLoop, LoopErrorContext> keep = Loop.ExceptionHandler!;
        Loop.ExceptionHandler = (loop, context) =>
        {
            keep(loop, context);
            loop.CreateFuture<int>().SetException(new FormatException());
            loop.CreateTask(Await(loop.CreateFuture<int>()));
        };
        Promise<int> failed = Loop.CreateFuture<int>();
        failed.SetException(new FormatException());
        LoopTask<int> pending = Loop.CreateTask(Await(Loop.CreateFuture<int>()));

        LoopErrorContext[] reports = CloseAndTakeReports();

        Assert.That(reports.Select(report => report.Future), Does.Contain(failed)
            .And.Contain(pending));
        Assert.That(Loop.IsClosed, Is.True);
    }

    [Test]
    public void D15_a_thousand_lost_exceptions_are_all_reported()
    {
        var kept = new List<Promise<int>>();
        for (int i = 0; i < 1000; i++)
        {
            kept.Add(Loop.CreateFuture<int>());
            kept[i].SetException(new FormatException());
        }

        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1000));
        GC.KeepAlive(kept);
    }

    private static IEnumerable<TestCaseData> WaysOfFetching()
    {
        static TestCaseData Case(string name, Action<EventLoop, Future<int>> fetch) =>
            new TestCaseData(fetch).SetArgDisplayNames(name);

        yield return Case("Result", (_, future) => Assert.That(
            () => future.Result, Throws.TypeOf<FormatException>()));
        yield return Case("Exception", (_, future) => Assert.That(
            future.Exception, Is.TypeOf<FormatException>()));
        yield return Case("await", (loop, future) => Assert.That(
            () => loop.RunUntilComplete(Await(future)), Throws.TypeOf<FormatException>()));
        yield return Case("Cancel", (_, future) => Assert.That(future.Cancel(), Is.False));
    }

    [TestCaseSource(nameof(WaysOfFetching))]
    public void D16_counts_as_fetching(Action<EventLoop, Future<int>> fetch)
    {
        Promise<int> future = Loop.CreateFuture<int>();
        future.SetException(new FormatException());

        fetch(Loop, future);

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void D17_unfetched_results_and_abandoned_futures_are_never_reported()
    {
        Loop.CreateFuture<int>().SetResult(1);
        Loop.CreateFuture<int>().Cancel();
        Promise<int> abandoned = Loop.CreateFuture<int>();
        abandoned.AddDoneCallback(_ => { });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        RunTurns(1);

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void D24_to_string_shows_the_state_and_the_outcome()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Assert.That(future.ToString(), Is.EqualTo("<Future pending>"));
        future.SetResult(7);
        Assert.That(future.ToString(), Is.EqualTo("<Future finished result=7>"));

        Promise<string> failed = Loop.CreateFuture<string>();
        failed.SetException(new FormatException());
        Assert.That(
            failed.ToString(), Is.EqualTo("<Future finished exception=FormatException>"));
        Assert.That(failed.Exception, Is.Not.Null, "showing it is not fetching it");

        Promise<int> cancelled = Loop.CreateFuture<int>();
        cancelled.Cancel();
        Assert.That(cancelled.ToString(), Is.EqualTo("<Future cancelled>"));
    }

    [Test]
    public void D24_to_string_shows_the_callbacks_and_the_waiting_tasks()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        future.AddDoneCallback(OnDone);
        LoopTask<int> task = Loop.CreateTask(Await(future), "waiting-one");
        RunTurns(1);

        Assert.That(future.ToString(), Does.Contain("cb=[").And.Contain(nameof(OnDone))
            .And.Contain("waiting-one"));

        future.SetResult(1);
        Loop.RunUntilComplete(task);
    }

    [Test]
    public void D24_to_string_shows_the_place_in_debug_mode_only()
    {
        Assert.That(Loop.CreateFuture<int>().ToString(), Does.Not.Contain("created at"));
        Loop.Debug = true;
        string text = Loop.CreateFuture<int>().ToString();
        int line = LineOf() - 1;
        Assert.That(
            text, Is.EqualTo($"<Future pending created at D_FutureReportTests.cs:{line}>"));
    }

    [Test]
    public void D24_a_pair_that_refers_to_itself_does_not_recurse_for_ever()
    {
        Promise<object> one = Loop.CreateFuture<object>();
        Promise<object> other = Loop.CreateFuture<object>();
        one.SetResult(other);
        other.SetResult(one);

        Assert.That(one.ToString(), Does.StartWith("<Future finished result="));
    }

    [Test]
    public void D24_a_pair_inside_a_tuple_does_not_recurse_for_ever()
    {
        Promise<object> one = Loop.CreateFuture<object>();
        Promise<object> other = Loop.CreateFuture<object>();
        one.SetResult((other, 1));
        other.SetResult((one, 2));

        Assert.That(one.ToString(), Does.StartWith("<Future finished result=("));
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static int LineOf([CallerLineNumber] int line = 0) => line;

    private static void OnDone(Future done)
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FailAndForget() =>
        Loop.CreateFuture<int>().SetException(new FormatException("lost"));
}
