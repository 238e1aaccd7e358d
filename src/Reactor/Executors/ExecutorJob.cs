using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// One function on its way through an executor and back: it runs there with the context of whoever
/// submitted it, and posts itself to the loop, which sets the future. When the loop has closed
/// meanwhile, nothing is posted.
/// </summary>
internal sealed class ExecutorJob<T> : LoopWork
{
    private readonly CoroutineScheduler _scheduler;
    private readonly Func<T> _function;
    private readonly Action<int> _noteWorkElsewhere;
    private readonly Future<T> _future;
    private readonly ExecutionContext _context = LoopContext.CaptureValues();
    private T _result = default!;
    private ExceptionDispatchInfo? _error;
    private bool _isDropped;

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
        executor.Submit(RunThere, DropThere);
        _noteWorkElsewhere(1);
        return _future;
    }

    /// <summary>Back on the loop thread: sets the future, unless it was cancelled.</summary>
    public override void Run()
    {
        _noteWorkElsewhere(-1);
        if (_isDropped)
        {
            _future.Cancel("The executor was shut down before the work began.");
        }
        else if (_error is null)
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
        // Cancelled before it began: nobody wants it. A look from this thread may come too early;
        // then it runs in vain, which it may always do.
        if (!_future.IsDone)
        {
            ExecutionContext.Run(_context, static job => ((ExecutorJob<T>)job!).Call(), this);
        }

        _scheduler.PostThreadSafe(this);
    }

    private void DropThere()
    {
        _isDropped = true;
        _scheduler.PostThreadSafe(this);
    }

    private void Call()
    {
        try
        {
            _result = _function();
        }
        catch (Exception error)
        {
            _error = ExceptionDispatchInfo.Capture(error);
        }
    }
}
