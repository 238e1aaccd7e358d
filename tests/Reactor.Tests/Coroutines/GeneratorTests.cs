using Reactor.Testing;

namespace Reactor.Tests.Coroutines;

/// <summary>
/// Coroutines as iterators: what they may yield, what they get, and how they end.
/// </summary>
public sealed class GeneratorTests : LoopFixture
{
    [Test]
    public void A_generator_runs_nothing_before_the_first_turn()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        Assert.That(Story, Is.Empty);
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("began"));
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("began ended"));
        Assert.That(task.Result, Is.Null);

        IEnumerator<object?> Body()
        {
            Tell("began");
            yield return null;
            Tell("ended");
        }
    }

    [Test]
    public void Three_generators_of_one_second_finish_in_one_second()
    {
        LoopTask<object?>[] tasks =
            [Loop.CreateTask(Slow(1)), Loop.CreateTask(Slow(2)), Loop.CreateTask(Slow(3))];
        Loop.RunUntilComplete(EventLoop.Wait(tasks));
        Assert.That(Seconds, Is.EqualTo(1));
        Assert.That(tasks.Select(task => task.Result), Is.EqualTo(new object[] { 1, 2, 3 }));
    }

    [Test]
    public void A_returned_value_ends_the_generator()
    {
        object? value = Loop.RunUntilComplete(Loop.CreateTask(Body()));
        Assert.That(value, Is.EqualTo("value"));
        Assert.That(Story, Is.EqualTo("finally"));

        IEnumerator<object?> Body()
        {
            try
            {
                yield return Returns.Value("value");
                Tell("never");
            }
            finally
            {
                Tell("finally");
            }
        }
    }

    [Test]
    public void A_generator_calls_another_in_the_same_task_and_turn()
    {
        int sum = Loop.RunUntilComplete(Outer().AsCoroutine<int>());
        Assert.That(sum, Is.EqualTo(42));
        Assert.That(Story, Is.EqualTo("inner"));

        IEnumerator<object?> Outer()
        {
            ILoopTask? task = LoopTask.Current;
            int turns = Turns;
            var inner = Returns.From<int>(Inner(task));
            Assert.That(() => inner.Result, Throws.TypeOf<InvalidFutureStateException>());
            yield return inner;
            Assert.That(Turns, Is.EqualTo(turns));
            yield return Returns.Value(inner.Result + 1);
        }

        IEnumerator<object?> Inner(ILoopTask? task)
        {
            Assert.That(LoopTask.Current, Is.SameAs(task));
            Tell("inner");
            yield return Returns.Value(41);
        }
    }

    [Test]
    public void A_generator_can_yield_another_whose_value_it_does_not_want()
    {
        Loop.RunUntilComplete(Loop.CreateTask(Outer()));
        Assert.That(Story, Is.EqualTo("inner:1 outer:1"));

        IEnumerator<object?> Outer()
        {
            yield return Inner();
            Tell($"outer:{Seconds}");
        }

        IEnumerator<object?> Inner()
        {
            yield return EventLoop.Delay(S(1));
            Tell($"inner:{Seconds}");
        }
    }

    [Test]
    public void A_generator_calls_a_coroutine_and_a_coroutine_awaits_a_generator()
    {
        int value = Run(async () => 1 + await Generator().AsCoroutine<int>());
        Assert.That(value, Is.EqualTo(111));

        IEnumerator<object?> Generator()
        {
            var call = Returns.From(Coroutine(100));
            yield return call;
            yield return Void();
            yield return Returns.Value(10 + call.Result);
        }

        async Coroutine<int> Coroutine(int n)
        {
            await EventLoop.Delay(S(1));
            return n;
        }

        async Coroutine Void() => await EventLoop.Yield();
    }

    [Test]
    public void A_generator_waits_for_futures_and_tasks_and_reads_their_results()
    {
        Promise<int> done = Loop.CreateFuture<int>();
        done.SetResult(1);
        Promise<int> later = Loop.CreateFuture<int>();
        Loop.CallLater(S(1), () => later.SetResult(2));
        LoopTask<object?> task = Loop.CreateTask(Slow(3));

        object? sum = Loop.RunUntilComplete(Loop.CreateTask(Body()));
        Assert.That(sum, Is.EqualTo(6));

        IEnumerator<object?> Body()
        {
            int turns = Turns;
            yield return done;
            Assert.That(Turns, Is.EqualTo(turns), "a done future costs no turn");
            yield return later;
            yield return task;
            yield return Returns.Value(done.Result + later.Result + (int)task.Result!);
        }
    }

    [Test]
    public void Null_and_yield_give_up_exactly_one_turn()
    {
        Loop.RunUntilComplete(Loop.CreateTask(Body()));

        IEnumerator<object?> Body()
        {
            int turns = Turns;
            yield return null;
            Assert.That(Turns, Is.EqualTo(turns + 1));
            yield return EventLoop.Yield();
            Assert.That(Turns, Is.EqualTo(turns + 2));
        }
    }

    [Test]
    public void Generators_nest_as_deep_as_coroutines()
    {
        int depth = Loop.RunUntilComplete(Down(100_000).AsCoroutine<int>());
        Assert.That(depth, Is.EqualTo(100_000));

        static IEnumerator<object?> Down(int n)
        {
            if (n == 0)
            {
                yield return Returns.Value(0);
            }

            var inner = Returns.From<int>(Down(n - 1));
            yield return inner;
            yield return Returns.Value(inner.Result + 1);
        }
    }

    [Test]
    public void The_stack_of_a_task_names_its_generators()
    {
        LoopTask<object?> task = Loop.CreateTask(Outer());
        RunTurns(1);
        Assert.That(task.CoroutineName, Does.Contain("Outer"));
        Assert.That(task.GetStack(), Has.Count.EqualTo(2));
        Assert.That(task.GetStack()[0], Does.Contain("Slow"));
        task.Cancel();
        RunTurns(1);

        static IEnumerator<object?> Outer()
        {
            yield return Slow(1);
        }
    }

    private static IEnumerator<object?> Slow(int value)
    {
        yield return EventLoop.Delay(S(1));
        yield return Returns.Value(value);
    }
}
