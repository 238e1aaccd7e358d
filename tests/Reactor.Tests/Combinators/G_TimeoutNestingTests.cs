using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G33 to G36: a deadline beside other errors and cancellations.</summary>
public sealed class G_TimeoutNestingTests : LoopFixture
{
    [Test]
    public void G33_of_nested_ones_with_one_deadline_only_the_outermost_throws_timeout()
    {
        Run(async () =>
        {
            TimeoutScope? outer = null;
            TimeoutScope? inner = null;
            Exception? innerError = null;
            Exception outerError = await Caught(TimeoutScope.Run(S(1), async one =>
            {
                outer = one;
                innerError = await Caught(TimeoutScope.Run(S(1), async two =>
                {
                    inner = two;
                    await EventLoop.Delay(S(9));
                }));
                throw innerError;
            }));

            Assert.That(innerError, Is.TypeOf<LoopCanceledException>());
            Assert.That(outerError, Is.TypeOf<TimeoutException>());
            Assert.That(outer!.Expired, Is.True);
            Assert.That(inner!.Expired, Is.True);
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });
    }

    [Test]
    public void G33_an_inner_deadline_that_comes_first_throws_inside_the_outer_one()
    {
        Run(async () =>
        {
            await TimeoutScope.Run(S(5), async outer =>
            {
                Assert.That(
                    await Caught(TimeoutScope.Run(S(1), async _ => await EventLoop.Delay(S(9)))),
                    Is.TypeOf<TimeoutException>());
                Assert.That(outer.Expired, Is.False);
                await EventLoop.Delay(S(1));
            });
            Assert.That(Seconds, Is.EqualTo(2));
        });
    }

    [Test]
    public void G34_another_exception_passes_unchanged()
    {
        Run(async () =>
        {
            var thrown = new FormatException();
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await EventLoop.Yield();
                throw thrown;
            }));
            Assert.That(error, Is.SameAs(thrown));
        });
    }

    [Test]
    public void G34_on_expiry_another_exception_wins_and_is_not_written_to()
    {
        Run(async () =>
        {
            TimeoutScope? seen = null;
            var thrown = new FormatException();
            Exception error = await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                seen = scope;
                await Caught(Sleep(9));
                throw thrown;
            }));
            Assert.That(error, Is.SameAs(thrown));
            Assert.That(error.InnerException, Is.Null);
            Assert.That(error.Data, Is.Empty);
            Assert.That(seen!.Expired, Is.True);
        });
    }

    [Test]
    public void G34_an_exception_shared_by_many_waiters_is_not_written_to()
    {
        Promise<int> shared = Loop.CreateFuture<int>();
        var thrown = new FormatException("shared");
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await Caught(Sleep(9));
                shared.SetException(thrown);
                return await shared;
            }));
            Assert.That(error, Is.SameAs(thrown));
            Assert.That(shared.Exception, Is.SameAs(thrown));
        });
        Assert.That(thrown.InnerException, Is.Null);
        Assert.That(thrown.Data, Is.Empty);
    }

    [Test]
    public void G34b_a_block_of_foreign_awaits_that_ends_late_is_a_timeout()
    {
        var source = new TaskCompletionSource<int>();
        Loop.CallLater(S(5), source.SetResult, 1);
        Run(async () =>
        {
            TimeoutScope? seen = null;
            Exception error = await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                seen = scope;
                return await source.Task;
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(seen!.Expired, Is.True);
            Assert.That(Seconds, Is.EqualTo(5));
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
            await EventLoop.Yield(); // nothing is left that would be thrown here
        });
    }

    [Test]
    public void G34b_of_nested_ones_that_ended_late_the_outermost_throws()
    {
        var source = new TaskCompletionSource<int>();
        Loop.CallLater(S(5), source.SetResult, 1);
        Run(async () =>
        {
            bool innerEnded = false;
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await TimeoutScope.Run(S(2), async _ => await source.Task);
                innerEnded = true;
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(innerEnded, Is.True, "the cancellation is the outer one's");
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });
    }

    [Test]
    public void G34b_a_cancel_from_outside_that_is_undelivered_stays_pending()
    {
        var source = new TaskCompletionSource<int>();
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(2), () => task.Cancel("outside"));
        Loop.CallLater(S(5), source.SetResult, 1);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("outside"));
        Assert.That(Story, Is.EqualTo("block-over"));

        async Coroutine Body()
        {
            await TimeoutScope.Run(S(1), async _ => await source.Task);
            Tell("block-over");
            await EventLoop.Yield();
            Tell("never");
        }
    }

    [Test]
    public void G34b_in_the_cleanup_of_a_cancelled_task_it_is_thrown_once()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("timeout cleaned-up"));

        async Coroutine Body()
        {
            try
            {
                await EventLoop.Delay(S(60));
            }
            finally
            {
                var late = new TaskCompletionSource<int>();
                Loop.CallLater(S(5), late.SetResult, 1);
                Exception error = await Caught(TimeoutScope.Run(S(1), async _ => await late.Task));
                Tell(error is TimeoutException ? "timeout" : error.GetType().Name);
                await EventLoop.Delay(S(1));
                Tell("cleaned-up");
            }
        }
    }

    [Test]
    public void G34b_an_async_foreach_over_a_compilers_iterator_that_ends_late_is_a_timeout()
    {
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await foreach (int i in Numbers())
                {
                    Tell($"{i}");
                }
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Story, Is.EqualTo("0 1"));
        });

        static async IAsyncEnumerable<int> Numbers()
        {
            for (int i = 0; i < 2; i++)
            {
                await EventLoop.Delay(S(1));
                yield return i;
            }
        }
    }

    [Test]
    public void G34b_wait_for_of_a_coroutine_with_only_foreign_awaits_is_a_timeout()
    {
        var source = new TaskCompletionSource<int>();
        Loop.CallLater(S(5), source.SetResult, 1);

        Assert.That(() => Run(() => Await().WaitAsync(S(1))), Throws.TypeOf<TimeoutException>());

        async Coroutine<int> Await() => await source.Task;
    }

    [Test]
    public void G35_a_cancel_from_outside_before_expiry_stays_a_cancellation()
    {
        TimeoutScope? seen = null;
        LoopTask task = Loop.CreateTask(TimeoutScope.Run(S(5), async scope =>
        {
            seen = scope;
            await EventLoop.Delay(S(60));
        }));
        Loop.CallLater(S(1), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(seen!.Expired, Is.False);
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void G36_it_works_after_an_earlier_swallowed_cancellation()
    {
        Run(async () =>
        {
            LoopTask.Current!.Cancel();
            await Caught(Sleep(1));
            Assert.That(LoopTask.Current!.Cancelling, Is.EqualTo(1));

            Assert.That(
                await Caught(TimeoutScope.Run(S(1), async _ => await EventLoop.Delay(S(9)))),
                Is.TypeOf<TimeoutException>());
            Assert.That(LoopTask.Current!.Cancelling, Is.EqualTo(1));
        });
    }

    [Test]
    public void G36_a_new_cancel_inside_it_stays_a_cancellation()
    {
        Run(async () =>
        {
            ILoopTask self = LoopTask.Current!;
            self.Cancel();
            await Caught(Sleep(1));

            Exception error = await Caught(TimeoutScope.Run(S(0), async _ =>
            {
                self.Cancel();
                await EventLoop.Delay(S(9));
            }));

            Assert.That(error, Is.TypeOf<LoopCanceledException>());
            Assert.That(self.Cancelling, Is.EqualTo(2));
        });
    }

    private static async Coroutine Sleep(int seconds) => await EventLoop.Delay(S(seconds));
}
