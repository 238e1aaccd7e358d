namespace Reactor;

/// <summary>
/// Generator coroutines: iterators as coroutines, the style before async/await (Python:
/// <c>@asyncio.coroutine</c> and <c>yield from</c>).
/// </summary>
public static class Generators
{
    extension(IEnumerator<object?> generator)
    {
        /// <summary>
        /// An iterator as a coroutine, to be awaited, or to be made a task. It may yield a future,
        /// a task, a coroutine, another generator, <c>EventLoop.Delay</c>, <c>EventLoop.Yield</c>,
        /// null to give up one turn, <see cref="Returns.From{T}(Coroutine{T})"/> to call something
        /// for its value, and <see cref="Returns.Value"/> to return. Nothing runs before the await.
        /// </summary>
        /// <remarks>
        /// The exception of what it yields, and a cancellation, cannot be thrown into it: its
        /// <c>finally</c> blocks run, and the await throws.
        /// </remarks>
        /// <typeparam name="T">The type of its value.</typeparam>
        public Coroutine<T> AsCoroutine<T>()
        {
            ArgumentNullException.ThrowIfNull(generator);
            return new Coroutine<T>(new GeneratorFrame<T>(generator));
        }
    }
}
