using Reactor.Testing;

namespace Reactor.Tests.Coroutines;

/// <summary>
/// How generators end: by an error of their own or of what they wait for, by cancellation, by
/// misuse.
/// </summary>
public sealed class GeneratorEndTests : LoopFixture
{
    [Test]
    public void An_exception_of_the_generator_ends_the_task()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        RunTurns(2);
        Assert.That(task.Exception, Is.TypeOf<FormatException>());

        static IEnumerator<object?> Body()
        {
            yield return null;
            throw new FormatException();
        }
    }

    [Test]
    public void An_exception_of_what_was_yielded_runs_finally_and_ends_the_task()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        RunTurns(2);
        Assert.That(task.Exception, Is.TypeOf<FormatException>());
        Assert.That(Story, Is.EqualTo("finally"));

        IEnumerator<object?> Body()
        {
            try
            {
                yield return Fail();
                Tell("never");
            }
            finally
            {
                Tell("finally");
            }
        }
    }

    [Test]
    public void An_exception_passes_through_generators_and_coroutines()
    {
        Run(async () =>
        {
            try
            {
                await Outer().AsCoroutine<object>();
            }
            catch (FormatException)
            {
                Tell("caught");
            }
        });
        Assert.That(Story, Is.EqualTo("inner outer caught"));

        IEnumerator<object?> Outer()
        {
            try
            {
                yield return Inner();
            }
            finally
            {
                Tell("outer");
            }
        }

        IEnumerator<object?> Inner()
        {
            try
            {
                yield return Fail();
            }
            finally
            {
                Tell("inner");
            }
        }
    }

    [Test]
    public void A_finally_block_that_throws_replaces_the_exception()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        RunTurns(2);
        Assert.That(task.Exception, Is.TypeOf<TimeoutException>());

        static IEnumerator<object?> Body()
        {
            try
            {
                yield return Fail();
            }
            finally
            {
                Throw();
            }
        }

        static void Throw() => throw new TimeoutException();
    }

    [Test]
    public void A_failed_task_can_be_survived_by_waiting_for_it()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        RunTurns(5);
        Assert.That(task.Result, Is.EqualTo("FormatException"));

        IEnumerator<object?> Body()
        {
            LoopTask failing = Loop.CreateTask(Fail());
            yield return EventLoop.Wait([failing]);
            yield return Returns.Value(failing.Exception!.GetType().Name);
        }
    }

    [Test]
    public void Cancelling_reaches_what_the_generator_waits_for_and_runs_finally()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<object?> onFuture = Loop.CreateTask(Body("future", future));
        LoopTask<object?> onDelay = Loop.CreateTask(Body("delay", EventLoop.Delay(S(9))));
        LoopTask<object?> onGenerator = Loop.CreateTask(Body("outer", Body("inner", null)));
        RunTurns(1);

        onFuture.Cancel("stop");
        onDelay.Cancel();
        onGenerator.Cancel();
        RunTurns(1);

        Assert.That(future.IsCancelled, Is.True);
        Assert.That(onFuture.IsCancelled && onDelay.IsCancelled && onGenerator.IsCancelled);
        Assert.That(Story.Split(' '),
            Is.EquivalentTo(new[] { "future", "delay", "inner", "outer" }));
        Assert.That(() => onFuture.Result,
            Throws.TypeOf<LoopCanceledException>().With.Message.EqualTo("stop"));

        IEnumerator<object?> Body(string name, object? item)
        {
            try
            {
                yield return item;
            }
            finally
            {
                Tell(name);
            }
        }
    }

    [Test]
    public void A_generator_cancelled_before_its_first_step_never_runs()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        task.Cancel();
        RunTurns(1);
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(Story, Is.Empty);

        IEnumerator<object?> Body()
        {
            Tell("ran");
            yield return null;
        }
    }

    [Test]
    public void A_bad_item_ends_the_generator_with_an_error_that_names_it()
    {
        LoopTask<object?> task = Loop.CreateTask(Body());
        RunTurns(1);
        Assert.That(task.Exception, Is.TypeOf<InvalidOperationException>()
            .With.Message.Contains("yielded 17").And.Message.Contains("Body"));

        static IEnumerator<object?> Body()
        {
            yield return 17;
        }
    }

    [Test]
    public void A_missing_or_wrong_value_is_an_error_where_a_value_is_expected()
    {
        Assert.That(() => Loop.RunUntilComplete(Nothing().AsCoroutine<int>()),
            Throws.InvalidOperationException);
        Assert.That(() => Loop.RunUntilComplete(Slow(1).AsCoroutine<string>()),
            Throws.TypeOf<InvalidCastException>());
        Assert.That(Loop.RunUntilComplete(Nothing().AsCoroutine<string>()), Is.Null);

        static IEnumerator<object?> Nothing()
        {
            yield break;
        }
    }

    [Test]
    public void A_coroutine_yielded_twice_and_a_task_that_yields_itself_are_errors()
    {
        LoopTask<object?> twice = Loop.CreateTask(Twice());
        LoopTask<object?> self = null!;
        self = Loop.CreateTask(Self());
        RunTurns(3);
        Assert.That(twice.Exception, Is.TypeOf<InvalidOperationException>()
            .With.Message.Contains("reuse"));
        Assert.That(self.Exception, Is.TypeOf<InvalidOperationException>()
            .With.Message.Contains("itself"));

        static IEnumerator<object?> Twice()
        {
            Coroutine call = Quick();
            yield return call;
            yield return call;
        }

        IEnumerator<object?> Self()
        {
            yield return self;
        }

        static async Coroutine Quick() => await EventLoop.Yield();
    }

    [Test]
    public void A_future_of_another_loop_is_an_error()
    {
        using EventLoop other = NewLoop();
        Promise<int> foreign = other.CreateFuture<int>();
        Assert.That(() => Loop.RunUntilComplete(Loop.CreateTask(Body())),
            Throws.InvalidOperationException.With.Message.Contains("different loop"));

        IEnumerator<object?> Body()
        {
            yield return foreign;
        }
    }

    private static IEnumerator<object?> Slow(int value)
    {
        yield return EventLoop.Delay(S(1));
        yield return Returns.Value(value);
    }

    private static async Coroutine Fail()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }
}
