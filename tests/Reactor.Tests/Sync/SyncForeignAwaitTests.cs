using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Waiting for a lock or a queue in what is no coroutine of ours: a plain async method, and an
/// awaiter that wraps ours.
/// </summary>
public sealed class SyncForeignAwaitTests : LoopFixture
{
    [Test]
    public void A_plain_async_method_can_wait_for_the_lock()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Loop.CallLater(S(1), taken.Release);

        Run(async () => await Plain());

        Assert.That(Story, Is.EqualTo("got:1"));
        Assert.That(taken.IsLocked, Is.False);

        async Task Plain()
        {
            using (await taken.AcquireAsync())
            {
                Tell($"got:{Seconds}");
                await Task.Yield();
            }
        }
    }

    [Test]
    public void An_awaiter_that_wraps_ours_can_wait_for_the_lock()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Loop.CallLater(S(1), taken.Release);

        Run(async () =>
        {
            await new Wrapped(taken.AcquireAsync());
            Tell($"got:{Seconds}");
        });

        Assert.That(Story, Is.EqualTo("got:1"));
        Assert.That(() => taken.Release(), Throws.Nothing);
    }

    [Test]
    public void A_plain_async_method_can_put_and_take()
    {
        var queue = new AsyncQueue<int>(1);
        Run(async () =>
        {
            Task put = PutMany();
            await EventLoop.Delay(S(1));
            for (int i = 0; i < 5; i++)
            {
                Assert.That(await TakeOne(), Is.EqualTo(i));
            }

            await put;
        });

        async Task PutMany()
        {
            for (int i = 0; i < 5; i++)
            {
                await queue.PutAsync(i);
            }
        }

        async Task<int> TakeOne() => await queue.TakeAsync();
    }

    /// <summary>What a library might do with an awaiter that it does not know.</summary>
    private readonly struct Wrapped(AcquireAwaitable inner)
        : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => inner.IsCompleted;

        public Wrapped GetAwaiter() => this;

        public void GetResult() => inner.GetResult();

        public void OnCompleted(Action continuation) =>
            ((System.Runtime.CompilerServices.INotifyCompletion)inner).OnCompleted(continuation);
    }
}
