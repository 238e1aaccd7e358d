namespace Reactor;

/// <summary>
/// Work for a loop from other threads, with an outcome they can wait for. Members of
/// <see cref="EventLoop"/>, kept apart from the turn. Any thread.
/// </summary>
public static class EventLoopSubmit
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Has a coroutine run as a task of the loop (asyncio: <c>run_coroutine_threadsafe</c>).
        /// Takes the function, which is called on the loop thread. Do not block on the result
        /// there.
        /// </summary>
        /// <typeparam name="T">The type of the result.</typeparam>
        /// <param name="main">The coroutine method.</param>
        /// <param name="cancellationToken">Cancels the loop's task, and with it the result.</param>
        /// <returns>The outcome; continuations run on the thread pool.</returns>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public Task<T> Submit<T>(
            Func<Coroutine<T>> main, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(main);
            var outcome = new TaskCompletionSource<T>(
                TaskCreationOptions.RunContinuationsAsynchronously);
            loop.CallSoonThreadSafe(() => Begin(loop, main, outcome, cancellationToken));
            return outcome.Task;
        }

        /// <summary>Has a coroutine without a result run; see the overload with one.</summary>
        public Task Submit(Func<Coroutine> main, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(main);
            return loop.Submit(() => main().Call, cancellationToken);
        }
    }

    private static void Begin<T>(
        EventLoop loop,
        Func<Coroutine<T>> main,
        TaskCompletionSource<T> outcome,
        CancellationToken cancellationToken)
    {
        LoopTask<T> task;
        try
        {
            task = loop.StartTask(main());
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            outcome.TrySetException(error);
            throw; // a task factory that throws is the loop's misfortune as well
        }

        CancellationTokenRegistration registration = CancelWith(task, cancellationToken);
        task.AddDoneCallback(_ =>
        {
            registration.Dispose();
            if (task.IsCancelled)
            {
                outcome.TrySetCanceled(cancellationToken);
            }
            else if (task.Exception is { } error)
            {
                outcome.TrySetException(error);
            }
            else
            {
                outcome.TrySetResult(task.Result);
            }
        });
    }

    /// <summary>Cancels a task of a loop when a token is cancelled, on whatever thread.</summary>
    internal static CancellationTokenRegistration CancelWith(
        Future task, CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
            static state => ((Future)state!).Scheduler.PostThreadSafe(
                new CancelRequest((Future)state)),
            task);

    /// <summary>Carries a cancellation to the loop thread.</summary>
    private sealed class CancelRequest(Future task) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => task.Cancel();
    }
}
