using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A <see cref="Future{T}"/> together with the right to set its outcome, once (asyncio:
/// <c>Future</c> with <c>set_result</c> and <c>set_exception</c>). Made with
/// <c>loop.CreateFuture</c>, or inside a running loop with <c>new</c>. Callers that only wait get
/// it as a <see cref="Future{T}"/>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
public class Promise<T> : Future<T>
{
    /// <summary>Makes a pending one.</summary>
    /// <param name="scheduler">Its loop; null: the loop that runs on this thread.</param>
    /// <exception cref="InvalidOperationException">
    /// No loop was given, and no loop runs on this thread.
    /// </exception>
    public Promise(CoroutineScheduler? scheduler = null)
        : base(scheduler)
    {
    }

    internal Promise(CoroutineScheduler? scheduler, string? createdAt)
        : base(scheduler, createdAt)
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

    /// <summary>Sets the result unless this is done: a cancelled future stays so.</summary>
    /// <returns>False if it was done.</returns>
    public bool TrySetResult(T result) => TrySucceed(result);

    /// <summary>Sets the exception unless this is done.</summary>
    /// <returns>False if it was done.</returns>
    public bool TrySetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return TryFail(ExceptionDispatchInfo.Capture(exception));
    }

    private InvalidFutureStateException MakeDoneAlready() =>
        new($"{Kind} is done already: {DescribeState()}.");
}
