using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Running a loop until something is done. The thread that calls is the loop's until then; the
/// trace of an exception that leaves shows the caller's methods only.
/// </summary>
public sealed partial class EventLoop
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
    [StackTraceHidden]
    public T RunUntilComplete<T>(Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        ThrowIfClosed();
        if (!ReferenceEquals(future.Scheduler, this))
        {
            throw new ArgumentException(
                $"{future} belongs to a different loop than the one to run.", nameof(future));
        }

        bool isOver = false;
        void StopThisRun(Future done)
        {
            if (!isOver)
            {
                Stop();
            }
        }

        future.AddDoneCallback(StopThisRun);
        try
        {
            RunForever();
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
    [StackTraceHidden]
    public T RunUntilComplete<T>(
        Coroutine<T> coroutine,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ThrowIfCannotRun(); // before there is a task that would never run
        return RunUntilComplete(CreateTask(coroutine, file: file, line: line));
    }

    /// <summary>
    /// Runs a coroutine as a task until it ends; see the overload for futures.
    /// </summary>
    [StackTraceHidden]
    public void RunUntilComplete(
        Coroutine coroutine,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ThrowIfCannotRun(); // before there is a task that would never run
        RunUntilComplete(CreateTask(coroutine, file: file, line: line));
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
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public static T Run<T>(Func<Coroutine<T>> main, EventLoopOptions? options = null) =>
        RunWith(options, [StackTraceHidden] (runner) => runner.Run(main));

    /// <summary>Runs a coroutine without a result; see the overload with one.</summary>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public static void Run(Func<Coroutine> main, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(() => main().Call, options);
    }

    /// <summary>
    /// Runs a plain async method, also one of F# or Visual Basic, in the same way. An async lambda
    /// of C# is a coroutine here.
    /// </summary>
    /// <inheritdoc cref="LoopRunner.Run{T}(Func{Task{T}}, LoopContext)"/>
    /// <param name="main">The async method; it is called on the loop.</param>
    /// <param name="options">How to make the loop.</param>
    [StackTraceHidden]
    public static T Run<T>(Func<Task<T>> main, EventLoopOptions? options = null) =>
        RunWith(options, [StackTraceHidden] (runner) => runner.Run(main));

    /// <summary>Runs a plain async method without a result; see the overload with one.</summary>
    [StackTraceHidden]
    public static void Run(Func<Task> main, EventLoopOptions? options = null) =>
        RunWith(options, [StackTraceHidden] (runner) =>
        {
            runner.Run(main);
            return default(Unit);
        });

    [StackTraceHidden]
    private static T RunWith<T>(EventLoopOptions? options, Func<LoopRunner, T> run)
    {
        var runner = new LoopRunner(options);
        T result;
        try
        {
            result = run(runner);
        }
        catch
        {
            // Not `finally`: if the error is not caught, .NET ends the process without it.
            runner.Dispose();
            throw;
        }

        runner.Dispose();
        return result;
    }
}
