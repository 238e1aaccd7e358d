using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>A result that is not there yet, bound to one loop (asyncio: <c>Future</c>).</summary>
/// <remarks>
/// Loop thread only. Never blocks: asking for a result too early throws. Done-callbacks go through
/// the loop. <c>future.AsTask()</c> and <c>task.OnLoop()</c> convert from and to <see
/// cref="System.Threading.Tasks.Task"/>.
/// </remarks>
public abstract class Future : IWaitSource
{
    // Results may show futures, which show their results.
    private const int ShownDepthMax = 4;

    [ThreadStatic] private static int t_shownDepth;

    private enum FutureState : byte
    {
        Pending,
        Succeeded,
        Failed,
        Cancelled,
    }

    // INVARIANT: a TaskStep where _isTask is true, else the scheduler. One field, because tasks
    // outnumber all else on a busy loop.
    private object _home;
    private object? _outcome;
    private object? _waiters;
    private FutureState _state;
    private bool _isErrorIgnored;
    private bool _isTask;

    private protected Future(CoroutineScheduler? scheduler, string? createdAt)
    {
        _home = scheduler ?? CoroutineScheduler.Current ?? throw new InvalidOperationException(
            "There is no current event loop in this thread: make the future inside a running " +
            "loop, or with loop.CreateFuture.");
        _outcome = FutureOutcome.Initial(createdAt);
    }

    /// <summary>The loop that this future is bound to. Any thread.</summary>
    public CoroutineScheduler Scheduler => _isTask
        ? Unsafe.As<TaskStep>(_home).Scheduler
        : Unsafe.As<CoroutineScheduler>(_home);

    /// <summary>True once there is a result, an exception or a cancellation.</summary>
    public bool IsDone => _state != FutureState.Pending;

    /// <summary>True if it was cancelled.</summary>
    public bool IsCancelled => _state == FutureState.Cancelled;

    /// <summary>The exception, or null. Counts as fetching it.</summary>
    /// <exception cref="InvalidFutureStateException">It is not done.</exception>
    /// <exception cref="LoopCanceledException">It was cancelled.</exception>
    public Exception? Exception => _state switch
    {
        FutureState.Pending => throw new InvalidFutureStateException("Exception is not set."),
        FutureState.Cancelled => throw Outcome.MakeCancellation(),
        _ => Outcome.TakeError(false)?.SourceException,
    };

    /// <summary>The step of a task, else null.</summary>
    internal TaskStep? Step => _isTask ? Unsafe.As<TaskStep>(_home) : null;

    /// <summary>A constant text. Any thread.</summary>
    internal virtual string Label => $"<{Kind}{DescribePlace()}>";

    internal virtual object? OwnContext => null;

    /// <summary>The name that the program gave to a task, else null.</summary>
    internal virtual string? GivenName => null;

    internal string? CreatedAt => Outcome.CreatedAt;

    internal bool HasException => _state == FutureState.Failed;

    /// <summary>The type of the exception, which stays unfetched; null without one.</summary>
    internal string? ErrorName => Outcome.Stored?.ErrorName;

    internal bool ThrowsCancellation => IsCancelled
        || Outcome.Stored is { Error.SourceException: LoopCanceledException };

    internal int TracedAwaits => Outcome.Stored?.TracedAwaits ?? 0;

    private protected virtual string Kind => "Future";

    private FutureOutcome Outcome => new(ref _outcome);

    private FutureWaiters Waiters => new(ref _waiters);

    /// <summary>
    /// Cancels it: awaits throw <see cref="LoopCanceledException"/>. A task is only asked to end.
    /// (asyncio: <c>Future.cancel</c>)
    /// </summary>
    /// <param name="message">The message of the exception.</param>
    /// <returns>False if it was done.</returns>
    public virtual bool Cancel(string? message = null)
    {
        MarkFetched();
        return TryCancel(message);
    }

    /// <summary>
    /// Calls back through the loop once this is done (asyncio: <c>add_done_callback</c>).
    /// </summary>
    /// <param name="callback">Gets this future.</param>
    /// <param name="context">The callback's context; null: a copy of the present one.</param>
    public void AddDoneCallback(Action<Future> callback, LoopContext? context = null) =>
        Register(callback, context);

    /// <summary>
    /// Removes every registration equal to <paramref name="callback"/> (asyncio:
    /// <c>remove_done_callback</c>).
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int RemoveDoneCallback(Action<Future> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckThread();
        return Waiters.RemoveAll(waiter => waiter is DoneCallback one && one.Is(callback));
    }

    /// <summary>State, outcome and waiters, for people.</summary>
    public override string ToString()
    {
        // A result may refer back to this future.
        if (t_shownDepth == ShownDepthMax)
        {
            return $"<{Kind} ...>";
        }

        t_shownDepth++;
        try
        {
            return $"<{Kind} {DescribeState()}{DescribePlace()}>";
        }
        finally
        {
            t_shownDepth--;
        }
    }

    bool IWaitSource.CancelWait(TaskStep waiter, string? message)
    {
        if (Cancel(message))
        {
            return true;
        }

        Waiters.Remove(waiter); // it continues by itself; usually it is posted already
        return false;
    }

    internal void AddWaiter(LoopWork waiter)
    {
        if (IsDone)
        {
            Scheduler.Post(waiter);
        }
        else
        {
            Add(waiter);
        }
    }

    internal DoneCallback Register(Action<Future> callback, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var registration = new DoneCallback(this, callback, context);
        AddWaiter(registration);
        return registration;
    }

    internal void Drop(DoneCallback registration)
    {
        if (!IsDone)
        {
            registration.Drop();
            Waiters.Drop(registration);
        }
    }

    /// <summary>Removes an observer; a later error counts as fetched.</summary>
    internal void Drop(IDoneObserver observer)
    {
        _isErrorIgnored = true;
        Waiters.Drop(observer);
    }

    internal bool TryAddObserver(IDoneObserver observer)
    {
        Debug.Assert(!IsDone, "what is done is not observed");

        // An observer adds itself to all its futures at once, so no other was added since.
        if (Waiters.IsLast(observer))
        {
            return false;
        }

        Add(observer);
        return true;
    }

    internal IEnumerable<object> LiveWaiters => Waiters.Live;

    internal void AddContinuation(Action continuation) =>
        AddWaiter(new ContinuationHandle(Scheduler, continuation));

    internal virtual void FinishFrom(
        CoroutineFrame bottom, ExceptionDispatchInfo? error, int tracedAwaits) =>
        throw new UnreachableException("only tasks have a coroutine");

    internal void Report(string message, Exception? error = null) =>
        Scheduler.Report(new LoopErrorContext
        {
            Message = message,
            Exception = error,
            Future = this,
            CreatedAt = CreatedAt,
        });

    [StackTraceHidden]
    internal void ThrowUnlessSucceeded()
    {
        if (_state == FutureState.Pending)
        {
            throw new InvalidFutureStateException("Result is not ready.");
        }

        if (_state != FutureState.Succeeded)
        {
            Outcome.Throw();
        }
    }

    /// <summary>What an await would throw, or null. Counts as fetching.</summary>
    internal ExceptionDispatchInfo? TakeError() => Outcome.TakeError(IsCancelled);

    internal void MarkFetched() => Outcome.Stored?.MarkFetched();

    private protected void SetStep(TaskStep step) => (_home, _isTask) = (step, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void CheckThread()
    {
        if (CoroutineScheduler.IsDebugUsed)
        {
            Scheduler.CheckThread();
        }
    }

    private protected void Succeed()
    {
        CheckThread();
        Complete(FutureState.Succeeded, null);
    }

    private protected bool TryFail(ExceptionDispatchInfo error, int tracedAwaits = 0)
    {
        if (IsDone)
        {
            return false;
        }

        CheckThread();
        var stored = new StoredException(Scheduler, Kind, this, error, CreatedAt)
        {
            TracedAwaits = tracedAwaits,
        };
        if (_isErrorIgnored || error.SourceException is LoopAbortException)
        {
            stored.MarkFetched(); // an exception that leaves the loop reaches its caller
        }
        else
        {
            Scheduler.OnLeftover(stored);
        }

        Complete(FutureState.Failed, stored);
        return true;
    }

    private protected bool TryCancel(object? messageOrError)
    {
        if (IsDone)
        {
            return false;
        }

        CheckThread();
        Complete(FutureState.Cancelled, messageOrError);
        return true;
    }

    private protected virtual string DescribeState() => _state switch
    {
        FutureState.Pending when Waiters.Live.Any() =>
            $"pending cb=[{string.Join(", ", Waiters.Live)}]",
        FutureState.Pending => "pending",
        FutureState.Cancelled => "cancelled",
        FutureState.Failed => $"finished exception={Outcome.Stored!.ErrorName}",
        _ => $"finished result={DescribeResult()}",
    };

    private protected virtual string DescribeResult() => "";

    private protected string DescribePlace() =>
        CreatedAt is { } place ? $" created at {place}" : "";

    private void Add(object waiter)
    {
        CheckThread();
        Waiters.Add(waiter);
    }

    private void Complete(FutureState state, object? outcome)
    {
        _state = state;
        Outcome.Set(outcome);
        object? field = _waiters;
        _waiters = null;
        var waiters = new FutureWaiters(ref field);
        for (int i = 0, count = waiters.Count; i < count; i++)
        {
            Tell(waiters[i]);
        }
    }

    private void Tell(object waiter)
    {
        if (waiter is LoopWork work)
        {
            if (work is not DoneCallback { IsOver: true })
            {
                Scheduler.Post(work);
            }
        }
        else if (waiter is IDoneObserver { IsOver: false } observer)
        {
            observer.OnDone(this);
        }
    }
}
