using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements D01 to D05, D12 to D14, D18 and D19: the states of a future, and awaiting it.
/// </summary>
public sealed class D_FutureTests : LoopFixture
{
    private Promise<int> _future = null!;

    [SetUp]
    public void MakeFuture() => _future = Loop.CreateFuture<int>();

    [Test]
    public void D01_a_new_future_is_neither_done_nor_cancelled()
    {
        Assert.That(_future.IsDone, Is.False);
        Assert.That(_future.IsCancelled, Is.False);
        Assert.That(_future.Scheduler, Is.SameAs(Loop));
    }

    [Test]
    public void D02_result_and_exception_throw_before_it_is_done()
    {
        Assert.That(() => _future.Result, Throws.TypeOf<InvalidFutureStateException>()
            .With.Message.EqualTo("Result is not ready."));
        Assert.That(() => _future.Exception, Throws.TypeOf<InvalidFutureStateException>()
            .With.Message.EqualTo("Exception is not set."));
    }

    [Test]
    public void D03_setting_a_done_future_throws_and_changes_nothing()
    {
        _future.SetResult(1);

        Assert.That(() => _future.SetResult(2), Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(() => _future.SetException(new FormatException()),
            Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(_future.Result, Is.EqualTo(1));
        Assert.That(_future.Exception, Is.Null);
    }

    [Test]
    public void D03_setting_a_failed_future_throws_and_keeps_the_first_exception()
    {
        var first = new FormatException();
        _future.SetException(first);

        Assert.That(() => _future.SetResult(2), Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(() => _future.SetException(new ArgumentException("second")),
            Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(_future.Exception, Is.SameAs(first));
    }

    [Test]
    public void D04_cancel_of_a_pending_future_makes_it_done_and_cancelled()
    {
        Assert.That(_future.Cancel(), Is.True);

        Assert.That(_future.IsDone, Is.True);
        Assert.That(_future.IsCancelled, Is.True);
        Assert.That(() => _future.Result, Throws.TypeOf<LoopCanceledException>());
        Assert.That(() => _future.Exception, Throws.TypeOf<LoopCanceledException>());
        Assert.That(() => _future.SetResult(1), Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(() => _future.SetException(new FormatException()),
            Throws.TypeOf<InvalidFutureStateException>());
        Assert.That(_future.Cancel(), Is.False);
    }

    [Test]
    public void D05_cancel_of_a_done_future_has_no_effect()
    {
        _future.SetResult(1);

        Assert.That(_future.Cancel(), Is.False);
        Assert.That(_future.IsCancelled, Is.False);
        Assert.That(_future.Result, Is.EqualTo(1));
    }

    [Test]
    public void D12_awaiting_a_done_future_does_not_suspend()
    {
        _future.SetResult(5);
        (int result, int turns) = Run(async () =>
        {
            int before = Turns;
            return (await _future, Turns - before);
        });

        Assert.That(result, Is.EqualTo(5));
        Assert.That(turns, Is.Zero);
    }

    [Test]
    public void D13_many_tasks_may_await_it_many_times_also_after_completion()
    {
        LoopTask<int>[] tasks = [.. Enumerable.Range(0, 5).Select(_ => Loop.CreateTask(Twice()))];
        Loop.CallLater(S(1), _future.SetResult, 21);

        foreach (LoopTask<int> task in tasks)
        {
            Assert.That(Loop.RunUntilComplete(task), Is.EqualTo(42));
        }

        Assert.That(Run(Twice), Is.EqualTo(42));

        async Coroutine<int> Twice() => await _future + await _future;
    }

    [Test]
    public void D14_rethrowing_the_stored_exception_does_not_grow_its_trace()
    {
        _future.SetException(new FormatException("stored"));
        int[] frames = Run(async () =>
        {
            var seen = new List<int>();
            for (int i = 0; i < 5; i++)
            {
                try
                {
                    await AwaitIt();
                }
                catch (FormatException error)
                {
                    seen.Add(error.StackTrace!.Split(nameof(AwaitIt)).Length - 1);
                }
            }

            return seen.ToArray();
        });

        Assert.That(frames, Has.Length.EqualTo(5));
        Assert.That(frames, Is.All.EqualTo(1), "one entry for each await");

        async Coroutine<int> AwaitIt() => await _future;
    }

    [Test]
    public void D14_asking_for_the_result_does_not_grow_the_trace_either()
    {
        _future.SetException(new FormatException("stored"));
        var lengths = new HashSet<int>();
        for (int i = 0; i < 5; i++)
        {
            var error = Assert.Throws<FormatException>(() => _ = _future.Result);
            lengths.Add(error!.StackTrace!.Length);
        }

        Assert.That(lengths, Has.Count.EqualTo(1));
    }

    [Test]
    public void D18_the_message_of_a_cancellation_is_in_the_exception()
    {
        _future.Cancel("shutting down");

        Assert.That(() => _future.Result, Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("shutting down"));
        Assert.That(() => _future.Exception, Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("shutting down"));
        Assert.That(() => Run(async () => { await _future; }),
            Throws.TypeOf<LoopCanceledException>().With.Message.EqualTo("shutting down"));
    }

    [Test]
    public void D19_set_unless_done_leaves_a_cancelled_future_alone()
    {
        _future.Cancel();

        Assert.That(_future.TrySetResult(1), Is.False);
        Assert.That(_future.TrySetException(new FormatException()), Is.False);
        Assert.That(_future.IsCancelled, Is.True);
    }
}
