using Reactor.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Tasks, futures and combinators that hang on each other up to 200,000 deep. Whatever is done to
/// one end must reach the other without a native stack that grows on the way: a full one ends the
/// process. Each test also runs on a thread with a stack of 256 KiB, which the depth of the quick
/// run would fill with 13 bytes for each step.
/// </summary>
[TestFixture(20_000)]
[TestFixture(200_000, Category = "Slow")]
public sealed class DeepTaskChainTests(int depth) : LoopFixture
{
    private const int SmallStackBytes = 256 * 1024;

    [SetUp]
    public void KeepNoRecord() => Driver.KeepsRecord = false;

    [Test]
    public void Cancelling_a_chain_of_many_tasks_cancels_them_all([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            LoopTask<int>[] chain = MakeChain(depth);
            Assert.That(chain[^1].Cancel("enough"), Is.True);

            Assert.That(chain.Select(task => task.Cancelling), Is.All.EqualTo(1));
            Assert.That(
                Assert.Catch<LoopCanceledException>(() => Loop.RunUntilComplete(chain[^1]))!
                    .Message,
                Is.EqualTo("enough"));
            Assert.That(chain.Select(task => task.IsCancelled), Is.All.True);
        });

    [Test]
    public void A_cancelled_chain_of_tasks_can_be_cancelled_again_and_taken_back() =>
        RunOnStack(isStackSmall: true, () =>
        {
            LoopTask<int>[] chain = MakeChain(1_000);
            chain[^1].Cancel();
            chain[^1].Cancel();

            Assert.That(chain.Select(task => task.Cancelling), Is.All.EqualTo(2));
            Assert.That(chain[^1].Uncancel(), Is.EqualTo(1));
            Loop.RunUntilComplete(WaitFor(chain[^1]));
            Assert.That(chain.Select(task => task.IsCancelled), Is.All.True);
        });

    [Test]
    public void An_error_goes_up_a_chain_of_many_tasks([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            Promise<int> first = Loop.CreateFuture<int>();
            LoopTask<int>[] chain = MakeChain(depth / 5, first);
            first.SetException(new FormatException());

            var error = Assert.Throws<FormatException>(() => Loop.RunUntilComplete(chain[^1]));
            Assert.That(error!.StackTrace!.Length, Is.LessThan(100_000), "the trace is bounded");
        });

    [Test]
    public void Cancelling_many_nested_WhenAll_cancels_the_innermost(
        [Values] bool isStackSmall) => RunOnStack(isStackSmall, () =>
        {
            Promise<int> innermost = Loop.CreateFuture<int>();
            Future<int[]> outer = EventLoop.WhenAll([innermost]);
            Future<int[][]> next = EventLoop.WhenAll([outer]);
            Future all = next;
            for (int i = 2; i < depth; i++)
            {
                all = Gather.Start([all], () => 0);
            }

            Assert.That(all.Cancel(), Is.True);
            RunUntilDone(all);

            Assert.That(all.Exception, Is.TypeOf<LoopCanceledException>());
            Assert.That(innermost.IsCancelled, Is.True);
        });

    [Test]
    public void A_cancellation_that_waits_for_stack_is_not_lost_if_the_future_ends_meanwhile() =>
        RunOnStack(isStackSmall: true, () =>
        {
            // The least depth at which the stack does not reach the innermost is the one that
            // matters: it depends on the compiler, so it is searched for.
            int reached = 0;
            int tooDeep = 8192;
            while (tooDeep - reached > 1)
            {
                int depth = (reached + tooDeep) / 2;
                bool isReached = CancelWhileItEnds(depth);
                (reached, tooDeep) = isReached ? (depth, tooDeep) : (reached, depth);
            }

            Assert.That(tooDeep, Is.LessThan(8192), "the stack was too small for some");
        });

    private bool CancelWhileItEnds(int depth)
    {
        Promise<int> innermost = Loop.CreateFuture<int>();
        Future all = innermost;
        for (int i = 0; i < depth; i++)
        {
            all = Gather.Start([all], () => 0);
        }

        Assert.That(all.Cancel(), Is.True);
        bool isReached = innermost.IsCancelled;
        innermost.TrySetResult(1);
        RunUntilDone(all);
        Assert.That(all.Exception, Is.TypeOf<LoopCanceledException>(), $"{depth} deep");
        return isReached;
    }

    [Test]
    public void Cancelling_many_tasks_that_await_a_WhenAll_of_the_next_cancels_them_all(
        [Values] bool isStackSmall) => RunOnStack(isStackSmall, () =>
        {
            LoopTask<int> task = Loop.CreateTask(Await(Loop.CreateFuture<int>()));
            LoopTask<int> first = task;
            for (int i = 1; i < depth / 5; i++)
            {
                task = Loop.CreateTask(AwaitAll(task));
            }

            RunTurns(1);
            task.Cancel();
            RunUntilDone(task);

            Assert.That(task.IsCancelled && first.IsCancelled, Is.True);
        });

    [Test]
    public void A_result_passes_many_shields([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            Promise<int> first = Loop.CreateFuture<int>();
            Future<int> shield = first;
            for (int i = 0; i < depth; i++)
            {
                shield = shield.Shield();
            }

            first.SetResult(7);
            RunUntilDone(shield);

            Assert.That(shield.Result, Is.EqualTo(7));
        });

    [Test]
    public void Callbacks_complete_a_long_row_of_futures([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            Promise<int> first = Loop.CreateFuture<int>();
            Future<int> last = first;
            for (int i = 0; i < depth; i++)
            {
                Promise<int> next = Loop.CreateFuture<int>();
                last.AddDoneCallback(_ => next.SetResult(1));
                last = next;
            }

            first.SetResult(1);
            RunUntilDone(last);

            Assert.That(last.Result, Is.EqualTo(1));
        });

    [Test]
    public void Eager_tasks_that_each_spawn_the_next_all_run([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            int count = 0;
            Run(() => SpawnNext(depth));
            Assert.That(count, Is.EqualTo(depth));

            async Coroutine SpawnNext(int left)
            {
                count++;
                if (left > 1)
                {
                    await Loop.CreateTask(SpawnNext(left - 1), eager: true);
                }
            }
        });

    [Test]
    public void Eager_tasks_of_a_factory_that_spawn_the_next_all_run([Values] bool isStackSmall) =>
        RunOnStack(isStackSmall, () =>
        {
            Loop.TaskFactory = new EagerTaskFactory();
            int count = 0;
            Run(() => TaskGroup.Run(async group =>
            {
                _ = group.Spawn(SpawnNext(group, depth));
                await EventLoop.Yield();
            }));
            Assert.That(count, Is.EqualTo(depth));

            async Coroutine SpawnNext(TaskGroup group, int left)
            {
                count++;
                if (left > 1)
                {
                    _ = group.Spawn(SpawnNext(group, left - 1));
                }

                await EventLoop.Yield();
            }
        });

    [Test]
    public void A_deep_chain_of_combinators_can_be_searched_for_deadlocks_and_drawn() =>
        RunOnStack(isStackSmall: true, () =>
        {
            Promise<int> innermost = Loop.CreateFuture<int>();
            Future all = innermost;
            for (int i = 0; i < depth; i++)
            {
                all = Gather.Start([all], () => 0);
            }

            LoopTask<int> waiter = Loop.CreateTask(Await((Future<int>)all));
            RunTurns(1);
            Assert.That(LoopInspector.FindDeadlocks(Loop), Is.Empty);
            Assert.That(LoopInspector.Tree(Loop).ToText(), Is.Not.Empty);
            innermost.SetResult(1);
            Assert.That(Loop.RunUntilComplete(waiter), Is.Zero);
        });

    [Test]
    public void A_chain_of_tasks_with_deep_stacks_is_drawn_in_part() =>
        RunOnStack(isStackSmall: true, () =>
        {
            Promise<int> first = Loop.CreateFuture<int>();
            Future<int> last = first;
            for (int i = 0; i < 200; i++)
            {
                last = Loop.CreateTask(AwaitDeep(last, 150));
            }

            RunTurns(1);
            Assert.That(LoopInspector.Tree(Loop).ToText(), Has.Length.LessThan(10_000_000));
            first.SetResult(1);
            Assert.That(
                Loop.RunUntilComplete(Await(last)), Is.EqualTo(1));
        });

    [Test]
    public void The_error_of_20_000_nested_groups_is_logged_and_does_not_end_the_process() =>
        RunOnStack(isStackSmall: true, () =>
        {
            Exception error = new FormatException("the innermost");
            for (int i = 0; i < 20_000; i++)
            {
                error = new AggregateException("group", error);
            }

            string logged = LoggedException.Of(error).ToString();
            Assert.That(logged, Does.Contain("the innermost").And.Contain("20000"));
            Assert.That(
                () => ((AggregateException)error).Split<FormatException>(),
                Throws.TypeOf<InsufficientExecutionStackException>());
        });

    private LoopTask<int>[] MakeChain(int count, Future<int>? first = null)
    {
        var chain = new LoopTask<int>[count];
        Future<int> last = first ?? Loop.CreateFuture<int>();
        for (int i = 0; i < count; i++)
        {
            chain[i] = Loop.CreateTask(Await(last));
            last = chain[i];
        }

        RunTurns(1);
        return chain;
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static async Coroutine<int> AwaitDeep(Future<int> future, int depth) =>
        depth == 0 ? await future : await AwaitDeep(future, depth - 1);

    private static async Coroutine<int> AwaitAll(LoopTask<int> other) =>
        (await EventLoop.WhenAll([other]))[0];

    private static async Coroutine WaitFor(Future future) => await EventLoop.Wait([future]);

    private void RunUntilDone(Future future) => Loop.RunUntilComplete(WaitFor(future));

    private static void RunOnStack(bool isStackSmall, Action test)
    {
        Exception? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    test();
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }
            },
            isStackSmall ? SmallStackBytes : 0);
        thread.Start();
        thread.Join();
        Assert.That(error, Is.Null);
    }
}
