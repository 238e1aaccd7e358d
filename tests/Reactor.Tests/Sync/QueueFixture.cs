using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Tasks that put into a queue and take from it.</summary>
public abstract class QueueFixture : LoopFixture
{
    /// <summary>A task that takes one item, which is its result.</summary>
    protected LoopTask<int> Taker(AsyncQueue<int> queue)
    {
        return Loop.CreateTask(Take());

        async Coroutine<int> Take() => await queue.TakeAsync();
    }

    /// <summary>A task that puts one item.</summary>
    protected LoopTask Putter(AsyncQueue<int> queue, int item)
    {
        return Loop.CreateTask(Put());

        async Coroutine Put() => await queue.PutAsync(item);
    }
}
