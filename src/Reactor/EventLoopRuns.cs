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
        /// waits for the default executor, and closes the loop (asyncio: <c>run</c>). Takes the
        /// function, so that no call is left over when it cannot run. What Ctrl+C does, and the
        /// order at the end, is told at <see cref="LoopRunner"/>.
        /// </summary>
        /// <param name="main">The coroutine method.</param>
        /// <param name="options">How to make the loop.</param>
        /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
        /// <exception cref="InterruptException">Ctrl+C has cancelled the coroutine.</exception>
        public static T Run<T>(Func<Coroutine<T>> main, EventLoopOptions? options = null)
        {
            var runner = new LoopRunner(options);
            T result;
            try
            {
                result = runner.Run(main);
            }
            catch
            {
                // Not `finally`: if nobody catches the error, .NET ends the process without it.
                runner.Dispose();
                throw;
            }

            runner.Dispose();
            return result;
        }

        /// <summary>Runs a coroutine without a result; see the overload with one.</summary>
        public static void Run(Func<Coroutine> main, EventLoopOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(main);
            EventLoop.Run(() => main().Call, options);
        }
    }
}
