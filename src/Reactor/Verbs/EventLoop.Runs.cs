using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Running a loop until something is done, on the calling thread. Stack traces show the caller's
/// methods only.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs the loop until a future is done; returns its result (asyncio:
    /// <c>run_until_complete</c>).
    /// </summary>
    /// <exception cref="ArgumentException">The future belongs to another loop.</exception>
    /// <exception cref="InvalidOperationException">
    /// A loop runs on this thread, this loop runs, or it was stopped first.
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
        future.AddDoneCallback(StopThisRun);
        try
        {
            RunForever();
        }
        finally
        {
            // If the run ended otherwise, no callback may stop the next run.
            isOver = true;
            future.RemoveDoneCallback(StopThisRun);
        }

        return future.IsDone
            ? future.Result
            : throw new InvalidOperationException("Event loop stopped before Future completed.");

        void StopThisRun(Future done)
        {
            if (!isOver)
            {
                Stop();
            }
        }
    }

    /// <summary>Runs a coroutine as a task until it ends.</summary>
    /// <inheritdoc cref="RunUntilComplete{T}(Future{T})"/>
    [StackTraceHidden]
    public T RunUntilComplete<T>(
        Coroutine<T> coroutine,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ThrowIfCannotRun(); // before a task is made that would never run
        return RunUntilComplete(CreateTask(coroutine, file: file, line: line));
    }

    /// <inheritdoc cref="RunUntilComplete{T}(Coroutine{T}, string, int)"/>
    [StackTraceHidden]
    public void RunUntilComplete(
        Coroutine coroutine,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ThrowIfCannotRun();
        RunUntilComplete(CreateTask(coroutine, file: file, line: line));
    }

    /// <summary>
    /// Runs a coroutine on a new <see cref="LoopRunner"/> and closes it (asyncio: <c>run</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    /// <exception cref="InterruptException">Ctrl+C has cancelled the coroutine.</exception>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public static T Run<T>(Func<Coroutine<T>> main, EventLoopOptions? options = null) =>
        LoopRunner.RunOnce(options, [StackTraceHidden] (runner) => runner.Run(main));

    /// <inheritdoc cref="Run{T}(Func{Coroutine{T}}, EventLoopOptions)"/>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public static void Run(Func<Coroutine> main, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(() => main().Call, options);
    }

    /// <summary>The same for a plain async method; an async lambda is a coroutine.</summary>
    /// <inheritdoc cref="Run{T}(Func{Coroutine{T}}, EventLoopOptions)"/>
    [StackTraceHidden]
    public static T Run<T>(Func<Task<T>> main, EventLoopOptions? options = null) =>
        LoopRunner.RunOnce(options, [StackTraceHidden] (runner) => runner.Run(main));

    /// <inheritdoc cref="Run{T}(Func{Task{T}}, EventLoopOptions)"/>
    [StackTraceHidden]
    public static void Run(Func<Task> main, EventLoopOptions? options = null) =>
        LoopRunner.RunOnce(options, [StackTraceHidden] (runner) => runner.Run(main));
}
