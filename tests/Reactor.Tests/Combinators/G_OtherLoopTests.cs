using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// A future of another loop given to a combinator: each refuses it with the same message, whether
/// it is the only one or one of several, pending or done. None may wait for it: what completes it
/// would post to the other loop, and the waiter would hang.
/// </summary>
public sealed class G_OtherLoopTests : LoopFixture
{
    private const string Message = "belongs to a different loop";

    private static IEnumerable<TestCaseData> Combinators()
    {
        static TestCaseData Case(string name, Func<Future<int>, Future<int>, Coroutine> wait) =>
            new TestCaseData(wait).SetArgDisplayNames(name);

        yield return Case("Wait", async (other, _) => await EventLoop.Wait([other]));
        yield return Case("Wait with an own one", async (other, own) =>
            await EventLoop.Wait([own, other], WaitUntil.FirstCompleted, S(1)));
        yield return Case("WhenAll", async (other, _) => await EventLoop.WhenAll([other]));
        yield return Case("WhenAll with an own one", async (other, own) =>
            await EventLoop.WhenAll(own, other));
        yield return Case("WhenAllSettled", async (other, _) =>
            await EventLoop.WhenAllSettled([other]));
        yield return Case("WhenEach", async (other, _) =>
        {
            await foreach (Future<int> each in EventLoop.WhenEach([other]))
            {
                Assert.Fail($"it gave {each}");
            }
        });
        yield return Case("WhenEach with an own one", async (other, own) =>
        {
            await foreach (Future<int> each in EventLoop.WhenEach([own, other], S(1)))
            {
                Assert.Fail($"it gave {each}");
            }
        });
        yield return Case("WaitAsync", async (other, _) => await other.WaitAsync(S(1)));
        yield return Case("WaitAsync without time", async (other, _) =>
            await other.WaitAsync(TimeSpan.Zero));
        yield return Case("Shield", async (other, _) => await other.Shield());
        yield return Case("Ensure", async (other, _) => await EventLoop.Ensure(other));
        yield return Case("AsTask", async (other, _) => await other.AsTask());
    }

    [TestCaseSource(nameof(Combinators))]
    public void A_future_of_another_loop_is_refused(
        Func<Future<int>, Future<int>, Coroutine> wait)
    {
        using EventLoop other = NewLoop();
        foreach (bool isDone in new[] { false, true })
        {
            Promise<int> strange = other.CreateFuture<int>();
            if (isDone)
            {
                strange.SetResult(1);
            }

            Exception error = Run(() => Caught(wait(strange, Loop.CreateFuture<int>())));

            Assert.That(error, Is.TypeOf<ArgumentException>());
            Assert.That(error.Message, Does.Contain(Message));
            Assert.That(strange.IsCancelled, Is.False);
            Assert.That(strange.ToString(), Does.Not.Contain("cb="), "nothing was registered");
        }
    }

    [Test]
    public void While_no_loop_runs_the_futures_of_one_loop_can_be_combined()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Future<int[]> all = EventLoop.WhenAll([future.Shield()]);
        future.SetResult(1);

        Assert.That(Loop.RunUntilComplete(all), Is.EqualTo(new[] { 1 }));
    }
}
