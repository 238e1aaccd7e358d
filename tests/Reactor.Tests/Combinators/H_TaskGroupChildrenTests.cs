namespace Reactor.Tests.Semantics;

/// <summary>Statements H12 to H16: how children come into a group, and leave it.</summary>
public sealed class H_TaskGroupChildrenTests : GroupFixture
{
    [Test]
    public void H12_spawning_after_the_end_throws_and_closes_the_coroutine()
    {
        Run(async () =>
        {
            TaskGroup? escaped = null;
            await TaskGroup.Run(async group => { escaped = group; });
            Coroutine call = Note("never", 0);

            Assert.That(() => escaped!.Spawn(call), Throws.InvalidOperationException
                .With.Message.Contains("finished"));
            Assert.That(await Caught(call), Is.TypeOf<InvalidOperationException>());
        });
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void H12_spawning_while_it_shuts_down_throws_and_closes_the_coroutine()
    {
        Run(async () =>
        {
            await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(FailWhenCancelled<FormatException>(5));
                try
                {
                    _ = group.Spawn(Fail<FormatException>(1));
                    await EventLoop.Delay(S(60));
                }
                finally
                {
                    Coroutine call = Note("never", 0);
                    Assert.That(() => group.Spawn(call), Throws.InvalidOperationException
                        .With.Message.Contains("shutting down"));
                    Assert.That(await Caught(call), Is.TypeOf<InvalidOperationException>());
                }
            }));
        });
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void H13_one_block_cannot_be_entered_twice()
    {
        Run(async () =>
        {
            Coroutine block = TaskGroup.Run(async _ => Tell("ran"));
            await block;
            Assert.That(await Caught(block), Is.TypeOf<InvalidOperationException>());
        });
        Assert.That(Story, Is.EqualTo("ran"));
    }

    [Test]
    public void H13_outside_a_task_it_throws()
    {
        // A block is a coroutine: without a task that awaits it, it does not run at all.
        Coroutine block = TaskGroup.Run(async _ => Tell("ran"));
        Assert.That(() => block.GetAwaiter().GetResult(), Throws.InvalidOperationException);
        Assert.That(Story, Is.Empty);
        Assert.That(() => TaskGroup.Run((Func<TaskGroup, Coroutine>)null!),
            Throws.ArgumentNullException);
    }

    [Test]
    public void H14_children_may_create_siblings_without_end_and_a_failure_stops_the_growth()
    {
        int born = 0;
        Run(async () =>
        {
            var error = (AggregateException)await Caught(
                TaskGroup.Run(async group => { _ = group.Spawn(Grow(group)); }));
            Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
        });
        Assert.That(born, Is.EqualTo(100));

        async Coroutine Grow(TaskGroup group)
        {
            if (++born == 100)
            {
                throw new FormatException();
            }

            _ = group.Spawn(Grow(group));
            await EventLoop.Delay(S(60));
        }
    }

    [Test]
    public void H15_finished_children_are_dropped_from_the_group()
    {
        Run(async () =>
        {
            await TaskGroup.Run(async group =>
            {
                for (int i = 0; i < 5; i++)
                {
                    _ = group.Spawn(Note("x", 1));
                }

                Assert.That(group.ToString(), Does.Contain("tasks=5"));
                await EventLoop.Delay(S(2));
                Assert.That(group.ToString(), Does.Contain("tasks=0"));
            });
        });
    }

    [Test]
    public void H16_name_and_context_pass_through()
    {
        var context = LoopContext.Capture();
        Run(async () =>
        {
            await TaskGroup.Run(async group =>
            {
                LoopTask<int> child = group.Spawn(Sleep(1), name: "child", context: context);
                Assert.That(child.Name, Is.EqualTo("child"));
                Assert.That(child.Context, Is.SameAs(context));
                LoopTask eager = group.Spawn(Note("eager", 0), eager: true);
                Tell("after");
                await eager;
            });
        });
        Assert.That(Story, Is.EqualTo("eager after"));
    }

    [Test]
    public void H16_an_eager_child_that_fails_at_once_lets_the_block_reach_its_suspension()
    {
        Run(async () =>
        {
            var error = (AggregateException)await Caught(TaskGroup.Run(async group =>
            {
                _ = group.Spawn(Fail<FormatException>(0), eager: true);
                _ = group.Spawn(Sleep(60));
                Tell("goes-on");
                await EventLoop.Delay(S(60));
            }));
            Assert.That(error.InnerExceptions.Single(), Is.TypeOf<FormatException>());
        });
        Assert.That(Story, Is.EqualTo("goes-on"));
        Assert.That(Seconds, Is.Zero);
    }
}
