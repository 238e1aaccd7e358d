using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Running a loop until something is done. Members of <see cref="EventLoop"/>, kept apart from the
/// turn.
/// </summary>
public static class EventLoopRuns
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Runs the loop until the future is done (asyncio: <c>run_until_complete</c>).
        /// </summary>
        /// <returns>The future's result.</returns>
        /// <exception cref="ArgumentException">The future is of another loop.</exception>
        /// <exception cref="InvalidOperationException">
        /// The loop runs already, another one runs on this thread, or the loop was stopped before
        /// the future was done.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public T RunUntilComplete<T>(Future<T> future)
        {
            ArgumentNullException.ThrowIfNull(future);
            loop.ThrowIfClosed();
            if (!ReferenceEquals(future.Scheduler, loop))
            {
                throw new ArgumentException(
                    $"{future} belongs to a different loop than the one to run.", nameof(future));
            }

            bool isOver = false;
            void StopThisRun(Future done)
            {
                if (!isOver)
                {
                    loop.Stop();
                }
            }

            future.AddDoneCallback(StopThisRun);
            try
            {
                loop.RunForever();
            }
            finally
            {
                // A run that ended otherwise must leave nothing that stops the next one: neither a
                // callback on the future nor one that is queued already.
                isOver = true;
                future.RemoveDoneCallback(StopThisRun);
            }

            return future.IsDone
                ? future.Result
                : throw new InvalidOperationException(
                    "Event loop stopped before Future completed.");
        }

        /// <summary>
        /// Runs a coroutine as a task until it ends; see the overload for futures.
        /// </summary>
        public T RunUntilComplete<T>(
            Coroutine<T> coroutine,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            loop.ThrowIfCannotRun(); // before there is a task that nobody would ever run
            return loop.RunUntilComplete(loop.CreateTask(coroutine, file: file, line: line));
        }

        /// <summary>
        /// Runs a coroutine as a task until it ends; see the overload for futures.
        /// </summary>
        public void RunUntilComplete(
            Coroutine coroutine,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            loop.ThrowIfCannotRun(); // before there is a task that nobody would ever run
            loop.RunUntilComplete(loop.CreateTask(coroutine, file: file, line: line));
        }

        /// <summary>
        /// Makes a loop, runs a coroutine to its end, cancels and awaits the tasks that are left,
        /// and closes the loop (asyncio: <c>run</c>). Takes the function, so that no call is left
        /// over when it cannot run.
        /// </summary>
        /// <param name="main">The coroutine method.</param>
        /// <param name="options">How to make the loop.</param>
        /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
        public static T Run<T>(Func<Coroutine<T>> main, EventLoopOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(main);
            if (EventLoop.TryGetCurrent() is not null)
            {
                throw new InvalidOperationException(
                    "EventLoop.Run cannot be called from a running event loop: " +
                    "await the coroutine.");
            }

            using var own = new EventLoop(options);
            try
            {
                return own.RunUntilComplete(main());
            }
            finally
            {
                own.CancelLeftovers();
            }
        }

        /// <summary>Runs a coroutine without a result; see the overload with one.</summary>
        public static void Run(Func<Coroutine> main, EventLoopOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(main);
            EventLoop.Run(() => Adapt(main), options);
        }
    }

    private static async Coroutine<Unit> Adapt(Func<Coroutine> main)
    {
        await main();
        return default;
    }

    /// <summary>
    /// Cancels the tasks that are left, lets them end, and reports what they threw.
    /// </summary>
    private static void CancelLeftovers(this EventLoop loop)
    {
        Future[] left = [.. loop.Tasks.Cast<Future>()];
        if (left.Length == 0)
        {
            return;
        }

        foreach (Future task in left)
        {
            task.Cancel();
        }

        loop.RunUntilComplete(EventLoop.Wait(left, timeout: loop.Options.CancelTimeout));
        foreach (Future task in left)
        {
            if (task.IsDone && !task.IsCancelled && task.Exception is { } error)
            {
                loop.Report(new LoopErrorContext
                {
                    Message = $"Unhandled exception during EventLoop.Run shutdown in {task}: "
                        + "catch it in the task, which was cancelled because main had ended.",
                    Exception = error,
                    Future = task,
                    CreatedAt = task.CreatedAt,
                });
            }
        }
    }
}
