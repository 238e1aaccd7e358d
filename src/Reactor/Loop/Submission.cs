namespace Reactor;

/// <summary>
/// Work submitted to a loop by other threads, which wait for its outcome: the code behind
/// <c>Submit</c>. If the loop closes first, the outcome is <see cref="ObjectDisposedException"/>.
/// </summary>
/// <remarks>The static methods: any thread. The rest: the loop thread.</remarks>
internal sealed class Submission : LoopHandle
{
    private readonly Action _begin;
    private readonly Action _onLoopClosed;

    private Submission(CoroutineScheduler scheduler, Action begin, Action onLoopClosed)
        : base(scheduler, null, null, 0)
    {
        _begin = begin;
        _onLoopClosed = onLoopClosed;
    }

    public static Task<T> Of<T>(
        CoroutineScheduler scheduler, Func<Coroutine<T>> main, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Post<T>(scheduler, Begin, cancellationToken);

        void Begin(ThreadOutcome<T> outcome)
        {
            LoopTask<T> task;
            try
            {
                task = scheduler.StartTask(main());
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
        CoroutineScheduler scheduler, Func<Coroutine> main, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Of(scheduler, () => main().Call, cancellationToken);
    }

    public static Task<T> Of<T>(
        CoroutineScheduler scheduler, Func<T> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.Check(nameof(function));
        return Post<T>(scheduler, Begin, cancellationToken);

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
        CoroutineScheduler scheduler, Func<Task<T>> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        return Of(
            scheduler, async Coroutine<T> () => await function().OnLoop(), cancellationToken);
    }

    public static Task Of(
        CoroutineScheduler scheduler, Func<Task> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Of(scheduler, async Coroutine () => await function().OnLoop(), cancellationToken);
    }

    public static Task<T> Of<T>(
        CoroutineScheduler scheduler,
        Func<ValueTask<T>> function,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        return Of(
            scheduler, async Coroutine<T> () => await function().OnLoop(), cancellationToken);
    }

    public static Task Of(
        CoroutineScheduler scheduler, Func<ValueTask> function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Of(scheduler, async Coroutine () => await function().OnLoop(), cancellationToken);
    }

    public static Task Of(
        CoroutineScheduler scheduler, Action action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Of(scheduler, ExecutorCalls.WithUnit(action), cancellationToken);
    }

    /// <summary>Cancels a task of a loop when a token is cancelled. Any thread.</summary>
    public static CancellationTokenRegistration CancelWith(
        Future task, CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
            static state => ((Future)state!).Scheduler.PostThreadSafe(
                new CancelRequest((Future)state)),
            task);

    /// <inheritdoc/>
    internal override void OnLoopClosed() => _onLoopClosed();

    private protected override void Invoke() => _begin();

    private protected override void DropCallback()
    {
    }

    private protected override string DescribeCallback() => Describe(_begin, null);

    private static Task<T> Post<T>(
        CoroutineScheduler scheduler,
        Action<ThreadOutcome<T>> begin,
        CancellationToken cancellationToken)
    {
        var outcome = new ThreadOutcome<T>(cancellationToken);
        scheduler.PostThreadSafe(new Submission(scheduler, Begin, outcome.OnLoopClosed));
        return outcome.Task;

        void Begin()
        {
            if (cancellationToken.IsCancellationRequested)
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
    }
}
