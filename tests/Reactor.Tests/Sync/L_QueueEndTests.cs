using Reactor.Sync;

namespace Reactor.Tests.Semantics;

/// <summary>Statements L06 to L08: waiting for the work on all items, and shutting down.</summary>
public sealed class L_QueueEndTests : QueueFixture
{
    [Test]
    public void L06_join_waits_until_each_item_has_its_task_done()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        queue.Put(2);
        LoopTask joiner = Joiner(queue);
        queue.Take();
        queue.TaskDone();
        queue.Take();
        RunTurns(3);
        Assert.That(joiner.IsDone, Is.False, "the second was taken, but is not done");

        queue.TaskDone();
        RunTurns(1);
        Assert.That(joiner.IsDone, Is.True);
    }

    [Test]
    public void L06_join_of_what_has_nothing_unfinished_does_not_suspend()
    {
        Run(async () =>
        {
            var queue = new AsyncQueue<int>();
            int before = Turns;
            await queue.JoinAsync();
            Assert.That(Turns, Is.EqualTo(before));
        });
    }

    [Test]
    public void L06_join_can_be_awaited_again_after_more_items()
    {
        var queue = new AsyncQueue<int>();
        Finish(queue, 1);
        Finish(queue, 2);
        queue.Put(3);
        LoopTask joiner = Joiner(queue);
        RunTurns(2);
        Assert.That(joiner.IsDone, Is.False);
        queue.Take();
        queue.TaskDone();
        RunTurns(1);
        Assert.That(joiner.IsDone, Is.True);
    }

    [Test]
    public void L06_one_task_done_too_many_throws()
    {
        var queue = new AsyncQueue<int>();
        Assert.That(queue.TaskDone, Throws.InvalidOperationException);
        Finish(queue, 1);
        Assert.That(queue.TaskDone, Throws.InvalidOperationException);
    }

    [Test]
    public void L06_consumers_work_through_everything_that_producers_make()
    {
        var queue = new AsyncQueue<int>(4);
        int done = 0;
        Run(async () =>
        {
            LoopTask[] consumers =
                [.. Enumerable.Range(0, 3).Select(_ => EventLoop.Spawn(Consume()))];
            for (int i = 0; i < 12; i++)
            {
                await queue.PutAsync(i);
            }

            await queue.JoinAsync();
            Assert.That(done, Is.EqualTo(12));
            foreach (LoopTask consumer in consumers)
            {
                consumer.Cancel();
            }
        });
        Assert.That(Seconds, Is.EqualTo(4), "12 items of one second between three");
        RunTurns(1);

        async Coroutine Consume()
        {
            while (true)
            {
                await queue.TakeAsync();
                await EventLoop.Delay(S(1));
                done++;
                queue.TaskDone();
            }
        }
    }

    [Test]
    public void L07_puts_throw_at_once()
    {
        var queue = new AsyncQueue<int>();
        queue.Shutdown();
        Assert.That(queue.IsShutDown, Is.True);
        Assert.That(() => queue.Put(1), Throws.TypeOf<QueueShutDownException>());
        Assert.That(queue.TryPut(1), Is.False);
        Assert.That(() => Run(async () => await queue.PutAsync(1)),
            Throws.TypeOf<QueueShutDownException>());
    }

    [Test]
    public void L07_takes_drain_what_is_left_then_throw()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        queue.Put(2);
        queue.Shutdown();
        Run(async () =>
        {
            int before = Turns;
            Assert.That(await queue.TakeAsync(), Is.EqualTo(1));
            Assert.That(queue.Take(), Is.EqualTo(2));
            Assert.That(Turns, Is.EqualTo(before));
        });
        Assert.That(() => queue.Take(), Throws.TypeOf<QueueShutDownException>());
        Assert.That(() => Run(async () => { await queue.TakeAsync(); }),
            Throws.TypeOf<QueueShutDownException>());
        Assert.That(queue.TryTake(out _), Is.False);
    }

    [Test]
    public void L07_those_who_wait_are_woken()
    {
        var empty = new AsyncQueue<int>();
        LoopTask<int>[] takers = [Taker(empty), Taker(empty)];
        var full = new AsyncQueue<int>(1);
        full.Put(0);
        LoopTask[] putters = [Putter(full, 1), Putter(full, 2)];
        RunTurns(1);

        empty.Shutdown();
        full.Shutdown();
        RunTurns(1);

        Assert.That(takers.Select(task => task.Exception),
            Is.All.TypeOf<QueueShutDownException>());
        Assert.That(putters.Select(task => task.Exception),
            Is.All.TypeOf<QueueShutDownException>());
        Assert.That(full.Count, Is.EqualTo(1), "what was put before can be taken");
    }

    [Test]
    public void L07_a_taker_that_was_woken_before_the_shutdown_gets_its_item()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> woken = Taker(queue);
        LoopTask<int> waiting = Taker(queue);
        RunTurns(1);
        queue.Put(1);
        queue.Shutdown();
        RunTurns(1);
        Assert.That(woken.Result, Is.EqualTo(1));
        Assert.That(waiting.Exception, Is.TypeOf<QueueShutDownException>());
    }

    [Test]
    public void L07_a_putter_that_was_woken_before_the_shutdown_throws()
    {
        var queue = new AsyncQueue<int>(1);
        queue.Put(1);
        LoopTask putter = Putter(queue, 2);
        RunTurns(1);
        queue.Take();
        queue.Shutdown();
        RunTurns(1);
        Assert.That(putter.Exception, Is.TypeOf<QueueShutDownException>());
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void L07_join_goes_on_after_a_shutdown_once_the_rest_is_done()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        LoopTask joiner = Joiner(queue);
        RunTurns(1);
        queue.Shutdown();
        RunTurns(1);
        Assert.That(joiner.IsDone, Is.False);
        queue.Take();
        queue.TaskDone();
        RunTurns(1);
        Assert.That(joiner.IsDone, Is.True);
    }

    [Test]
    public void L07_await_foreach_takes_everything_until_the_shutdown()
    {
        var queue = new AsyncQueue<string>();
        LoopTask consumer = Loop.CreateTask(Consume());
        Loop.CallLater(S(1), () => queue.Put("a"));
        Loop.CallLater(S(2), () => queue.Put("b"));
        Loop.CallLater(S(3), () =>
        {
            queue.Put("c");
            queue.Put("d");
            queue.Shutdown();
        });

        Loop.RunUntilComplete(consumer);

        Assert.That(Story, Is.EqualTo("a:1 b:2 c:3 d:3 end:3"));

        async Coroutine Consume()
        {
            await foreach (string item in queue)
            {
                Tell($"{item}:{Seconds}");
            }

            Tell($"end:{Seconds}");
        }
    }

    [Test]
    public void L08_an_immediate_shutdown_drops_items_and_counts_them_done()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        queue.Put(2);
        LoopTask joiner = Joiner(queue);
        RunTurns(1);

        queue.Shutdown(immediate: true);
        RunTurns(1);

        Assert.That(joiner.IsDone, Is.True);
        Assert.That(queue.Count, Is.Zero);
        Assert.That(() => queue.Take(), Throws.TypeOf<QueueShutDownException>());
        Assert.That(queue.TaskDone, Throws.InvalidOperationException);
    }

    [Test]
    public void L08_an_item_that_was_taken_and_is_not_done_still_holds_join()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        queue.Put(2);
        queue.Take();
        LoopTask joiner = Joiner(queue);
        RunTurns(1);

        queue.Shutdown(immediate: true);
        RunTurns(2);
        Assert.That(joiner.IsDone, Is.False);

        queue.TaskDone();
        RunTurns(1);
        Assert.That(joiner.IsDone, Is.True);
    }

    [Test]
    public void L08_a_taker_that_was_woken_finds_its_item_dropped_and_throws()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> taker = Taker(queue);
        RunTurns(1);
        queue.Put(1);
        queue.Shutdown(immediate: true);
        RunTurns(1);
        Assert.That(taker.Exception, Is.TypeOf<QueueShutDownException>());
    }

    [Test]
    public void L08_an_immediate_shutdown_may_follow_a_gentle_one()
    {
        var queue = new AsyncQueue<int>();
        queue.Put(1);
        queue.Shutdown();
        Assert.That(queue.Count, Is.EqualTo(1));
        queue.Shutdown(immediate: true);
        Assert.That(queue.Count, Is.Zero);
    }

    private static void Finish(AsyncQueue<int> queue, int item)
    {
        queue.Put(item);
        queue.Take();
        queue.TaskDone();
    }

    private LoopTask Joiner(AsyncQueue<int> queue)
    {
        return Loop.CreateTask(Join());

        async Coroutine Join() => await queue.JoinAsync();
    }
}
