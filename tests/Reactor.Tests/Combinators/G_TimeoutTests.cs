using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G31, G32 and G38 to G40: a block with a deadline.</summary>
public sealed class G_TimeoutTests : LoopFixture
{
    [Test]
    public void G31_it_throws_at_the_end_of_the_block_and_has_expired()
    {
        TimeoutScope? seen = null;
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(2), async scope =>
            {
                seen = scope;
                Assert.That(scope.When, Is.EqualTo(S(2)));
                Assert.That(scope.Expired, Is.False);
                await EventLoop.Delay(S(10));
                Tell("never");
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(error.InnerException, Is.TypeOf<LoopCanceledException>());
        });

        Assert.That(Seconds, Is.EqualTo(2));
        Assert.That(seen!.Expired, Is.True);
        Assert.That(seen.When, Is.EqualTo(S(2)));
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void G31_in_time_nothing_happens()
    {
        Run(async () =>
        {
            TimeoutScope? seen = null;
            int result = await TimeoutScope.Run(S(2), async scope =>
            {
                seen = scope;
                return await Later(S(1), 7);
            });
            Assert.That(result, Is.EqualTo(7));
            Assert.That(seen!.Expired, Is.False);
            await EventLoop.Delay(S(5));
        });
    }

    [Test]
    public void G31_until_takes_a_moment_of_the_loops_clock()
    {
        Run(async () =>
        {
            await EventLoop.Delay(S(1));
            Exception error = await Caught(TimeoutScope.RunUntil(S(3), async scope =>
            {
                Assert.That(scope.When, Is.EqualTo(S(3)));
                await EventLoop.Delay(S(10));
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(3));
            Assert.That(
                await TimeoutScope.RunUntil(S(5), async _ => await Later(S(1), 7)),
                Is.EqualTo(7));
        });
    }

    [Test]
    public void G31_the_block_runs_in_the_same_task()
    {
        Run(async () =>
        {
            ILoopTask self = LoopTask.Current!;
            await TimeoutScope.Run(S(1), async _ =>
            {
                await EventLoop.Yield();
                Assert.That(LoopTask.Current, Is.SameAs(self));
            });
        });
    }

    [Test]
    public void G31_an_expired_block_that_ends_well_throws_nothing()
    {
        Run(async () =>
        {
            TimeoutScope? seen = null;
            await TimeoutScope.Run(S(1), async scope =>
            {
                seen = scope;
                await Caught(Sleep(10));
            });
            Assert.That(seen!.Expired, Is.True);
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });
    }

    [Test]
    public void G32_null_disables_it()
    {
        Run(async () =>
        {
            await TimeoutScope.Run(null, async scope =>
            {
                Assert.That(scope.When, Is.Null);
                await EventLoop.Delay(S(100_000));
            });
            await TimeoutScope.RunUntil(null, async _ => await EventLoop.Delay(S(1)));
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void G32_zero_or_less_fires_at_the_first_suspension_even_a_yield(double delay)
    {
        Run(async () =>
        {
            int before = Turns;
            Exception error = await Caught(TimeoutScope.Run(S(delay), async _ =>
            {
                Tell("runs");
                await Nothing();
                await EventLoop.Yield();
                Tell("never");
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Turns - before, Is.EqualTo(1));
        });

        Assert.That(Story, Is.EqualTo("runs"));
    }

    [Test]
    public void G32_a_deadline_that_has_passed_fires_at_the_first_suspension()
    {
        Run(async () =>
        {
            await EventLoop.Delay(S(5));
            Assert.That(
                await Caught(TimeoutScope.RunUntil(S(1), async _ => await EventLoop.Delay(S(9)))),
                Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(5));
        });
    }

    [Test]
    public void G32_a_block_that_never_suspends_is_not_hurt_by_a_deadline_that_has_passed()
    {
        Run(async () =>
        {
            Assert.That(await TimeoutScope.Run(S(0), async _ => 7), Is.EqualTo(7));
            await EventLoop.Yield();
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });
    }

    [Test]
    public void G38_it_can_be_rescheduled_later_earlier_and_to_never()
    {
        Run(async () =>
        {
            TimeSpan start = Loop.Time;
            await TimeoutScope.Run(S(1), async scope =>
            {
                scope.Reschedule(start + S(5));
                Assert.That(scope.When, Is.EqualTo(start + S(5)));
                await EventLoop.Delay(S(3));
                scope.Reschedule(null);
                Assert.That(scope.When, Is.Null);
                await EventLoop.Delay(S(100));
            });

            start = Loop.Time;
            Assert.That(
                await Caught(TimeoutScope.Run(S(100), async scope =>
                {
                    scope.Reschedule(start + S(2));
                    await EventLoop.Delay(S(9));
                })),
                Is.TypeOf<TimeoutException>());
            Assert.That(Loop.Time - start, Is.EqualTo(S(2)));
        });
    }

    [Test]
    public void G38_rescheduled_into_the_past_it_fires_at_the_next_suspension()
    {
        Run(async () =>
        {
            Assert.That(
                await Caught(TimeoutScope.Run(null, async scope =>
                {
                    scope.Reschedule(S(0));
                    await EventLoop.Yield();
                    Tell("never");
                })),
                Is.TypeOf<TimeoutException>());
        });
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void G38_a_deadline_that_lies_in_the_ready_queue_can_still_be_moved()
    {
        Run(async () =>
        {
            await TimeoutScope.Run(S(0), async scope =>
            {
                scope.Reschedule(S(5));
                await EventLoop.Delay(S(1));
            });
        });
    }

    [Test]
    public void G38_it_throws_if_it_is_expiring_expired_or_finished()
    {
        Run(async () =>
        {
            TimeoutScope? seen = null;
            await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                seen = scope;
                Exception cancellation = await Caught(Sleep(9));
                Assert.That(() => scope.Reschedule(S(99)), Throws.InvalidOperationException
                    .With.Message.Contains("expiring"));
                throw cancellation;
            }));
            Assert.That(() => seen!.Reschedule(S(99)), Throws.InvalidOperationException
                .With.Message.Contains("expired"));
            await TimeoutScope.Run(S(1), async scope => { seen = scope; });
            Assert.That(() => seen!.Reschedule(S(99)), Throws.InvalidOperationException
                .With.Message.Contains("finished"));
        });
    }

    [Test]
    public void G39_one_block_cannot_be_entered_twice()
    {
        Run(async () =>
        {
            Coroutine block = TimeoutScope.Run(S(1), async _ => Tell("ran"));
            await block;
            Assert.That(await Caught(block), Is.TypeOf<InvalidOperationException>());
        });
        Assert.That(Story, Is.EqualTo("ran"));
    }

    [Test]
    public void G39_outside_a_task_it_throws()
    {
        // A block is a coroutine: without a task that awaits it, it does not run at all.
        Coroutine block = TimeoutScope.Run(S(1), async _ => Tell("ran"));
        Assert.That(() => block.GetAwaiter().GetResult(), Throws.InvalidOperationException);
        Assert.That(Story, Is.Empty);
        Assert.That(() => TimeoutScope.Run(S(1), (Func<TimeoutScope, Coroutine>)null!),
            Throws.ArgumentNullException);
    }

    [Test]
    public void G40_the_task_is_not_cancelled_after_a_timeout_that_was_caught()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.RunUntilComplete(task);

        Assert.That(task.IsCancelled, Is.False);
        Assert.That(task.Cancelling, Is.Zero);

        async Coroutine Body()
        {
            await Caught(TimeoutScope.Run(S(1), async _ => await EventLoop.Delay(S(9))));
            await EventLoop.Delay(S(1));
        }
    }

    private static async Coroutine Nothing()
    {
    }

    private static async Coroutine Sleep(int seconds) => await EventLoop.Delay(S(seconds));
}
