using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Thousands of tasks that wait for one future and give up, each in its own time: the end of a
/// server, say, that every connection watches. None of them may leave a trace, and none may cost a
/// search among all the others.
/// </summary>
public sealed class ManyWaitersTests : LoopFixture
{
    private Promise<int> _future = null!;

    [SetUp]
    public void MakeFuture() => _future = Loop.CreateFuture<int>();

    [TestCase(32, TestName = "Those_that_gave_up_are_gone_from_a_short_list")]
    [TestCase(33, TestName = "Those_that_gave_up_are_gone_from_a_list_of_one_more")]
    [TestCase(10_000, TestName = "Those_that_gave_up_are_gone_from_a_long_list")]
    public void Those_that_gave_up_are_gone(int count)
    {
        Future<int>[] shields = MakeShields(count);
        foreach (Future<int> shield in shields)
        {
            shield.Cancel();
        }

        Assert.That(_future.ToString(), Does.Not.Contain("cb="));
        _future.SetResult(1);
        Loop.CallSoon(Loop.Stop);
        Loop.RunForever();

        Assert.That(shields.Select(shield => shield.IsCancelled), Is.All.True);
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(10)]
    public void Those_that_wait_on_are_told_in_their_order(int everyOther)
    {
        Future<int>[] shields = MakeShields(200);
        for (int i = 0; i < shields.Length; i++)
        {
            int number = i;
            shields[i].AddDoneCallback(done => Tell(done.IsCancelled ? "" : $"{number}"));
            if (i % everyOther != 0)
            {
                shields[i].Cancel();
            }
        }

        RunTurns(1); // what was cancelled has told so
        _future.SetResult(1);
        RunTurns(2);

        Assert.That(
            Story.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(Enumerable.Range(0, 200)
                .Where(i => i % everyOther == 0).Select(i => $"{i}")));
    }

    [Test]
    public void The_list_keeps_no_more_dead_than_living()
    {
        object? field = null;
        var list = new FutureWaiters(ref field);
        DoneCallback[] callbacks = [
            .. Enumerable.Range(0, 1_000).Select(_ => new DoneCallback(_future, _ => { }, null))];
        foreach (DoneCallback callback in callbacks)
        {
            list.Add(callback);
        }

        for (int i = 0; i < callbacks.Length; i++)
        {
            callbacks[i].Drop();
            list.Drop(callbacks[i]);
            int live = callbacks.Length - i - 1;
            Assert.That(list.Live.Count(), Is.EqualTo(live));
            Assert.That(list.Count, Is.LessThanOrEqualTo(Math.Max(2 * live, 32)));
        }
    }

    [Test]
    public void Waits_that_time_out_leave_a_future_that_others_still_get()
    {
        LoopTask[] impatient = [
            .. Enumerable.Range(1, 2_000).Select(i => Loop.CreateTask(WaitFor(S(0.001 * i))))];
        LoopTask patient = Loop.CreateTask(WaitFor(null));
        Loop.CallLater(S(5), () => _future.SetResult(1));

        Loop.RunUntilComplete(patient);

        Assert.That(impatient.Select(task => task.IsDone), Is.All.True);
        Assert.That(Seconds, Is.EqualTo(5));

        async Coroutine WaitFor(TimeSpan? timeout) =>
            await EventLoop.Wait([_future], timeout: timeout);
    }

    [Test]
    public void The_same_future_many_times_in_one_gathering_counts_once()
    {
        Promise<int> other = Loop.CreateFuture<int>();
        Future<int[]> all = EventLoop.WhenAll([_future, other, _future, other, _future]);
        _future.SetResult(1);
        RunTurns(1);
        Assert.That(all.IsDone, Is.False);

        other.SetResult(2);
        RunTurns(1);

        Assert.That(all.Result, Is.EqualTo((int[])[1, 2, 1, 2, 1]));
    }

    private Future<int>[] MakeShields(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _future.Shield())];
}
