using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// What is left when a loop closes: the rest of plain async methods is reported, and threads that
/// wait for the loop get an exception instead of waiting for ever.
/// </summary>
public sealed class WorkLeftAtCloseTests : LoopFixture
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    [Test]
    public void A_plain_async_method_whose_task_ends_after_the_close_is_reported()
    {
        var source = new TaskCompletionSource();
        Loop.CallSoon(() => { _ = Plain(); });
        RunTurns(1);
        Assert.That(CloseAndTakeReports(), Is.Empty);
        source.SetResult();

        AssertNamed("Plain");
        Assert.That(Story, Is.Empty);

        async Task Plain()
        {
            await source.Task;
            Tell("never");
        }
    }

    [Test]
    public void So_is_an_async_void_method()
    {
        var source = new TaskCompletionSource();
#pragma warning disable REACTOR003 // what becomes of such a method is the subject
        Loop.CallSoon(Forgotten);
#pragma warning restore REACTOR003
        RunTurns(1);
        Loop.Close();
        source.SetResult();

        AssertNamed("Forgotten");

        async void Forgotten() => await source.Task;
    }

    [Test]
    public void Debug_mode_adds_the_line_of_the_await(
        [Values("task", "sleeper", "done future", "sync object")] string awaited)
    {
        Loop.Debug = true;
        var source = new TaskCompletionSource();
        Promise<int> future = Loop.CreateFuture<int>();
        var ready = new AsyncEvent();
        Func<Task> plain = awaited switch
        {
            "task" => async () => await source.Task,
            "sleeper" => static async () => await EventLoop.Delay(S(60)),
            "done future" => async () => await future,
            _ => async () => await ready.WaitAsync(),
        };
        Loop.CallSoon(() => { _ = plain(); });
        RunTurns(1);
        Loop.CallSoon(ready.Set);
        RunTurns(1);
        future.SetResult(1);
        Loop.Close();
        source.SetResult();

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.Contain("after the await at WorkLeftAtCloseTests.cs:"));
        Assert.That(report.CreatedAt, Does.StartWith("WorkLeftAtCloseTests.cs:"));
    }

    [Test]
    public void One_that_sleeps_on_the_loop_when_it_closes_is_reported()
    {
        Loop.CallSoon(() => { _ = Plain(); });
        RunTurns(1);
        Loop.Close();

        AssertNamed("Plain");

        static async Task Plain() => await EventLoop.Delay(S(60));
    }

    [Test]
    public void One_whose_future_is_done_and_that_has_not_resumed_is_reported()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.CallSoon(() => { _ = Plain(); });
        RunTurns(1);
        future.SetResult(1);
        Loop.Close();

        AssertNamed("Plain");

        async Task Plain() => await future;
    }

    [Test]
    public void One_whose_turn_at_a_sync_object_has_come_is_reported()
    {
        var ready = new AsyncEvent();
        Loop.CallSoon(() => { _ = Plain(); });
        RunTurns(1);
        Loop.CallSoon(ready.Set);
        RunTurns(1);
        Loop.Close();

        AssertNamed("Plain");

        async Task Plain() => await ready.WaitAsync();
    }

    [Test]
    public void One_that_another_thread_resumed_just_before_the_close_is_reported()
    {
        var source = new TaskCompletionSource();
        Loop.CallSoon(() => { _ = Plain(); });
        RunTurns(1);
        source.SetResult();
        Loop.Close();

        AssertNamed("Plain");

        async Task Plain() => await source.Task;
    }

    [Test]
    public void A_callback_of_the_loop_that_is_queued_is_dropped_as_in_asyncio()
    {
        Loop.CallSoon(() => Tell("soon"));
        Loop.CallLater(S(1), () => Tell("later"));
        Loop.CallSoonThreadSafe(() => Tell("thread"));

        Assert.That(CloseAndTakeReports(), Is.Empty);
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A_submitted_coroutine_that_is_pending_ends_with_ObjectDisposedException()
    {
        Task<int> waits = Loop.Submit(async () => await Loop.CreateFuture<int>());
        RunTurns(2);
        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1), "the task is pending");

        AssertClosed(waits);
    }

    [Test]
    public void So_do_a_coroutine_and_a_function_that_were_not_begun()
    {
        Task coroutine = Loop.Submit(async () => await EventLoop.Yield());
        Task function = Loop.Submit(() => Tell("never"));
        Loop.Close();

        AssertClosed(coroutine);
        AssertClosed(function);
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void One_that_has_ended_and_was_not_told_yet_gives_its_outcome()
    {
        Task<int> answer = Loop.Submit(async () => 5);
        RunTurns(2);
        Loop.Close();

        Assert.That(answer.TakeResult(), Is.EqualTo(5));
    }

    [Test]
    public void A_loop_future_as_a_task_of_threads_ends_with_ObjectDisposedException()
    {
        Task<int> task = Loop.CreateFuture<int>().AsTask();
        Loop.Close();

        AssertClosed(task);
    }

    [Test]
    public void What_becomes_a_task_of_threads_after_the_close_ends_at_once()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.Close();

        AssertClosed(future.AsTask());
    }

    [Test]
    public void A_thread_that_sends_to_the_loop_is_freed_when_it_closes()
    {
        SynchronizationContext? context = null;
        Loop.CallSoon(() => context = SynchronizationContext.Current);
        RunTurns(1);
        Task queued = Task.Run(() => context!.Send(_ => Tell("never"), null));
        Thread.SpinWait(1);
        Loop.Close();
        Assert.That(queued.Catch(), Is.TypeOf<ObjectDisposedException>());
        Assert.That(
            () => context!.Send(_ => { }, null), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void Submitting_beside_a_close_never_hangs()
    {
        for (int round = 0; round < 100; round++)
        {
            EventLoop loop = NewLoop();
            Task submit = Task.Run(() => loop.Submit(() => 1));
            loop.Close();
            AssertClosed(submit);
        }
    }

    [Test]
    public void Outcomes_that_were_given_are_not_kept_by_the_loop()
    {
        WeakReference outcome = SubmitAndForget();
        GC.Collect();

        Assert.That(outcome.IsAlive, Is.False);
    }

    [System.Runtime.CompilerServices.MethodImpl(
        System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference SubmitAndForget()
    {
        Task<object> task = Loop.Submit(async () => new object());
        RunTurns(4);
        return new WeakReference(task.TakeResult());
    }

    private void AssertNamed(string method)
    {
        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.Contain($"{nameof(WorkLeftAtCloseTests)}.{method}")
            .And.Contain("was not finished"));
    }

    private static void AssertClosed(Task task) =>
        Assert.That(task.Catch(), Is.TypeOf<ObjectDisposedException>());
}
