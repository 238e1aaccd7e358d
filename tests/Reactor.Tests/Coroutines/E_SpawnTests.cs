using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Tasks made from a coroutine method or an async lambda, and not from its call.
/// </summary>
[TestFixture]
public sealed class E_SpawnTests : LoopFixture
{
    [Test]
    public void An_async_lambda_can_be_spawned_in_every_way()
    {
        Run(async () =>
        {
            LoopTask plain = EventLoop.Spawn(async () => await EventLoop.Delay(S(1)));
            LoopTask<int> number = EventLoop.Spawn(async () => await Later(S(1), 1), "number");
            LoopTask created = Loop.CreateTask(async () => await EventLoop.Delay(S(1)));
            LoopTask<int> other = Loop.CreateTask(async () => await Later(S(1), 2), eager: true);
            await EventLoop.Wait<Future>([plain, number, created, other]);
            Tell($"{number.Name} {number.Result} {other.Result}");

            await TaskGroup.Run(async group =>
            {
                LoopTask child = group.Spawn(async () => await EventLoop.Delay(S(1)));
                LoopTask<int> third = group.Spawn(async () => await Later(S(1), 3));
                await child;
                Tell($"{await third}");
            });
        });

        Assert.That(Story, Is.EqualTo("number 1 2 3"));
        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void A_coroutine_method_can_be_spawned_by_its_name()
    {
        Run(async () =>
        {
            _ = EventLoop.Spawn(Speak);
            await TaskGroup.Run(async group => group.Spawn(Speak));
        });

        Assert.That(Story, Is.EqualTo("spoken spoken"));
    }

    [Test]
    public void On_a_closed_loop_the_method_is_not_called()
    {
        EventLoop closed = NewLoop();
        closed.Close();

        Assert.Throws<ObjectDisposedException>(() => closed.CreateTask(() => Called()));
        Assert.Throws<ObjectDisposedException>(() => closed.CreateTask(() => CalledToo()));
        Assert.That(Story, Is.Empty);

        Coroutine Called()
        {
            Tell("called");
            return Speak();
        }

        Coroutine<int> CalledToo()
        {
            Tell("called");
            return Later(S(1), 1);
        }
    }

    [Test]
    public void In_a_group_that_has_ended_the_method_is_not_called()
    {
        TaskGroup? over = null;
        Run(async () => await TaskGroup.Run(async group =>
        {
            over = group;
            await EventLoop.Yield();
        }));

        Assert.Throws<InvalidOperationException>(() => over!.Spawn(() =>
        {
            Tell("called");
            return Speak();
        }));
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A_task_knows_where_it_was_spawned()
    {
        Loop.Debug = true;
        Run(async () =>
        {
            Tell($"{EventLoop.Spawn(Speak).CreatedAt}");
            await EventLoop.Yield();
        });

        Assert.That(Story, Does.StartWith("E_SpawnTests.cs:"));
    }

    private async Coroutine Speak()
    {
        await EventLoop.Yield();
        Tell("spoken");
    }
}
