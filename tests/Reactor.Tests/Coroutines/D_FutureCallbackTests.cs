using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements D06 to D11: the done-callbacks of a future.</summary>
public sealed class D_FutureCallbackTests : LoopFixture
{
    private Promise<int> _future = null!;

    [SetUp]
    public void MakeFuture() => _future = Loop.CreateFuture<int>();

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

    private void First(Future done) => Tell("1");

    private void Second(Future done) => Tell("2");

    private void Third(Future done) => Tell("3");
}
