namespace Reactor.Tests.Semantics;

/// <summary>Statements H01 to H05, H08, H09 and H11: what a group waits for and throws.</summary>
public sealed class H_TaskGroupTests : GroupFixture
{
    [Test]
    public void H01_leaving_the_block_waits_for_all_children()
    {
        Run(async () =>
        {
            LoopTask<int>? a = null;
            LoopTask? b = null;
            string result = await TaskGroup.Run(async group =>
            {
                a = group.Spawn(Sleep(2));
                b = group.Spawn(Note("b", 1));
                Tell("block-over");
                return "result";
            });
            Assert.That(result, Is.EqualTo("result"));
            Assert.That(a!.Result, Is.EqualTo(2));
            Assert.That(b!.IsDone, Is.True);
        });

        Assert.That(Story, Is.EqualTo("block-over b"));
        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void H01_children_added_while_it_waits_are_waited_for_too()
    {
        Run(async () =>
        {
            await TaskGroup.Run(async group => { _ = group.Spawn(Parent(group)); });
        });

        Assert.That(Story, Is.EqualTo("parent child"));
        Assert.That(Seconds, Is.EqualTo(3));

        async Coroutine Parent(TaskGroup group)
        {
            await EventLoop.Delay(S(1));
            _ = group.Spawn(Note("child", 2));
            Tell("parent");
        }
    }

    [Test]
    public void H01_a_block_without_children_ends_in_the_same_turn()
    {
        Run(async () =>
        {
            int before = Turns;
            await TaskGroup.Run(async _ => Tell("ran"));
            Assert.That(Turns, Is.EqualTo(before));
        });
    }

    [Test]
    public void H02_a_child_cancelled_on_its_own_does_not_hurt_the_group()
    {
        Run(async () =>
        {
            LoopTask<int>? doomed = null;
            LoopTask<int>? other = null;
            await TaskGroup.Run(async group =>
            {
                doomed = group.Spawn(Sleep(9));
                other = group.Spawn(Sleep(2));
                await EventLoop.Delay(S(1));
                doomed.Cancel();
            });
            Assert.That(doomed!.IsCancelled, Is.True);
            Assert.That(other!.Result, Is.EqualTo(2));
        });
    }

    [Test]
    public void H03_a_childs_error_cancels_siblings_and_block_waits_and_throws_all_errors()
    {
        Run(async () =>
        {
            LoopTask<int>? sibling = null;
            var error = (AggregateException)await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(Fail<FormatException>(1));
                _ = group.Spawn(FailWhenCancelled<ArithmeticException>(2));
                sibling = group.Spawn(Sleep(60));
                await Telling("block", EventLoop.Spawn(Sleep(60)));
            }));

            Assert.That(
                error.InnerExceptions.Select(one => one.GetType()),
                Is.EqualTo(new[] { typeof(FormatException), typeof(ArithmeticException) }));
            Assert.That(error.Message, Does.StartWith("Unhandled errors in a TaskGroup."));
            Assert.That(sibling!.IsCancelled, Is.True);
            Assert.That(Seconds, Is.EqualTo(3), "1 s until the error and 2 s of cleanup");
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });

        Assert.That(Story, Is.EqualTo("block-cancelled"));
    }

    [Test]
    public void H04_an_error_in_the_block_cancels_the_children_and_is_in_the_group()
    {
        Run(async () =>
        {
            LoopTask<int>? child = null;
            var error = (AggregateException)await Caught(TaskGroup.Run(async group =>
            {
                child = group.Spawn(Sleep(60));
                await EventLoop.Delay(S(1));
                throw new FormatException();
            }));

            Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
            Assert.That(child!.IsCancelled, Is.True);
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void H04_so_is_an_error_of_a_delegate_that_throws_at_once()
    {
        Run(async () =>
        {
            var error = (AggregateException)await Caught(
                TaskGroup.Run(Coroutine (group) => throw new FormatException()));
            Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
        });
    }

    [Test]
    public void H05_the_block_sees_the_cancellation_only_at_a_suspension()
    {
        Run(async () =>
        {
            Exception error = await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(Fail<FormatException>(0));
                await EventLoop.Yield(); // it fails here; the group hears of it a turn later
                Tell("not-yet");
                await EventLoop.Yield();
                Tell("never");
            }));
            Assert.That(error, Is.TypeOf<AggregateException>());
            Tell("code-after");
            await EventLoop.Yield();
            Tell("runs-on");
        });

        Assert.That(Story, Is.EqualTo("not-yet code-after runs-on"));
    }

    [Test]
    public void H08_nested_groups_nest_their_exceptions()
    {
        Run(async () =>
        {
            var error = (AggregateException)await Caught(TaskGroup.Run(async outer =>
            {
                _ = outer.Spawn(FailWhenCancelled<ArithmeticException>(0));
                await TaskGroup.Run(async inner => { _ = inner.Spawn(Fail<FormatException>(1)); });
            }));

            Assert.That(error.InnerExceptions, Has.Count.EqualTo(2));
            Assert.That(error.InnerExceptions[0], Is.TypeOf<ArithmeticException>());
            var inner = (AggregateException)error.InnerExceptions[1];
            Assert.That(inner.InnerExceptions.Single(), Is.TypeOf<FormatException>());
        });
    }

    [Test]
    public void H09_an_outer_childs_failure_cancels_the_inner_group_and_is_the_only_error()
    {
        Run(async () =>
        {
            LoopTask<int>? innermost = null;
            var error = (AggregateException)await Caught(TaskGroup.Run(async outer =>
            {
                _ = outer.Spawn(Fail<FormatException>(1));
                await TaskGroup.Run(async inner => { innermost = inner.Spawn(Sleep(60)); });
            }));

            Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
            Assert.That(innermost!.IsCancelled, Is.True);
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void H11_what_leaves_the_loop_leaves_the_group_unwrapped()
    {
        LoopTask<int>? sibling = null;
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            sibling = group.Spawn(Sleep(60));
            _ = group.Spawn(Fail<FormatException>(1));
            _ = group.Spawn(Fail<LoopAbortException>(1));
            await EventLoop.Delay(S(60));
        }));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopAbortException>());
        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopAbortException>());
        Assert.That(sibling!.IsCancelled, Is.True);
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void H11_so_does_one_from_the_block_itself()
    {
        LoopTask<int>? child = null;
        LoopTask task = Loop.CreateTask(TaskGroup.Run(async group =>
        {
            child = group.Spawn(Sleep(60));
            await EventLoop.Delay(S(1));
            throw new LoopAbortException();
        }));

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopAbortException>());
        Assert.That(child!.IsCancelled, Is.True, "it was awaited before");
    }

    private async Coroutine Telling(string who, LoopTask<int> awaited)
    {
        try
        {
            await awaited;
        }
        catch (LoopCanceledException)
        {
            Tell($"{who}-cancelled");
            throw;
        }
    }
}
