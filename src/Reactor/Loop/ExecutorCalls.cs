using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The functions that executors run for a loop, and its default executor. Loop thread only.
/// </summary>
internal sealed class ExecutorCalls(CoroutineScheduler scheduler, LoopDriver driver)
{
    private readonly HashSet<Future> _asyncCalls = [];
    private IExecutor? _default;

    public IExecutor Default
    {
        get => _default ??= new RuntimeThreadPool();
        set => _default = value ?? throw new ArgumentNullException(nameof(value));
    }

    public Future<T> Run<T>(Func<T> function, IExecutor? executor)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.Check(nameof(function));
        return new FunctionJob<T>(scheduler, function, driver).SubmitTo(executor ?? Default);
    }

    public Future<T> Run<T>(Func<Task<T>> function, IExecutor? executor)
    {
        ArgumentNullException.ThrowIfNull(function);
        FunctionResult<T>.CheckAwaited(nameof(function));
        var job = new AsyncFunctionJob<T>(scheduler, function, driver);
        Future<T> outcome = job.SubmitTo(executor ?? Default);
        _asyncCalls.Add(job.Ended);
        job.Ended.AddDoneCallback(done => _asyncCalls.Remove(done));
        return outcome;
    }

    public Future<Unit> Run(Func<Task> function, IExecutor? executor)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Run(
            async Task<Unit> () =>
            {
                await AsyncFunctionJob<Unit>.Require(function()).ConfigureAwait(false);
                return default;
            },
            executor);
    }

    public Future<TResult> Run<TArgument, TResult>(
        ProcessJob<TArgument, TResult> job, TArgument argument, ProcessPoolExecutor pool)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(pool);
        return pool.Submit(scheduler, job, argument, driver);
    }

    public static Func<Task<T>> AsTask<T>(Func<ValueTask<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return () => function().AsTask();
    }

    public static Func<Task> AsTask(Func<ValueTask> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return () => function().AsTask();
    }

    public static Func<Unit> WithUnit(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return () =>
        {
            action();
            return default;
        };
    }

    public async Coroutine ShutdownAsync(TimeSpan? timeout)
    {
        // By state of the loop: whether the last work has left its thread yet is chance.
        bool wasUsed = _default is not null;
        IExecutor executor = Default;
        executor.Shutdown();
        Future[] calls = [.. _asyncCalls];
        if (!wasUsed && calls.Length == 0)
        {
            return;
        }

        // Threads take real time, even with a virtual clock.
        driver.NoteWorkElsewhere(1);
        Future<Unit> ended = executor.Completion.OnLoop();
        try
        {
            await WaitOperation.Run<Future>([ended, .. calls], WaitUntil.All, timeout);
            if (ended.IsDone && calls.All(call => call.IsDone))
            {
                await ended;
                return;
            }
        }
        finally
        {
            ended.Cancel();
            driver.NoteWorkElsewhere(-1);
        }

        scheduler.Report(new LoopErrorContext
        {
            Message = $"The executor did not finish joining its threads within {timeout}: " +
                "what they do goes on without the loop.",
        });
    }
}
