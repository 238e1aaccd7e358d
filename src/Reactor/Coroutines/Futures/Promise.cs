using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A <see cref="Future{T}"/> with the right to set its outcome, once (asyncio: <c>set_result</c>,
/// <c>set_exception</c>). Made with <c>loop.CreateFuture</c>, or <c>new</c> inside a running loop.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
public class Promise<T> : Future<T>
{
    /// <summary>Creates a promise.</summary>
    /// <param name="scheduler">Its loop; null: the loop that runs on this thread.</param>
    /// <exception cref="InvalidOperationException">No loop is given or runs here.</exception>
    public Promise(CoroutineScheduler? scheduler = null) : base(scheduler)
    {
    }

    internal Promise(CoroutineScheduler? scheduler, string? createdAt) : base(scheduler, createdAt)
    {
    }

    /// <summary>Sets the result (asyncio: <c>set_result</c>).</summary>
    /// <exception cref="InvalidFutureStateException">It is done already.</exception>
    public void SetResult(T result)
    {
        if (!TrySucceed(result))
        {
            throw MakeDoneAlready();
        }
    }

    /// <summary>Sets the exception (asyncio: <c>set_exception</c>).</summary>
    /// <exception cref="InvalidFutureStateException">It is done already.</exception>
    public void SetException(Exception exception)
    {
        if (!TrySetException(exception))
        {
            throw MakeDoneAlready();
        }
    }

    /// <summary>Sets the result unless it is done.</summary>
    /// <returns>False if it was done.</returns>
    public bool TrySetResult(T result) => TrySucceed(result);

    /// <summary>Sets the exception unless it is done.</summary>
    /// <returns>False if it was done.</returns>
    public bool TrySetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return TryFail(ExceptionDispatchInfo.Capture(exception));
    }

    private InvalidFutureStateException MakeDoneAlready() =>
        new($"{Kind} is done already: {DescribeState()}.");
}
