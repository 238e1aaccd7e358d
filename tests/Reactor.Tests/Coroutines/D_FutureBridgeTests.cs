using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements D20 to D23: futures of a loop beside tasks of threads, and the ways between the two.
/// </summary>
public sealed class D_FutureBridgeTests : LoopFixture
{
    [Test]
    public void D20_a_thread_side_result_arrives_on_the_loop()
    {
        var source = new TaskCompletionSource<int>();
        int result = Run(async () =>
        {
            Future<int> future = source.Task.OnLoop();
            Loop.CallSoon(source.SetResult, 5);
            return await future;
        });

        Assert.That(result, Is.EqualTo(5));
    }

    [Test]
    public void D22_the_task_of_a_future_that_is_done_is_done()
    {
        Run(async () =>
        {
            var future = Loop.CreateFuture<int>();
            future.SetResult(5);
            Task<int> task = future.AsTask();
            Assert.That(task.IsCompletedSuccessfully);
            Assert.That(await task, Is.EqualTo(5));
        });
    }

    [Test]
    public void D20_cancelling_the_future_cancels_the_thread_side()
    {
        using var cancel = new CancellationTokenSource();
        Run(async () =>
        {
            Task<int> task = Task.Delay(Timeout.Infinite, cancel.Token)
                .ContinueWith(_ => 1, cancel.Token, default, TaskScheduler.Default);
            Future<int> future = task.OnLoop(cancel);
            LoopTask<int> waiter = EventLoop.Spawn(Await(future));
            await EventLoop.Yield();
            waiter.Cancel();
            await EventLoop.Wait([waiter]);

            Assert.That(future.IsCancelled, Is.True);
            Assert.That(waiter.IsCancelled, Is.True);
        });

        Assert.That(cancel.IsCancellationRequested, Is.True);
    }

    [Test]
    public void D20_cancelling_the_future_without_a_source_abandons_the_thread_side()
    {
        var source = new TaskCompletionSource<int>();
        Run(async () =>
        {
            Future<int> future = source.Task.OnLoop();
            future.Cancel();
            source.SetResult(1);
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(future.IsCancelled, Is.True);
        });
    }

    [Test]
    public void D20_cancelling_the_thread_side_cancels_the_future()
    {
        var source = new TaskCompletionSource<int>();
        Run(async () =>
        {
            Future<int> future = source.Task.OnLoop();
            Loop.CallSoon(source.SetCanceled, CancellationToken.None);
            await EventLoop.Wait([future]);
            Assert.That(future.IsCancelled, Is.True);
        });
    }

    [Test]
    public void D20_cancelling_a_loop_future_cancels_its_thread_side_task()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Task<int> task = future.AsTask();

        future.Cancel();
        RunTurns(1);

        Assert.That(task.IsCanceled, Is.True);
    }

    [Test]
    public void D21_value_exception_and_cancellation_are_copied_to_the_thread_side()
    {
        Promise<int> value = Loop.CreateFuture<int>();
        Promise<int> failed = Loop.CreateFuture<int>();
        Task<int> valueTask = value.AsTask();
        Task<int> failedTask = failed.AsTask();
        var error = new FormatException();

        value.SetResult(3);
        failed.SetException(error);
        RunTurns(1);

        Assert.That(valueTask.Status, Is.EqualTo(TaskStatus.RanToCompletion));
        Assert.That(valueTask.GetAwaiter().GetResult(), Is.EqualTo(3));
        Assert.That(failedTask.Exception!.InnerException, Is.SameAs(error));
        Assert.That(CloseAndTakeReports(), Is.Empty, "the copy has fetched the exception");
    }

    [Test]
    public void D21_an_exception_and_a_cancellation_are_copied_to_the_loop_in_its_types()
    {
        var error = new FormatException();
        Run(async () =>
        {
            Future<int> failed = Task.FromException<int>(error).OnLoop();
            Future<int> cancelled = Task.FromCanceled<int>(new CancellationToken(true)).OnLoop();
            Future<Unit> plain = Task.FromException(error).OnLoop();
            await EventLoop.Wait<Future>([failed, cancelled, plain]);

            Assert.That(failed.Exception, Is.SameAs(error));
            Assert.That(plain.Exception, Is.SameAs(error));
            Assert.That(() => cancelled.Result, Throws.TypeOf<LoopCanceledException>());
        });
    }

    [Test]
    public void D21_nothing_is_copied_to_a_cancelled_target()
    {
        var source = new TaskCompletionSource<int>();
        Run(async () =>
        {
            Future<int> future = source.Task.OnLoop();
            future.Cancel("mine");
            source.SetException(new FormatException());
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(() => future.Result, Throws.TypeOf<LoopCanceledException>()
                .With.Message.EqualTo("mine"));
        });
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void D22_a_future_without_a_loop_needs_a_running_one()
    {
        Assert.That(() => new Promise<int>(), Throws.InvalidOperationException
            .With.Message.Contains("no current event loop"));
        Loop.CallSoon(() => Assert.That(new Promise<int>().Scheduler, Is.SameAs(Loop)));
        RunTurns(1);
    }

    [Test]
    public void D23_a_loop_future_and_a_thread_task_side_by_side()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        var source = new TaskCompletionSource<int>();

        // Not done: the future says so at once, the task would wait.
        Assert.That(() => future.Result, Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(source.Task.IsCompleted, Is.False);
        Assert.That(((IAsyncResult)source.Task).AsyncWaitHandle.WaitOne(0), Is.False);

        // Callbacks: the future's go through the loop, the task's run inside SetResult.
        future.AddDoneCallback(_ => Tell("future"));
        source.Task.ContinueWith(
            _ => Tell("task"),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        future.SetResult(1);
        source.SetResult(1);
        Assert.That(Story, Is.EqualTo("task"));
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("task future"));

        // What waits for threads does not take a future, and our waiting does not take a task: both
        // are errors of the compiler. Each becomes the other where that is said.
        Assert.That(future, Is.Not.InstanceOf<Task>());
        Assert.That(source.Task, Is.Not.InstanceOf<Future>());
        Run(async () =>
        {
            var (done, _) = await EventLoop.Wait([future, source.Task.OnLoop()]);
            Assert.That(done.Select(each => each.Result), Is.All.EqualTo(1));
            Task<int> thread = future.AsTask();
            await EventLoop.Yield();
            Assert.That(Task.WaitAny([thread, source.Task], 0), Is.Not.EqualTo(-1));
        });
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;
}
