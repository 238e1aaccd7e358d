using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement F20, continued: a linked token that another source cancels, the token of a parent that
/// was given to a child, and helpers that swallow what the token throws.
/// </summary>
public sealed class F_SharedTokenTests : LoopFixture
{
    private CancellationTokenSource _other = null!;

    [SetUp]
    public void MakeOther() => _other = new CancellationTokenSource();

    [TearDown]
    public void DropOther() => _other.Dispose();

    [Test]
    public void F20_a_linked_token_that_the_other_source_cancels_is_an_error_as_any()
    {
        LoopTask task = Loop.CreateTask(SleepLinked());
        Loop.CallLater(S(1), _other.Cancel);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<TaskCanceledException>());
        Assert.That(task.IsCancelled, Is.False);
    }

    [Test]
    public void F20_a_child_that_was_given_the_token_of_its_cancelled_parent_is_cancelled_too()
    {
        LoopTask parent = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(SleepWith(LoopTask.CurrentToken));
            await EventLoop.Delay(S(60));
        }));
        Loop.CallLater(S(1), () => parent.Cancel());

        Assert.That(() => Loop.RunUntilComplete(parent), Throws.TypeOf<LoopCanceledException>());
        Assert.That(parent.IsCancelled, Is.True);
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void F20_so_it_is_while_the_parent_awaits_something_foreign_that_goes_on()
    {
        var source = new TaskCompletionSource();
        LoopTask parent = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(SleepWith(LoopTask.CurrentToken));
            await source.Task;
        }));
        Loop.CallLater(S(1), () => parent.Cancel());
        Loop.CallLater(S(2), source.SetResult);

        Assert.That(() => Loop.RunUntilComplete(parent), Throws.TypeOf<LoopCanceledException>());
    }

    [Test]
    public void F20_a_child_that_was_given_the_token_of_an_expired_scope_leaves_the_timeout_alone()
    {
        Run(async () =>
        {
            Exception around = await Caught(TimeoutScope.Run(S(1), scope => TaskGroup.Run(
                async group =>
                {
                    _ = group.Spawn(SleepWith(LoopTask.CurrentToken));
                    await EventLoop.Delay(S(60));
                })));
            Assert.That(around, Is.TypeOf<TimeoutException>());

            Exception inside = await Caught(TaskGroup.Run(group => TimeoutScope.Run(
                S(1),
                async scope =>
                {
                    _ = group.Spawn(SleepWith(LoopTask.CurrentToken));
                    await EventLoop.Delay(S(60));
                })));
            Assert.That(((AggregateException)inside).InnerExceptions.Single(),
                Is.TypeOf<TimeoutException>());
        });
    }

    [Test]
    public void F20_a_child_that_fails_with_any_other_token_fails_its_group()
    {
        _other.Cancel();
        Exception error = Run(async () => await Caught(TaskGroup.Run(async group =>
        {
            _ = LoopTask.CurrentToken;
            _ = group.Spawn(SleepWith(_other.Token));
            await EventLoop.Delay(S(60));
        })));

        Assert.That(((AggregateException)error).InnerExceptions.Single(),
            Is.TypeOf<TaskCanceledException>());
    }

    [Test]
    public void F20_a_plain_helper_that_swallows_it_leaves_the_cancellation_pending()
    {
        LoopTask task = Loop.CreateTask(AfterLateCancel(async token =>
        {
            await Swallow(token);
            await EventLoop.Delay(S(60));
        }));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("swallowed"));
        Assert.That(Seconds, Is.EqualTo(2));

        async Task Swallow(CancellationToken token)
        {
            try
            {
                await Task.CompletedTask;
                token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                Tell("swallowed");
            }
        }
    }

    [TestCase("direct")]
    [TestCase("helper")]
    [TestCase("synchronous helper")]
    [TestCase("iterator")]
    [TestCase("generic")]
    public void F20_one_that_reaches_the_coroutine_is_delivered_and_the_cleanup_has_its_time(
        string way)
    {
        LoopTask task = Loop.CreateTask(AfterLateCancel(token => CleanUpAfter(() => way switch
        {
            "direct" => Direct(token),
            "helper" => AwaitPlain(token),
            "synchronous helper" => Synchronous(token),
            "iterator" => Iterate(token),
            _ => Generic(token),
        })));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("cleaned:5"));

        static async Coroutine Direct(CancellationToken token) =>
            token.ThrowIfCancellationRequested();

        static async Coroutine AwaitPlain(CancellationToken token) => await Plain(token);

        static async Task Plain(CancellationToken token)
        {
            await Task.CompletedTask;
            token.ThrowIfCancellationRequested();
        }

        static async Coroutine Synchronous(CancellationToken token) => Check(token);

        static async Coroutine Iterate(CancellationToken token) =>
            Assert.That(Items(token).Sum(), Is.Positive);

        static IEnumerable<int> Items(CancellationToken token)
        {
            Check(token);
            yield return 1;
        }

        static void Check(CancellationToken token) => token.ThrowIfCancellationRequested();

        static async Coroutine Generic<T>(T token) =>
            ((CancellationToken)(object)token!).ThrowIfCancellationRequested();
    }

    [Test]
    public void F20_a_token_taken_before_WaitAsync_is_not_ended_by_its_limit_but_one_inside_is()
    {
        Run(async () =>
        {
            var source = new TaskCompletionSource();
            Loop.CallLater(S(3), source.SetResult);
            CancellationToken outside = LoopTask.CurrentToken;
            Exception error = await Caught(AwaitOr(source.Task, outside).WaitAsync(S(1)));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(3));

            error = await Caught(TimeoutScope.Run(S(1), _ => SleepWith(LoopTask.CurrentToken)));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(4));
        });

        static async Coroutine AwaitOr(Task task, CancellationToken token) =>
            await task.WaitAsync(token);
    }

    [Test]
    public void F20_a_coroutine_that_tries_again_with_a_limit_of_its_own_is_cancelled_all_the_same()
    {
        _other.Cancel();
        int attempts = 0;
        LoopTask task = Loop.CreateTask(Retry());
        Loop.CallLater(S(1), () => task.Cancel());
        Run(async () => await EventLoop.Wait([task]));

        // The first time the limit may stand for the cancellation, the second time it does not.
        Assert.That((task.IsCancelled, attempts), Is.EqualTo((true, 2)));

        async Coroutine Retry()
        {
            _ = LoopTask.CurrentToken;
            while (attempts < 5)
            {
                attempts++;
                var attempt = new TaskCompletionSource();
                Loop.CallLater(S(2), () => attempt.SetCanceled(_other.Token));
                try
                {
                    await attempt.Task;
                }
                catch (OperationCanceledException error) when (error is not LoopCanceledException)
                {
                    await EventLoop.Delay(S(1));
                }
            }
        }
    }

    [Test]
    public void F20_a_child_that_fails_while_it_cleans_up_fails_its_group_all_the_same()
    {
        _other.Cancel();
        Exception error = Run(async () => await Caught(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(CleanUp());
            await EventLoop.Yield();
            throw new FormatException();
        })));

        Assert.That(((AggregateException)error).InnerExceptions.Select(one => one.GetType()),
            Is.EquivalentTo(new[] { typeof(FormatException), typeof(TaskCanceledException) }));

        async Coroutine CleanUp()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            finally
            {
                await SleepWith(_other.Token);
            }
        }
    }

    private async Coroutine SleepLinked()
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            LoopTask.CurrentToken, _other.Token);
        await Task.Delay(Timeout.Infinite, both.Token);
    }

    private static async Coroutine SleepWith(CancellationToken token) =>
        await Task.Delay(Timeout.Infinite, token);

    private async Coroutine CleanUpAfter(Func<Coroutine> body)
    {
        try
        {
            await body();
        }
        finally
        {
            await EventLoop.Delay(S(3));
            Tell($"cleaned:{Seconds}");
        }
    }

    /// <summary>
    /// A task that is cancelled after a second and resumes after another: until then it awaits
    /// something foreign that ignores its token.
    /// </summary>
    private async Coroutine AfterLateCancel(Func<CancellationToken, Coroutine> body)
    {
        var source = new TaskCompletionSource();
        ILoopTask task = LoopTask.Current!;
        CancellationToken token = LoopTask.CurrentToken;
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.CallLater(S(2), source.SetResult);
        await source.Task;
        await body(token);
    }
}
