using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Work for a loop from other threads, with an outcome they can wait for. Any thread.
/// </summary>
public sealed partial class EventLoop
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
        this.CallSoonThreadSafe(() => Begin(this, main, outcome, cancellationToken));
        return outcome.Task;
    }

    /// <summary>Has a coroutine without a result run; see the overload with one.</summary>
    public Task Submit(Func<Coroutine> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Submit(() => main().Call, cancellationToken);
    }

    /// <summary>
    /// Has a function run on the loop thread, as a callback, and gives its outcome. asyncio has
    /// nothing like it: there one makes a coroutine for it.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    /// <param name="function">What to run; it must not wait.</param>
    /// <param name="cancellationToken">Before it began, cancels the result.</param>
    // Below the coroutine overloads: a call of a coroutine method is a result too.
    [OverloadResolutionPriority(-1)]
    public Task<T> Submit<T>(
        Func<T> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var outcome = new TaskCompletionSource<T>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        this.CallSoonThreadSafe(() => Call(function, outcome, cancellationToken));
        return outcome.Task;
    }

    /// <summary>Has an action run on the loop thread; see the overload with a result.</summary>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Action action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Submit<Unit>(Call, cancellationToken);

        Unit Call()
        {
            action();
            return default;
        }
    }

    private static void Call<T>(
        Func<T> function, TaskCompletionSource<T> outcome, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            outcome.TrySetCanceled(cancellationToken);
            return;
        }

        try
        {
            outcome.TrySetResult(function());
        }
        catch (Exception error)
        {
            outcome.TrySetException(error);
            if (error is LoopAbortException)
            {
                throw; // it leaves the loop as well
            }
        }
    }

    private static void Begin<T>(
        EventLoop loop,
        Func<Coroutine<T>> main,
        TaskCompletionSource<T> outcome,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            outcome.TrySetCanceled(cancellationToken);
            return;
        }

        LoopTask<T> task;
        try
        {
            task = loop.StartTask(main());
        }
        catch (Exception error)
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
