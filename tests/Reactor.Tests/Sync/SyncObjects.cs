using Reactor.Sync;

namespace Reactor.Tests.Dangers;

/// <summary>
/// One of each object that tasks wait for, in a state in which they must wait, and a wait for each
/// that ends early.
/// </summary>
internal sealed class SyncObjects
{
    private readonly AsyncEvent _event = new();
    private readonly AsyncLock _lock = new();
    private readonly AsyncSemaphore _semaphore = new(0);
    private readonly AsyncCondition _condition = new();
    private readonly AsyncBarrier _barrier = new(3);
    private readonly AsyncQueue<int> _empty = new();
    private readonly AsyncQueue<int> _full = new(1);

    private IEnumerable<Func<Coroutine>> Waits => [
        async () => await _event.WaitAsync(),
        async () => (await _lock.AcquireAsync()).Dispose(),
        async () => await _semaphore.AcquireAsync(),
        async () =>
        {
            using (await _condition.Lock.AcquireAsync())
            {
                await _condition.WaitAsync();
            }
        },
        async () => await _barrier.WaitAsync(),
        async () => await _empty.TakeAsync(),
        async () => await _full.PutAsync(2),
        async () => await _full.JoinAsync(),
    ];

    /// <summary>Leaves each of them by cancellation, and by a timeout.</summary>
    public async Coroutine LeaveEach()
    {
        if (_full.Count == 0)
        {
            await _lock.AcquireAsync();
            await _full.PutAsync(1);
        }

        foreach (Func<Coroutine> wait in Waits)
        {
            LoopTask cancelled = EventLoop.Spawn(wait());
            LoopTask late = EventLoop.Spawn(wait().WaitAsync(TimeSpan.FromSeconds(1)));
            await EventLoop.Yield();
            cancelled.Cancel();
            await EventLoop.Wait([cancelled, late]);
            if (!cancelled.IsCancelled || late.Exception is not TimeoutException)
            {
                throw new InvalidOperationException($"{cancelled} or {late} did not wait");
            }
        }
    }
}
