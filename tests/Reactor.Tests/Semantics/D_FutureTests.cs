using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements D01 to D14 and D18 to D19: the states of a future, its callbacks, and awaiting it.
/// </summary>
public sealed class D_FutureTests : LoopFixture
{
    private Future<int> _future = null!;

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
    public void D06_callbacks_run_through_the_loop_in_order_with_the_future()
    {
        foreach (string name in (string[])["a", "b", "c"])
        {
            _future.AddDoneCallback(done =>
            {
                Assert.That(done, Is.SameAs(_future));
                Tell($"{name}:{Turns}");
            });
        }

        Loop.CallSoon(() =>
        {
            _future.SetResult(1);
            Tell($"set:{Turns}");
        });
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("set:1 a:2 b:2 c:2"));
    }

    [Test]
    public void D07_adding_a_callback_to_a_done_future_queues_it()
    {
        _future.SetResult(1);
        _future.AddDoneCallback(_ => Tell("callback"));
        Assert.That(Story, Is.Empty);

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("callback"));
    }

    [Test]
    public void D08_remove_takes_all_equal_ones_and_says_how_many()
    {
        _future.AddDoneCallback(First);
        _future.AddDoneCallback(Second);
        _future.AddDoneCallback(First);

        Assert.That(_future.RemoveDoneCallback(Third), Is.Zero);
        Assert.That(_future.RemoveDoneCallback(First), Is.EqualTo(2));
        Assert.That(_future.RemoveDoneCallback(First), Is.Zero);
        Assert.That(_future.RemoveDoneCallback(Second), Is.EqualTo(1));
        Assert.That(_future.RemoveDoneCallback(Second), Is.Zero);

        _future.SetResult(1);
        RunTurns(2);
        Assert.That(Story, Is.Empty);
    }

    [TestCase("1", "2 3")]
    [TestCase("1 2", "3")]
    [TestCase("3", "1 2")]
    [TestCase("2", "1 3")]
    [TestCase("1 1", "2 3")]
    public void D09_removing_some_leaves_the_others_in_order(string removed, string left)
    {
        var all = new Dictionary<string, Action<Future>>
        {
            ["1"] = First,
            ["2"] = Second,
            ["3"] = Third,
        };
        foreach (Action<Future> callback in all.Values)
        {
            _future.AddDoneCallback(callback);
        }

        foreach (string name in removed.Split(' '))
        {
            _future.RemoveDoneCallback(all[name]);
        }

        _future.SetResult(1);
        RunTurns(1);
        Assert.That(Story, Is.EqualTo(left));
    }

    [Test]
    public void D10_a_callback_may_remove_others_that_are_scheduled_already()
    {
        // They were queued when the future became done, so they run; as in asyncio.
        int removed = -1;
        _future.AddDoneCallback(_ => removed = _future.RemoveDoneCallback(Second));
        _future.AddDoneCallback(Second);
        _future.AddDoneCallback(Second);
        _future.SetResult(1);

        RunTurns(2);

        Assert.That(removed, Is.Zero);
        Assert.That(Story, Is.EqualTo("2 2"));
    }

    [Test]
    public void D10_a_callback_of_a_cancelled_future_may_remove_and_add_callbacks()
    {
        _future.AddDoneCallback(done =>
        {
            done.RemoveDoneCallback(First);
            done.AddDoneCallback(Third);
        });
        _future.AddDoneCallback(First);
        _future.Cancel();

        RunTurns(2);

        Assert.That(Story, Is.EqualTo("1 3"));
    }

    [Test]
    public void D11_a_callback_runs_in_the_context_of_its_registration()
    {
        var value = new AsyncLocal<string> { Value = "registration" };
        _future.AddDoneCallback(_ => Tell(value.Value!));
        value.Value = "completion";
        _future.SetResult(1);

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("registration"));
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

    private void First(Future done) => Tell("1");

    private void Second(Future done) => Tell("2");

    private void Third(Future done) => Tell("3");
}
