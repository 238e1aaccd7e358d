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
    /// <returns>
    /// The outcome; continuations run on the thread pool. Where the loop closes before, it is
    /// <see cref="ObjectDisposedException"/>.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Task<T> Submit<T>(
        Func<Coroutine<T>> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        ThrowIfClosed();
        var outcome = new ThreadOutcome<T>(cancellationToken);
        PostThreadSafe(new Submission<T>(
            this, outcome, () => Begin(this, main, outcome, cancellationToken)));
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
    // Below the overloads for coroutines and async functions: what these return is a result too.
    [OverloadResolutionPriority(-2)]
    public Task<T> Submit<T>(
        Func<T> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfClosed();
        FunctionResult<T>.Check(nameof(function));
        var outcome = new ThreadOutcome<T>(cancellationToken);
        PostThreadSafe(new Submission<T>(
            this, outcome, () => Call(function, outcome, cancellationToken)));
        return outcome.Task;
    }

    /// <summary>
    /// Has an async function run on the loop thread and awaits it to its end; an async lambda of C#
    /// is a coroutine and goes to that overload.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    /// <param name="function">The async function, which is called on the loop thread.</param>
    /// <param name="cancellationToken">
    /// Cancels the result; nothing can end the function itself from outside.
    /// </param>
    [OverloadResolutionPriority(-1)]
    public Task<T> Submit<T>(
        Func<Task<T>> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        return Submit(async Coroutine<T> () => await function().OnLoop(), cancellationToken);
    }

    /// <summary>Has an async function without a result run; see the overload with one.</summary>
    [OverloadResolutionPriority(-1)]
    public Task Submit(Func<Task> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Submit(async Coroutine () => await function().OnLoop(), cancellationToken);
    }

    /// <summary>
    /// Has an async function that returns a <see cref="ValueTask{TResult}"/> run on the loop
    /// thread; see the overload for <see cref="Task{TResult}"/>.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Task{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task<T> Submit<T>(
        Func<ValueTask<T>> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        return Submit(async Coroutine<T> () => await function().OnLoop(), cancellationToken);
    }

    /// <summary>Has an async function without a result run; see the overload with one.</summary>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Func<ValueTask> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Submit(async Coroutine () => await function().OnLoop(), cancellationToken);
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
        Func<T> function, ThreadOutcome<T> outcome, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            outcome.Cancel();
            return;
        }

        try
        {
            outcome.Succeed(function());
        }
        catch (Exception error)
        {
            outcome.Fail(error);
            if (error is LoopAbortException)
            {
                throw; // it leaves the loop as well
            }
        }
    }

    private static void Begin<T>(
        EventLoop loop,
        Func<Coroutine<T>> main,
        ThreadOutcome<T> outcome,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            outcome.Cancel();
            return;
        }

        LoopTask<T> task;
        try
        {
            task = loop.StartTask(main());
        }
        catch (Exception error)
        {
            outcome.Fail(error);
            throw; // a task factory that throws is the loop's misfortune as well
        }

        outcome.Follow(task, CancelWith(task, cancellationToken));
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

    /// <summary>
    /// What was submitted, on its way to the loop. Where that has closed, the caller gets
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    private sealed class Submission<T>(EventLoop loop, ThreadOutcome<T> outcome, Action begin)
        : LoopHandle(loop, null, null, 0)
    {
        /// <inheritdoc/>
        internal override void OnLoopClosed() => outcome.OnLoopClosed();

        private protected override void Invoke() => begin();

        private protected override void DropCallback()
        {
        }

        private protected override string DescribeCallback() => Describe(begin, null);
    }
}
