using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// One function on its way through an executor and back: it runs there, and posts itself to the
/// loop, which sets the future. When the loop has closed meanwhile, nothing is posted.
/// </summary>
internal sealed class ExecutorJob<T> : LoopWork
{
    private readonly CoroutineScheduler _scheduler;
    private readonly Func<T> _function;
    private readonly Action<int> _noteWorkElsewhere;
    private readonly Future<T> _future;
    private T _result = default!;
    private ExceptionDispatchInfo? _error;

    public ExecutorJob(
        CoroutineScheduler scheduler, Func<T> function, Action<int> noteWorkElsewhere)
    {
        _scheduler = scheduler;
        _function = function;
        _noteWorkElsewhere = noteWorkElsewhere;
        _future = new Future<T>(scheduler);
    }

    public Future<T> SubmitTo(IExecutor executor)
    {
        executor.Submit(RunThere);
        _noteWorkElsewhere(1);
        return _future;
    }

    /// <summary>Back on the loop thread: sets the future, unless it was cancelled.</summary>
    public override void Run()
    {
        _noteWorkElsewhere(-1);
        if (_error is null)
        {
            _future.TrySetResult(_result);
        }
        else
        {
            _future.TrySetException(_error.SourceException);
        }
    }

    private void RunThere()
    {
        try
        {
            _result = _function();
        }
        catch (Exception error)
        {
            _error = ExceptionDispatchInfo.Capture(error);
        }

        _scheduler.PostThreadSafe(this);
    }
}
