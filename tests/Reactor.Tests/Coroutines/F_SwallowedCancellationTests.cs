using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement F19: debug mode reports a cancellation that a <c>catch (Exception)</c> swallowed. A
/// task may take a second for its cleanup; nobody can tell that from a swallowed one earlier.
/// </summary>
public sealed class F_SwallowedCancellationTests : LoopFixture
{
    [SetUp]
    public void SetDebug() => Loop.Debug = true;

    [Test]
    public void F19_a_task_that_swallows_its_cancellation_and_waits_on_is_reported_once()
    {
        LoopTask task = Loop.CreateTask(Swallow(), name: "deaf");
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.StartWith("A cancellation was swallowed"));
        Assert.That(report.Message, Does.Contain("deaf"));
        Assert.That(report.Future, Is.SameAs(task));
        Assert.That(report.CreatedAt, Is.Not.Null);
    }

    [Test]
    public void F19_the_report_comes_a_second_after_the_next_suspension()
    {
        LoopTask task = Loop.CreateTask(Swallow());
        Loop.CallLater(S(1), () => task.Cancel());

        Run(async () => { await EventLoop.Delay(S(2) - TimeSpan.FromTicks(1)); });
        Assert.That(TakeReports(), Is.Empty);
        Run(async () => { await EventLoop.Delay(TimeSpan.FromTicks(1)); });
        Assert.That(TakeReports(), Has.Length.EqualTo(1));
        Loop.RunUntilComplete(task);
    }

    [Test]
    public void F19_one_that_came_with_an_awaited_future_is_reported_too()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);

        Assert.That(TakeReport().Message, Does.StartWith("A cancellation was swallowed"));

        async Coroutine Body()
        {
            try
            {
                await future;
            }
            catch (Exception)
            {
                // as much code does
            }

            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void F19_without_debug_nothing_is_reported()
    {
        Loop.Debug = false;
        LoopTask task = Loop.CreateTask(Swallow());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);
    }

    [Test]
    public void F19_one_that_was_taken_back_is_not_reported()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);

        async Coroutine Body()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            catch (LoopCanceledException)
            {
                await EventLoop.Yield();
                LoopTask.Current!.Uncancel();
            }

            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void F19_a_cleanup_that_waits_less_than_a_second_is_not_reported()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Run(async () => { await EventLoop.Delay(S(9)); });

        async Coroutine Body()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            finally
            {
                await EventLoop.Delay(S(0.4));
                await EventLoop.Delay(S(0.4));
            }
        }
    }

    [Test]
    public void F19_catch_and_return_is_not_reported()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);
        Run(async () => { await EventLoop.Delay(S(9)); });

        async Coroutine Body()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            catch (LoopCanceledException)
            {
                Tell("caught");
            }
        }
    }

    [Test]
    public void F19_the_task_that_swallows_is_reported_not_the_one_that_waits_for_it()
    {
        LoopTask inner = Loop.CreateTask(Swallow(), name: "inner");
        LoopTask outer = Loop.CreateTask(Body(), name: "outer");
        Loop.CallLater(S(1), () => outer.Cancel());
        Loop.RunUntilComplete(outer);

        Assert.That(TakeReport().Future, Is.SameAs(inner));

        async Coroutine Body()
        {
            await inner;
            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void F19_a_group_that_waits_for_its_children_is_not_reported()
    {
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(SlowCleanup());
            await EventLoop.Delay(S(60));
        }));
        Loop.CallLater(S(1), () => task.Cancel());
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());

        LoopErrorContext report = TakeReport();
        Assert.That(report.Future, Is.Not.SameAs(task), "only the child is slow");

        async Coroutine SlowCleanup()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            finally
            {
                await EventLoop.Delay(S(5));
            }
        }
    }

    [Test]
    public void F19_a_timeout_that_was_caught_is_not_reported()
    {
        Run(async () =>
        {
            try
            {
                await TimeoutScope.Run(S(1), async _ => await EventLoop.Delay(S(60)));
            }
            catch (TimeoutException)
            {
                Tell("caught");
            }

            await EventLoop.Delay(S(60));
        });
    }

    private static async Coroutine Swallow()
    {
        try
        {
            await EventLoop.Delay(S(60));
        }
        catch (Exception)
        {
            // as much code does
        }

        await EventLoop.Delay(S(30));
        await EventLoop.Delay(S(30));
    }
}
