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
            Assert.That(TimeoutScope.TimeoutBehind(error), Is.Null);
        });
    }

    [Test]
    public void G34_on_expiry_another_exception_wins_with_the_timeout_in_its_chain()
    {
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                await Caught(Sleep(9));
                throw new FormatException();
            }));
            Assert.That(error, Is.TypeOf<FormatException>());
            Assert.That(error.InnerException, Is.TypeOf<TimeoutException>());
            Assert.That(TimeoutScope.TimeoutBehind(error), Is.SameAs(error.InnerException));
        });
    }

    [Test]
    public void G34_where_the_chain_is_taken_the_timeout_is_in_the_data()
    {
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
            {
                Exception cause = await Caught(Sleep(9));
                throw new FormatException("wrapped", cause);
            }));
            Assert.That(error, Is.TypeOf<FormatException>());
            Assert.That(error.InnerException, Is.TypeOf<LoopCanceledException>());
            Assert.That(TimeoutScope.TimeoutBehind(error), Is.TypeOf<TimeoutException>());
        });
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
