using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G17 to G19: several futures, each when it is done.</summary>
public sealed class G_WhenEachTests : LoopFixture
{
    [Test]
    public void G17_the_very_tasks_come_in_the_order_in_which_they_finish()
    {
        Run(async () =>
        {
            LoopTask<int>[] tasks = [Sleeper(3), Sleeper(1), Sleeper(2)];
            var seen = new List<LoopTask<int>>();
            await foreach (LoopTask<int> task in EventLoop.WhenEach(tasks))
            {
                Assert.That(Seconds, Is.EqualTo(task.Result));
                seen.Add(task);
            }

            Assert.That(seen, Is.EqualTo(new[] { tasks[1], tasks[2], tasks[0] }));
        });
    }

    [Test]
    public void G17_coroutines_become_tasks()
    {
        Run(async () =>
        {
            var seen = new List<int>();
            await foreach (LoopTask<int> task in EventLoop.WhenEach([Sleep(2), Sleep(1)]))
            {
                seen.Add(await task);
            }

            Assert.That(seen, Is.EqualTo(new[] { 1, 2 }));
        });
    }

    [Test]
    public void G17_failed_and_cancelled_ones_are_yielded_like_others_and_duplicates_once()
    {
        Run(async () =>
        {
            Promise<int> failed = new();
            Promise<int> cancelled = new();
            failed.SetException(new FormatException());
            cancelled.Cancel();
            var seen = new List<Future>();
            await foreach (Future future in EventLoop.WhenEach([failed, cancelled, failed]))
            {
                seen.Add(future);
            }

            Assert.That(seen, Is.EqualTo(new[] { failed, cancelled }));
            Assert.That(failed.Exception, Is.TypeOf<FormatException>());
        });
    }

    [Test]
    public void G17_of_nothing_it_ends_at_once()
    {
        Run(async () =>
        {
            await foreach (Future<int> _ in EventLoop.WhenEach(Array.Empty<Future<int>>()))
            {
                Assert.Fail("there is nothing");
            }
        });
    }

    [Test]
    public void G17_futures_of_different_loops_are_an_argument_error()
    {
        using EventLoop other = NewLoop();
        Assert.That(
            () => EventLoop.WhenEach([Loop.CreateFuture<int>(), other.CreateFuture<int>()]),
            Throws.ArgumentException);
    }

    [Test]
    public void G17_a_plain_async_method_sees_an_async_enumerable()
    {
        int[] seen = Run(async () =>
        {
            IAsyncEnumerable<LoopTask<int>> each = EventLoop.WhenEach([Sleep(2), Sleep(1)]);
            return await Collect(each);
        });
        Assert.That(seen, Is.EqualTo(new[] { 1, 2 }));

        static async Task<int[]> Collect(IAsyncEnumerable<LoopTask<int>> each)
        {
            var seen = new List<int>();
            await foreach (LoopTask<int> task in each)
            {
                seen.Add(task.Result);
            }

            return [.. seen];
        }
    }

    [Test]
    public void G18_with_a_timeout_each_remaining_item_throws()
    {
        Run(async () =>
        {
            LoopTask<int>[] tasks = [Sleeper(1), Sleeper(5), Sleeper(6)];
            var each = EventLoop.WhenEach(tasks, S(2)).GetAsyncEnumerator();

            Assert.That(await each.MoveNextAsync(), Is.True);
            Assert.That(each.Current, Is.SameAs(tasks[0]));
            for (int i = 0; i < 2; i++)
            {
                Assert.That(await Caught(Next(each)), Is.TypeOf<TimeoutException>());
                Assert.That(Seconds, Is.EqualTo(2));
            }

            Assert.That(await each.MoveNextAsync(), Is.False);
            Assert.That(tasks[1].Cancelling, Is.Zero, "it cancels none");
            Assert.That(tasks[1].ToString(), Does.Not.Contain("cb="));
            await tasks[2];
        });
    }

    [Test]
    public void G18_a_foreach_leaves_with_the_timeout()
    {
        Assert.That(
            () => Run(async () =>
            {
                await foreach (var task in EventLoop.WhenEach([Sleep(1), Sleep(5)], S(2)))
                {
                    Tell($"{task.Result}");
                }
            }),
            Throws.TypeOf<TimeoutException>());
        Assert.That(Story, Is.EqualTo("1"));
        Loop.RunUntilComplete(EventLoopTail());

        async Coroutine EventLoopTail() => await EventLoop.Delay(S(9));
    }

    [Test]
    public void G18_a_timeout_of_nothing_yields_what_is_done_already()
    {
        Run(async () =>
        {
            Promise<int> done = new();
            done.SetResult(1);
            var each = EventLoop.WhenEach([new Promise<int>(), done], S(0)).GetAsyncEnumerator();

            Assert.That(await each.MoveNextAsync(), Is.True);
            Assert.That(each.Current, Is.SameAs(done));
            Assert.That(await Caught(Next(each)), Is.TypeOf<TimeoutException>());
        });
    }

    [Test]
    public void G18_an_unused_timeout_leaves_nothing_behind()
    {
        Run(async () =>
        {
            await foreach (var task in EventLoop.WhenEach([Sleep(1)], S(60)))
            {
                Assert.That(task.Result, Is.EqualTo(1));
            }
        });

        Driver.CompleteInNextPoll(() => { });
        Loop.RunOnce();
        Assert.That(Driver.LastPoll.Deadline, Is.Null, "no timer is booked");
    }

    [Test]
    public void G19_it_can_be_broken_off_and_resumed()
    {
        Run(async () =>
        {
            var each = EventLoop.WhenEach([Sleep(1), Sleep(2), Sleep(3)]);
            await foreach (var task in each)
            {
                Tell($"first:{task.Result}");
                break;
            }

            await EventLoop.Delay(S(1.5));
            await foreach (var task in each)
            {
                Tell($"then:{task.Result}");
            }

            await foreach (var _ in each)
            {
                Assert.Fail("it is at its end");
            }
        });

        Assert.That(Story, Is.EqualTo("first:1 then:2 then:3"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void G19_a_cancelled_step_loses_no_item(bool isItemThere)
    {
        Run(async () =>
        {
            Promise<int> future = new();
            var each = EventLoop.WhenEach([future]);
            LoopTask<bool> step = EventLoop.Spawn(Next(each.GetAsyncEnumerator()));
            await EventLoop.Yield();
            if (isItemThere)
            {
                future.SetResult(1);
                await EventLoop.Yield(); // the callback has run, the step is queued again
            }

            step.Cancel();
            await EventLoop.Wait([step]);
            Assert.That(step.IsCancelled, Is.True);

            future.TrySetResult(1);
            await foreach (Future<int> item in each)
            {
                Tell($"{item.Result}");
            }
        });

        Assert.That(Story, Is.EqualTo("1"));
    }

    [Test]
    public void G19_a_second_consumer_at_the_same_time_is_refused()
    {
        Run(async () =>
        {
            var each = EventLoop.WhenEach([Sleep(1)]);
            LoopTask<bool> first = EventLoop.Spawn(Next(each.GetAsyncEnumerator()));
            await EventLoop.Yield();

            Assert.That(
                await Caught(Next(each.GetAsyncEnumerator())),
                Is.TypeOf<InvalidOperationException>());
            Assert.That(await first, Is.True);
        });
    }

    [Test]
    public void G19_a_second_dispose_of_one_consumer_leaves_the_other_alone()
    {
        Run(async () =>
        {
            var each = EventLoop.WhenEach([Sleep(1), Sleep(2)]);
            var first = each.GetAsyncEnumerator();
            var second = each.GetAsyncEnumerator();
            await first.DisposeAsync();
            await first.DisposeAsync();

            for (int i = 1; i <= 2; i++)
            {
                Assert.That(await second.MoveNextAsync(), Is.True);
                Assert.That(Seconds, Is.EqualTo(i));
            }
        });
    }

    [Test]
    public void G19_a_step_after_the_dispose_is_refused_instead_of_waiting_for_ever()
    {
        Run(async () =>
        {
            var each = EventLoop.WhenEach([Sleep(1)]).GetAsyncEnumerator();
            await each.DisposeAsync();

            Assert.That(await Caught(Next(each)), Is.TypeOf<InvalidOperationException>()
                .With.Message.Contains("DisposeAsync"));
            await EventLoop.Delay(S(2));
        });
    }

    [Test]
    public void G19_a_step_that_waits_is_refused_when_its_consumer_is_disposed()
    {
        Run(async () =>
        {
            LoopTask<int> sleep = EventLoop.Spawn(Sleep(60));
            var each = EventLoop.WhenEach([sleep]).GetAsyncEnumerator();
            var step = EventLoop.Spawn(Next(each));
            await EventLoop.Delay(S(1));
            await each.DisposeAsync();

            Assert.That(await Caught(Wait(step)), Is.TypeOf<InvalidOperationException>());
            Assert.That(Seconds, Is.EqualTo(1));
            await sleep;
        });

        static async Coroutine Wait(Future<bool> step) => await step;
    }

    [Test]
    public void G19_those_that_ended_before_the_first_step_come_in_the_order_given()
    {
        Run(async () =>
        {
            var each = EventLoop.WhenEach([Sleep(2), Sleep(1), Sleep(3)]);
            await EventLoop.Delay(S(2.5));
            await foreach (var task in each)
            {
                Tell($"{task.Result}");
            }
        });

        Assert.That(Story, Is.EqualTo("2 1 3"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void G19_a_token_ends_a_step_that_waits_and_nothing_is_lost(bool isOnThread)
    {
        Run(async () =>
        {
            using var source = new CancellationTokenSource();
            LoopTask<int>[] tasks = [Sleeper(1), Sleeper(3)];
            var each = EventLoop.WhenEach(tasks);
            Loop.CallLater(S(2), () => Cancel(source));
            Exception error = await Caught(Collect(each, source.Token));

            Assert.That(error, Is.InstanceOf<OperationCanceledException>()
                .With.Property("CancellationToken").EqualTo(source.Token));
            Assert.That(Seconds, Is.EqualTo(2));
            await foreach (var task in each)
            {
                Tell($"then:{task.Result}");
            }
        });

        Assert.That(Story, Is.EqualTo("1 then:3"));

        void Cancel(CancellationTokenSource source)
        {
            if (isOnThread)
            {
                Task.Run(source.Cancel).Wait();
            }
            else
            {
                source.Cancel();
            }
        }
    }

    [Test]
    public void G19_a_token_that_is_cancelled_beside_the_next_item_loses_neither()
    {
        Run(async () =>
        {
            using var source = new CancellationTokenSource();
            Promise<int> future = new();
            Loop.CallLater(S(1), () =>
            {
                source.Cancel();
                future.SetResult(1);
            });
            Exception error = await Caught(
                Collect(EventLoop.WhenEach([future, new Promise<int>()]), source.Token));

            Assert.That(error, Is.InstanceOf<OperationCanceledException>());
            Assert.That(Seconds, Is.EqualTo(1));
        });

        Assert.That(Story, Is.EqualTo("1"));
    }

    private async Coroutine Collect<TFuture>(
        WhenEachSequence<TFuture> each, CancellationToken token)
        where TFuture : Future<int>
    {
        await foreach (TFuture done in each.WithCancellation(token))
        {
            Tell($"{done.Result}");
        }
    }

    private static LoopTask<int> Sleeper(int seconds) => EventLoop.Spawn(Sleep(seconds));

    private static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);

    private static async Coroutine<bool> Next<T>(WhenEachSequence<T>.Enumerator each)
        where T : Future => await each.MoveNextAsync();
}
