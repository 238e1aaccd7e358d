using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A function that runs on an executor in its submitter's context and then posts itself to the
/// loop, unless that has closed, to set the future.
/// </summary>
internal abstract class ExecutorJob<T>(CoroutineScheduler scheduler, IJobRoute route) : LoopWork
{
    private readonly Promise<T> _future = new(scheduler);
    private readonly ExecutionContext _context = LoopContext.CaptureValues();
    private readonly long _number = scheduler.NextJobNumber();
    private T _result = default!;
    private ExceptionDispatchInfo? _error;
    private string? _dropReason;

    public Future<T> SubmitTo(IExecutor executor)
    {
        JobSubmission.Submit(executor, RunThere, DropThere);
        route.OnSent(this);
        return _future;
    }

    /// <inheritdoc/>
    internal sealed override MessageKey MessageKey => new("executor job", _number);

    public override void Run()
    {
        route.OnBack(this);
        if (_dropReason is not null)
        {
            _future.Cancel(_dropReason);
        }
        else if (_error is null)
        {
            _future.TrySetResult(_result);
        }
        else if (!_future.TrySetException(_error.SourceException) && ReportsLateErrors)
        {
            _future.Report(
                "A function in an executor failed after its future was cancelled.",
                _error.SourceException);
        }
    }

    /// <summary>True to report an exception after a cancellation; asyncio drops it.</summary>
    protected virtual bool ReportsLateErrors => false;

    private void RunThere()
    {
        // Skip a cancelled job, if this thread sees the cancellation.
        if (_future.IsDone)
        {
            GoBack();
            return;
        }

        ExecutionContext.Run(_context, static job => ((ExecutorJob<T>)job!).Call(), this);
    }

    private void DropThere() => GiveUp("The executor was shut down before the work began.");

    /// <summary>
    /// Calls the function on the executor's thread, then one of the three methods below.
    /// </summary>
    protected abstract void Call();

    protected void Succeed(T result)
    {
        _result = result;
        GoBack();
    }

    protected void Fail(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        GoBack();
    }

    protected void GiveUp(string reason)
    {
        _dropReason = reason;
        GoBack();
    }

    private void GoBack() => route.BringBack(this, scheduler);
}

/// <summary>
/// Passes a job to its executor, and tells an observer of the thread that what begins there, such
/// as work of the runtime's pool, belongs to it.
/// </summary>
internal static class JobSubmission
{
    [ThreadStatic] private static bool t_isUnderWay;

    /// <summary>True while this thread passes a job to an executor.</summary>
    public static bool IsUnderWay => t_isUnderWay;

    public static void Submit(IExecutor executor, Action work, Action dropped)
    {
        t_isUnderWay = true;
        try
        {
            executor.Submit(work, dropped);
        }
        finally
        {
            t_isUnderWay = false;
        }
    }
}

internal sealed class FunctionJob<T>(
    CoroutineScheduler scheduler, Func<T> function, IJobRoute route)
    : ExecutorJob<T>(scheduler, route)
{
    /// <inheritdoc/>
    protected override void Call()
    {
        T result;
        try
        {
            result = function();
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        Succeed(result);
    }
}

/// <summary>
/// An async function. It starts on the executor's thread; the job returns to the loop when its task
/// completes.
/// </summary>
internal sealed class AsyncFunctionJob<T>(
    CoroutineScheduler scheduler, Func<Task<T>> function, IJobRoute route)
    : ExecutorJob<T>(scheduler, route)
{
    private readonly Promise<Unit> _ended = new(scheduler);

    /// <summary>
    /// Completes when the function ends, even if the job's future was cancelled before.
    /// </summary>
    public Future<Unit> Ended => _ended;

    public static TTask Require<TTask>(TTask? task)
        where TTask : Task => task ?? throw new InvalidOperationException(
            "The async function has returned null in place of a task.");

    /// <inheritdoc/>
    public override void Run()
    {
        base.Run();
        _ended.TrySetResult(default);
    }

    /// <inheritdoc/>
    protected override bool ReportsLateErrors => true;

    /// <inheritdoc/>
    protected override void Call()
    {
        Task<T> task;
        try
        {
            task = Require(function());
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        task.ContinueWith(
            static (ended, job) => ((AsyncFunctionJob<T>)job!).OnEnded(ended),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void OnEnded(Task<T> ended)
    {
        if (ended.IsCanceled)
        {
            GiveUp("The async function was cancelled.");
        }
        else if (ended.Exception is { } errors)
        {
            Fail(errors.InnerException!);
        }
        else
        {
            Succeed(ended.GetAwaiter().GetResult());
        }
    }
}
