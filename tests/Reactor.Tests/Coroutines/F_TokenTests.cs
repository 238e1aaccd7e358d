using System.Threading.Channels;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements F20 and F21: a cancellation reaches foreign awaits by the task's token, and debug
/// mode names the foreign await that it waits for.
/// </summary>
public sealed class F_TokenTests : LoopFixture
{
    [Test]
    public void F20_cancel_ends_a_foreign_delay_that_was_given_the_token([Values] bool isLinked)
    {
        LoopTask task = Loop.CreateTask(SleepForeign(isLinked));
        Loop.CallLater(S(1), () => task.Cancel("stop"));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("stop").And.InnerException.TypeOf<TaskCanceledException>());
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void F20_an_expiring_scope_ends_it_with_a_timeout([Values] bool isLinked)
    {
        Run(async () =>
        {
            Exception error = await Caught(
                TimeoutScope.Run(S(1), async _ => await SleepForeign(isLinked)));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
            await EventLoop.Yield();
        });
    }

    [Test]
    public void F20_so_do_a_channel_a_plain_helper_and_a_sequence()
    {
        var channel = Channel.CreateUnbounded<int>();
        Run(async () =>
        {
            Func<Coroutine>[] waits =
            [
                async () => await channel.Reader.ReadAsync(LoopTask.CurrentToken),
                async () => await Helper(LoopTask.CurrentToken),
                async () =>
                {
                    await foreach (int _ in channel.Reader.ReadAllAsync(LoopTask.CurrentToken))
                    {
                    }
                },
            ];
            foreach (Func<Coroutine> wait in waits)
            {
                Exception error = await Caught(TimeoutScope.Run(S(1), _ => wait()));
                Assert.That(error, Is.TypeOf<TimeoutException>());
            }

            Assert.That(Seconds, Is.EqualTo(3));
        });

        static async Task Helper(CancellationToken token)
        {
            await Task.Yield();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Test]
    public void F20_the_cleanup_after_a_foreign_await_that_was_ended_is_not_cut_short(
        [Values] bool isLinked)
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("cleaned:4"));

        async Coroutine Body()
        {
            try
            {
                await SleepForeign(isLinked);
            }
            finally
            {
                await EventLoop.Delay(S(3));
                Tell($"cleaned:{Seconds}");
            }
        }
    }

    [Test]
    public void F20_one_that_was_delivered_by_the_token_and_swallowed_follows_asyncios_rule()
    {
        int result = Run(async () => await TimeoutScope.Run(S(1), async _ =>
        {
            try
            {
                await SleepForeign();
            }
            catch (OperationCanceledException)
            {
                Tell("caught");
            }

            return 5;
        }));

        Assert.That(result, Is.EqualTo(5));
        Assert.That(Story, Is.EqualTo("caught"));
    }

    [Test]
    public void F20_after_uncancel_the_property_gives_a_fresh_token()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.RunUntilComplete(task);

        Assert.That(Story, Is.EqualTo("caught"));

        async Coroutine Body()
        {
            CancellationToken first = LoopTask.CurrentToken;
            Assert.That(LoopTask.CurrentToken, Is.EqualTo(first));
            try
            {
                await EventLoop.Delay(S(60));
            }
            catch (LoopCanceledException)
            {
                Tell("caught");
            }

            Assert.That(first.IsCancellationRequested, Is.True);
            Assert.That(LoopTask.CurrentToken, Is.EqualTo(first), "it is still being cancelled");
            Assert.That(LoopTask.Current!.Uncancel(), Is.Zero);
            Assert.That(LoopTask.CurrentToken.IsCancellationRequested, Is.False);
            Assert.That(LoopTask.CurrentToken, Is.Not.EqualTo(first));
        }
    }

    [Test]
    public void F20_a_cancellation_that_was_taken_back_at_once_leaves_the_token_alone()
    {
        Run(async () =>
        {
            CancellationToken token = LoopTask.CurrentToken;
            LoopTask.Current!.Cancel();
            LoopTask.Current!.Uncancel();
            await EventLoop.Yield();
            Assert.That(token.IsCancellationRequested, Is.False);
            Assert.That(LoopTask.CurrentToken, Is.EqualTo(token));
        });
    }

    [Test]
    public void F20_the_expiry_of_an_inner_scope_ends_nothing_that_was_begun_outside()
    {
        Run(async () =>
        {
            CancellationToken outside = LoopTask.CurrentToken;
            CancellationToken inside = default;
            await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                inside = LoopTask.CurrentToken;
                await EventLoop.Delay(S(9));
            }));
            Assert.That(inside.IsCancellationRequested, Is.True);
            Assert.That(outside.IsCancellationRequested, Is.False);
            Assert.That(LoopTask.CurrentToken, Is.EqualTo(outside));
        });
    }

    [Test]
    public void F20_an_outer_scope_cancels_the_token_of_the_inner_one()
    {
        Run(async () =>
        {
            TimeoutScope? inner = null;
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
                await TimeoutScope.Run(S(5), async scope =>
                {
                    inner = scope;
                    await SleepForeign();
                })));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(inner!.Expired, Is.False);
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void F20_the_token_of_a_scope_inside_one_that_has_expired_is_cancelled_from_the_start()
    {
        var late = new TaskCompletionSource<int>();
        Loop.CallLater(S(2), late.SetResult, 1);
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await late.Task;
                await TimeoutScope.Run(S(60), async _ => await SleepForeign());
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(2));
        });
    }

    [Test]
    public void F20_a_group_whose_child_fails_ends_the_foreign_await_of_its_block()
    {
        Run(async () =>
        {
            Exception error = await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(Fail());
                await SleepForeign();
            }));
            Assert.That(((AggregateException)error).InnerExceptions.Single(),
                Is.TypeOf<FormatException>());
            Assert.That(LoopTask.CurrentToken.IsCancellationRequested, Is.False);
        });

        static async Coroutine Fail()
        {
            await EventLoop.Delay(S(1));
            throw new FormatException();
        }
    }

    [Test]
    public void F20_one_with_another_token_is_an_error_as_any()
    {
        using var other = new CancellationTokenSource();
        other.Cancel();
        LoopTask task = Loop.CreateTask(Body());
        Assert.That(
            () => Loop.RunUntilComplete(task), Throws.TypeOf<OperationCanceledException>());
        Assert.That(task.IsCancelled, Is.False);

        async Coroutine Body()
        {
            _ = LoopTask.CurrentToken;
            await EventLoop.Yield();
            other.Token.ThrowIfCancellationRequested();
        }
    }

    [Test]
    public void F20_a_foreign_await_that_ignores_the_token_leaves_the_cancellation_pending()
    {
        var source = new TaskCompletionSource();
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.CallLater(S(2), source.SetResult);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("resumed"));

        async Coroutine Body()
        {
            _ = LoopTask.CurrentToken;
            await source.Task;
            Tell("resumed");
            await EventLoop.Yield();
            Tell("never");
        }
    }

    [Test]
    public void F20_callbacks_of_the_token_run_on_the_loop_outside_the_step_that_cancels()
    {
        LoopTask task = Loop.CreateTask(Body());
        Run(async () =>
        {
            await EventLoop.Yield();
            task.Cancel();
            Tell("cancelled");
            await EventLoop.Yield();
        });
        Assert.That(Story, Is.EqualTo("cancelled callback:no-task"));

        async Coroutine Body()
        {
            using CancellationTokenRegistration _ = LoopTask.CurrentToken.Register(
                () => Tell($"callback:{LoopTask.Current?.Name ?? "no-task"}"));
            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void F20_what_a_callback_of_the_token_throws_is_reported()
    {
        LoopTask task = Loop.CreateTask(Body());
        RunTurns(1);
        task.Cancel();
        RunTurns(3);

        Assert.That(task.IsCancelled, Is.True);
        Assert.That(TakeReport().Exception!.InnerException, Is.TypeOf<FormatException>());

        static async Coroutine Body()
        {
            LoopTask.CurrentToken.Register(() => throw new FormatException());
            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void F20_where_no_task_runs_it_throws_and_says_what_to_do()
    {
        Assert.That(() => LoopTask.CurrentToken, Throws.InvalidOperationException);
        Loop.CallSoon(() => Assert.That(
            () => LoopTask.CurrentToken,
            Throws.InvalidOperationException.With.Message.Contains("pass it on")));
        RunTurns(1);
    }

    [Test]
    public void F20_ctrl_c_reaches_a_main_that_passes_its_token_on()
    {
        using var runner = new LoopRunner(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            HandleInterrupt = false,
        });
        runner.Loop.CallLater(S(1), () => runner.OnInterrupt());

        Assert.That(
            () => runner.Run(async () =>
            {
                await SleepForeign();
                return 0;
            }),
            Throws.TypeOf<InterruptException>());
    }

    [Test]
    public void F21_a_cancellation_that_waits_for_a_foreign_await_is_reported_with_the_remedy()
    {
        Loop.Debug = true;
        var source = new TaskCompletionSource();
        LoopTask task = Loop.CreateTask(Await(source.Task), name: "deaf");
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.CallLater(S(3), source.SetResult);
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.StartWith("A cancellation waits for a foreign await")
            .And.Contain("deaf").And.Contain("TaskAwaiter at F_TokenTests.cs:")
            .And.Contain("CurrentToken").And.Contain("OnLoop()"));
        Assert.That(report.Future, Is.SameAs(task));
    }

    [Test]
    public void F21_one_that_was_pending_before_the_foreign_await_is_reported_too()
    {
        Loop.Debug = true;
        var late = new TaskCompletionSource<int>();
        Loop.CallLater(S(5), late.SetResult, 1);
        LoopTask task = Loop.CreateTask(Body());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(
            TakeReport().Message, Does.StartWith("A cancellation waits for a foreign await"));

        async Coroutine Body()
        {
            LoopTask.Current!.Cancel();
            await late.Task;
            await EventLoop.Yield();
        }
    }

    [Test]
    public void F21_one_that_the_token_ends_within_a_second_is_not_reported()
    {
        Loop.Debug = true;
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Run(async () => { await EventLoop.Delay(S(5)); });

        static async Coroutine Body() => await SleepForeign();
    }

    [Test]
    public void F21_a_cleanup_has_its_second_from_the_delivery_on()
    {
        Loop.Debug = true;
        var source = new TaskCompletionSource();
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.CallLater(S(1.5), source.SetResult);
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());

        async Coroutine Body()
        {
            try
            {
                await source.Task;
                await EventLoop.Delay(S(60));
            }
            finally
            {
                await EventLoop.Delay(S(0.9));
            }
        }
    }

    private static async Coroutine Await(Task task) => await task;

    private static async Coroutine SleepForeign(bool isLinked = false)
    {
        using var other = new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            LoopTask.CurrentToken, other.Token);
        await Task.Delay(Timeout.Infinite, isLinked ? both.Token : LoopTask.CurrentToken);
    }
}
