using Reactor.Sync;

namespace Reactor.Tests.Semantics;

/// <summary>Statements L01 to L05: what queues give out, and who waits for whom.</summary>
public sealed class L_QueueTests : QueueFixture
{
    [Test]
    public void L01_a_queue_gives_the_first_first()
    {
        var queue = new AsyncQueue<int>();
        foreach (int item in new[] { 1, 3, 2 })
        {
            queue.Put(item);
        }

        Assert.That(new[] { queue.Take(), queue.Take(), queue.Take() },
            Is.EqualTo(new[] { 1, 3, 2 }));
    }

    [Test]
    public void L01_a_stack_gives_the_last_first()
    {
        var stack = new AsyncStack<int>();
        foreach (int item in new[] { 1, 3, 2 })
        {
            stack.Put(item);
        }

        Assert.That(new[] { stack.Take(), stack.Take(), stack.Take() },
            Is.EqualTo(new[] { 2, 3, 1 }));
    }

    [Test]
    public void L01_a_priority_queue_gives_the_least_first_and_equal_ones_as_they_came()
    {
        var queue = new AsyncPriorityQueue<string, int>();
        queue.Put("c", 3);
        queue.Put("a1", 1);
        Assert.That(queue.TryPut("b", 2), Is.True);
        queue.Put("a2", 1);
        queue.Put("a3", 1);

        Assert.That(Enumerable.Range(0, 5).Select(_ => queue.Take().Item),
            Is.EqualTo(new[] { "a1", "a2", "a3", "b", "c" }));
    }

    [Test]
    public void L01_a_priority_queue_takes_a_comparer()
    {
        var queue = new AsyncPriorityQueue<string, int>(
            comparer: Comparer<int>.Create((a, b) => b.CompareTo(a)));
        queue.Put("low", 1);
        queue.Put("high", 2);
        Assert.That(queue.Take(), Is.EqualTo(("high", 2)));
    }

    [Test]
    public void L01_a_waiting_taker_gets_the_best_item_of_the_moment_it_runs()
    {
        var queue = new AsyncPriorityQueue<string, int>();
        LoopTask<(string Item, int Priority)> taker = Loop.CreateTask(Take());
        RunTurns(1);

        queue.Put("later", 2);
        queue.Put("sooner", 1);
        RunTurns(1);

        Assert.That(taker.Result.Item, Is.EqualTo("sooner"));
        Assert.That(queue.Take().Item, Is.EqualTo("later"));

        async Coroutine<(string, int)> Take() => await queue.TakeAsync();
    }

    [Test]
    public void L02_put_waits_while_it_is_full()
    {
        var queue = new AsyncQueue<int>(2);
        LoopTask putter = Loop.CreateTask(PutThree());
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("1 2"));
        Assert.That(queue.IsFull, Is.True);
        Assert.That(queue.Count, Is.EqualTo(2));

        Assert.That(queue.Take(), Is.EqualTo(1));
        Assert.That(queue.TryPut(9), Is.False, "the room is promised to the one who waits");
        RunTurns(1);

        Assert.That(putter.IsDone, Is.True);
        Assert.That(Story, Is.EqualTo("1 2 3"));
        Assert.That(new[] { queue.Take(), queue.Take() }, Is.EqualTo(new[] { 2, 3 }));

        async Coroutine PutThree()
        {
            for (int i = 1; i <= 3; i++)
            {
                await queue.PutAsync(i);
                Tell($"{i}");
            }
        }
    }

    [Test]
    public void L02_take_waits_while_it_is_empty()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> taker = Taker(queue);
        RunTurns(3);
        Assert.That(taker.IsDone, Is.False);

        queue.Put(7);
        Assert.That(queue.Count, Is.EqualTo(1), "the taker has not run");
        Assert.That(queue.IsEmpty, Is.True, "but the item is promised to it");
        Assert.That(queue.TryTake(out _), Is.False);
        RunTurns(1);

        Assert.That(taker.Result, Is.EqualTo(7));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void L02_put_and_take_do_not_suspend_without_need()
    {
        Run(async () =>
        {
            var queue = new AsyncQueue<int>(1);
            int before = Turns;
            for (int i = 0; i < 5; i++)
            {
                await queue.PutAsync(i);
                Assert.That(await queue.TakeAsync(), Is.EqualTo(i));
            }

            Assert.That(Turns, Is.EqualTo(before));
        });
    }

    [Test]
    public void L02_the_nowait_forms_throw()
    {
        var queue = new AsyncQueue<int>(1);
        Assert.That(() => queue.Take(), Throws.TypeOf<QueueEmptyException>());
        Assert.That(queue.TryTake(out _), Is.False);
        queue.Put(1);
        Assert.That(() => queue.Put(2), Throws.TypeOf<QueueFullException>());
        Assert.That(queue.TryPut(2), Is.False);
        Assert.That(queue.Take(), Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void L03_a_capacity_of_zero_or_less_is_unbounded(int capacity)
    {
        var queue = new AsyncQueue<int>(capacity);
        Assert.That(queue.Capacity, Is.Zero);
        for (int i = 0; i < 1000; i++)
        {
            queue.Put(i);
            Assert.That(queue.IsFull, Is.False);
        }

        Assert.That(queue.Count, Is.EqualTo(1000));
    }

    [Test]
    public void L04_a_cancelled_taker_leaves_no_trace()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> cancelled = Taker(queue);
        LoopTask<int> second = Taker(queue);
        RunTurns(1);

        cancelled.Cancel();
        queue.Put(1);
        RunTurns(1);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(second.Result, Is.EqualTo(1));
        Assert.That(queue.ToString(), Does.Contain("takers=0"));
    }

    [Test]
    public void L04_a_taker_woken_and_cancelled_leaves_the_item_to_the_next()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> cancelled = Taker(queue);
        LoopTask<int> second = Taker(queue);
        RunTurns(1);

        queue.Put(1);
        cancelled.Cancel();
        RunTurns(2);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(second.Result, Is.EqualTo(1));
    }

    [Test]
    public void L04_a_taker_woken_and_cancelled_leaves_the_item_in_the_queue()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int> cancelled = Taker(queue);
        RunTurns(1);

        queue.Put(1);
        queue.Put(2);
        cancelled.Cancel();
        RunTurns(1);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(new[] { queue.Take(), queue.Take() }, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void L04_a_cancelled_putter_has_not_put_and_leaves_its_place_to_the_next()
    {
        var queue = new AsyncQueue<int>(1);
        queue.Put(0);
        LoopTask first = Putter(queue, 1);
        LoopTask second = Putter(queue, 2);
        LoopTask third = Putter(queue, 3);
        RunTurns(1);

        first.Cancel();
        Assert.That(queue.Take(), Is.Zero);
        second.Cancel(); // it is woken already
        RunTurns(2);

        Assert.That(first.IsCancelled && second.IsCancelled, Is.True);
        Assert.That(third.IsDone, Is.True);
        Assert.That(queue.Take(), Is.EqualTo(3));
        Assert.That(queue.IsEmpty, Is.True);
        Assert.That(queue.IsFull, Is.False);
    }

    [Test]
    public void L04_the_last_putter_woken_and_cancelled_leaves_the_room_free()
    {
        var queue = new AsyncQueue<int>(1);
        queue.Put(0);
        LoopTask only = Putter(queue, 1);
        RunTurns(1);
        queue.Take();
        only.Cancel();
        RunTurns(1);
        Assert.That(queue.TryPut(2), Is.True);
        Assert.That(queue.Take(), Is.EqualTo(2));
    }

    [Test]
    public void L05_many_takers_and_putters_all_make_progress()
    {
        const int Each = 20;
        var queue = new AsyncQueue<int>(3);
        var taken = new List<int>();
        Run(async () =>
        {
            var tasks = new List<LoopTask>();
            for (int i = 0; i < 10; i++)
            {
                tasks.Add(EventLoop.Spawn(TakeMany()));
                tasks.Add(EventLoop.Spawn(PutMany(i * Each)));
            }

            await EventLoop.Wait(tasks);
            Assert.That(tasks.Select(task => task.Exception), Is.All.Null);
        });
        Assert.That(taken.Order(), Is.EqualTo(Enumerable.Range(0, 10 * Each)));

        async Coroutine TakeMany()
        {
            for (int i = 0; i < Each; i++)
            {
                taken.Add(await queue.TakeAsync());
            }
        }

        async Coroutine PutMany(int from)
        {
            for (int i = 0; i < Each; i++)
            {
                await queue.PutAsync(from + i);
            }
        }
    }

    [Test]
    public void L05_those_who_wait_are_served_in_the_order_they_came()
    {
        var queue = new AsyncQueue<int>();
        LoopTask<int>[] takers = [Taker(queue), Taker(queue), Taker(queue)];
        RunTurns(1);
        queue.Put(1);
        queue.Put(2);
        queue.Put(3);
        RunTurns(1);
        Assert.That(takers.Select(task => task.Result), Is.EqualTo(new[] { 1, 2, 3 }));
    }
}
