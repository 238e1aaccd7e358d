namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements H06, H07, H10, H17 and H19: a group whose task is cancelled from outside, and how a
/// group of exceptions is taken apart.
/// </summary>
public sealed class H_TaskGroupCancellationTests : GroupFixture
{
    [TestCase(true)]
    [TestCase(false)]
    public void H06_cancelling_the_parent_cancels_all_children_and_throws_plain_cancelled(
        bool isInBlock)
    {
        LoopTask<int>? a = null;
        LoopTask<int>? b = null;
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            a = group.Spawn(Sleep(60));
            b = group.Spawn(Sleep(60));
            await EventLoop.Delay(S(isInBlock ? 60 : 0));
        }));
        Loop.CallLater(S(1), () => task.Cancel("enough"));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("enough"));

        Assert.That(a!.IsCancelled && b!.IsCancelled, Is.True);
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(task.Cancelling, Is.EqualTo(1));
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void H06_cancelled_again_while_the_children_clean_up_it_still_waits_for_them()
    {
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(CleanUp(3));
            await EventLoop.Delay(S(60));
        }));
        Loop.CallLater(S(1), () => task.Cancel());
        Loop.CallLater(S(2), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("clean"));
        Assert.That(Seconds, Is.EqualTo(4));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void H07_if_children_then_throw_the_group_exception_wins(bool isInBlock)
    {
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            _ = group.Spawn(FailWhenCancelled());
            await EventLoop.Delay(S(isInBlock ? 60 : 0));
        }));
        Loop.CallLater(S(1), () => task.Cancel());

        var error = Assert.Throws<AggregateException>(() => Loop.RunUntilComplete(task))!;
        Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
    }

    [Test]
    public void H10_cancelling_is_the_same_before_and_after_a_failed_group()
    {
        Run(async () =>
        {
            ILoopTask self = LoopTask.Current!;
            self.Cancel();
            await Caught(Nap());
            Assert.That(self.Cancelling, Is.EqualTo(1));
            self.Uncancel();

            await Caught(FailingGroup());
            Assert.That(self.Cancelling, Is.Zero);
            await EventLoop.Delay(S(1));
        });
    }

    [Test]
    public void H10_with_an_outside_cancel_as_well_it_stays_one_and_the_next_suspension_throws()
    {
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(2), () => task.Cancel()); // while the child still cleans up

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("clean AggregateException:1"));

        async Coroutine Body()
        {
            Exception error = await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(FailAfter(1));
                _ = group.Spawn(CleanUp(3));
                await EventLoop.Delay(S(60));
            }));
            Tell($"{error.GetType().Name}:{LoopTask.Current!.Cancelling}");
            await EventLoop.Yield();
            Tell("never");
        }
    }

    [Test]
    public void H17_an_async_finally_in_the_block_that_throws_is_collected_with_the_childs_error()
    {
        Run(async () =>
        {
            var error = (AggregateException)await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(FailAfter(1));
                try
                {
                    await EventLoop.Delay(S(60));
                }
                finally
                {
                    await EventLoop.Delay(S(1));
                    ThrowArithmetic();
                }
            }));

            Assert.That(
                error.InnerExceptions.Select(one => one.GetType()),
                Is.EqualTo(new[] { typeof(FormatException), typeof(ArithmeticException) }));
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });

        static void ThrowArithmetic() => throw new ArithmeticException();
    }

    [Test]
    public void H19_a_timeout_around_a_group_lets_the_group_exception_pass_unchanged()
    {
        Run(async () =>
        {
            TimeoutScope? seen = null;
            Exception error = await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                seen = scope;
                await TaskGroup.Run(async group =>
                {
                    _ = group.Spawn(FailWhenCancelled());
                    await EventLoop.Delay(S(60));
                });
            }));

            var group = (AggregateException)error;
            Assert.That(group.InnerExceptions.Single(), Is.TypeOf<FormatException>());
            Assert.That(group.InnerExceptions[0].InnerException, Is.Null);
            Assert.That(group.Data, Is.Empty);
            Assert.That(seen!.Expired, Is.True);
            Assert.That(LoopTask.Current!.Cancelling, Is.EqualTo(0));
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void H19_a_timeout_around_a_group_without_errors_is_a_timeout()
    {
        Run(async () =>
        {
            LoopTask<int>? child = null;
            Exception error = await Caught(TimeoutScope.Run(S(1), async _ =>
                await TaskGroup.Run(async group => { child = group.Spawn(Sleep(60)); })));

            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(child!.IsCancelled, Is.True);
        });
    }

    [Test]
    public void H08_a_group_can_be_split_by_type_and_keeps_its_nesting()
    {
        var format = new FormatException("f");
        var overflow = new OverflowException("o"); // an ArithmeticException
        var arithmetic = new ArithmeticException("a");
        var group = new AggregateException(
            "outer", format, new AggregateException("inner", overflow, format), arithmetic);

        var (match, others) = group.Split<ArithmeticException>();

        Assert.That(match!.InnerExceptions, Has.Count.EqualTo(2));
        Assert.That(((AggregateException)match.InnerExceptions[0]).InnerExceptions,
            Is.EqualTo(new[] { overflow }));
        Assert.That(match.InnerExceptions[1], Is.SameAs(arithmetic));
        Assert.That(others!.InnerExceptions[0], Is.SameAs(format));
        Assert.That(((AggregateException)others.InnerExceptions[1]).InnerExceptions,
            Is.EqualTo(new[] { format }));
        Assert.That(match.Message, Is.EqualTo("outer (inner (o)) (a)"));
    }

    [Test]
    public void H08_a_split_without_a_remainder_says_null_and_keeps_the_group()
    {
        var group = new AggregateException(new FormatException(), new FormatException());

        Assert.That(group.Split<FormatException>(), Is.EqualTo((group, (AggregateException?)null)));
        Assert.That(group.Split<IOException>(), Is.EqualTo(((AggregateException?)null, group)));
        Assert.That(group.Split<Exception>(), Is.EqualTo((group, (AggregateException?)null)));
    }

    private static Coroutine FailingGroup() =>
        TaskGroup.Run(async group =>
        {
            _ = group.Spawn(FailAfter(1));
            await EventLoop.Delay(S(60));
        });

    private static async Coroutine Nap() => await EventLoop.Delay(S(1));

    private async Coroutine CleanUp(int seconds)
    {
        try
        {
            await EventLoop.Delay(S(60));
        }
        finally
        {
            await EventLoop.Delay(S(seconds));
            Tell("clean");
        }
    }

    private static async Coroutine FailAfter(int seconds)
    {
        await EventLoop.Delay(S(seconds));
        throw new FormatException();
    }

    private static async Coroutine FailWhenCancelled()
    {
        try
        {
            await EventLoop.Delay(S(60));
        }
        catch (LoopCanceledException)
        {
            throw new FormatException();
        }
    }
}
