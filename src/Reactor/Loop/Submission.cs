namespace Reactor;

/// <summary>
/// Work submitted to a loop by other threads, which wait for its outcome. The static methods: any
/// thread.
/// </summary>
internal sealed class Submission(CoroutineScheduler loop, Action begin, Action onLoopClosed)
    : LoopHandle(loop, null, null, 0)
{
    public static Task<T> Of<T>(
        CoroutineScheduler loop, Func<Coroutine<T>> main, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Post<T>(loop, Begin, cancellationToken);

        void Begin(ThreadOutcome<T> outcome)
        {
            LoopTask<T> task;
            try
            {
                task = loop.StartTask(main());
            }
            catch (Exception error)
            {
                outcome.Fail(error);
                throw; // an error of the task factory is the loop's too
            }

            outcome.Follow(task, CancelWith(task, cancellationToken));
        }
    }

    public static Task Of(
        CoroutineScheduler loop, Func<Coroutine> main, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Of(loop, () => main().Call, cancellationToken);
    }

    public static Task<T> Of<T>(
        CoroutineScheduler loop, Func<T> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.Check(nameof(function));
        return Post<T>(loop, Begin, cancellationToken);

        void Begin(ThreadOutcome<T> outcome)
        {
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
    }

    public static Task<T> Of<T>(
        CoroutineScheduler loop, Func<Task<T>> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        return Of(loop, async Coroutine<T> () => await function().OnLoop(), cancellationToken);
    }

    public static Task Of(
        CoroutineScheduler loop, Func<Task> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Of(loop, async Coroutine () => await function().OnLoop(), cancellationToken);
    }

    /// <summary>Cancels a task of a loop when a token is cancelled. Any thread.</summary>
    public static CancellationTokenRegistration CancelWith(
        Future task, CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
            static state => ((Future)state!).Scheduler.PostThreadSafe(
                new CancelRequest((Future)state)),
            task);

    /// <inheritdoc/>
    internal override void OnLoopClosed() => onLoopClosed();

    private protected override void Invoke() => begin();

    internal override Delegate? ShownCallback => begin;

    private static Task<T> Post<T>(
        CoroutineScheduler loop, Action<ThreadOutcome<T>> begin,
        CancellationToken cancellationToken)
    {
        var outcome = new ThreadOutcome<T>(cancellationToken);
        loop.PostThreadSafe(new Submission(loop, Begin, outcome.OnLoopClosed));
        return outcome.Task;

        void Begin()
        {
            if (loop.IsCancelled(cancellationToken))
            {
                outcome.Cancel();
            }
            else
            {
                begin(outcome);
            }
        }
    }

    private sealed class CancelRequest(Future task) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => task.Cancel();

        /// <inheritdoc/>
        internal override MessageKey MessageKey => new(TokenWatch<Unit>.MessageKind);

        /// <inheritdoc/>
        internal override bool IsIncidental => task.IsDone;
    }
}
