using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A result that is not there yet, bound to one loop (asyncio: <c>Future</c>).
/// </summary>
/// <remarks>
/// Loop thread only; nothing here is locked. It never blocks: a result asked for too early throws.
/// Done-callbacks always go through the loop, never run inside <c>SetResult</c>. These are the
/// differences from <see cref="System.Threading.Tasks.Task"/>, and its <c>WhenAll</c>,
/// <c>WhenEach</c> and <c>WaitAny</c> do not take it; <c>future.AsTask()</c> and
/// <c>task.OnLoop()</c> go from one to the other.
/// </remarks>
public abstract partial class Future : IWaitSource
{
    /// <summary>How deep a result that shows a future, that shows a result … is shown.</summary>
    private const int ShownDepthMax = 4;

    [ThreadStatic]
    private static int t_shownDepth;

    private enum FutureState : byte
    {
        Pending,
        Succeeded,
        Failed,
        Cancelled,
    }

    // Of a failed future a StoredException; of a cancelled one the message, or the
    // ExceptionDispatchInfo of a task that threw its cancellation. In debug mode a PlacedOutcome
    // around that.
    private object? _outcome;

    // INVARIANT: the scheduler of a bare future; of a task its step, which knows the scheduler.
    // Tasks outnumber all else on a busy loop, and one field does for both.
    private object _home;
    private FutureState _state;
    private bool _isErrorIgnored;

    private protected Future(CoroutineScheduler? scheduler, string? createdAt)
    {
        _home = scheduler ?? CoroutineScheduler.Current ?? throw new InvalidOperationException(
            "There is no current event loop in this thread: make the future inside a running " +
            "loop, or with loop.CreateFuture.");
        if (createdAt is not null)
        {
            _outcome = new PlacedOutcome(createdAt);
        }
    }

    /// <summary>The loop that this future is bound to. Any thread.</summary>
    public CoroutineScheduler Scheduler => _home is Trampoline step
        ? step.Scheduler
        : Unsafe.As<CoroutineScheduler>(_home);

    /// <summary>True once there is a result, an exception or a cancellation.</summary>
    public bool IsDone => _state != FutureState.Pending;

    /// <summary>True if it was cancelled.</summary>
    public bool IsCancelled => _state == FutureState.Cancelled;

    /// <summary>
    /// The exception, or null if there is a result. Counts as fetching it.
    /// </summary>
    /// <exception cref="InvalidFutureStateException">It is not done.</exception>
    /// <exception cref="LoopCanceledException">It was cancelled.</exception>
    public Exception? Exception
    {
        get
        {
            switch (_state)
            {
                case FutureState.Pending:
                    throw new InvalidFutureStateException("Exception is not set.");
                case FutureState.Cancelled:
                    throw MakeCancellation();
                default:
                    var stored = Outcome as StoredException;
                    stored?.MarkFetched();
                    return stored?.Error.SourceException;
            }
        }
    }

    /// <summary>Makes it the future of a task.</summary>
    private protected void SetStep(Trampoline step) => _home = step;

    private object? Outcome => _outcome is PlacedOutcome placed ? placed.Outcome : _outcome;

    private protected virtual string Kind => "Future";

    /// <summary>The step of a task; null for a bare future.</summary>
    internal Trampoline? Step => _home as Trampoline;

    /// <summary>
    /// What it is, told from what never changes; of a task that another thread runs at this moment
    /// the coroutine may be one that it has just called. Any thread.
    /// </summary>
    internal virtual string Label => $"<{Kind}{DescribePlace()}>";

    /// <summary>
    /// The context that belongs to it, where it has one and that is not the present one: what is
    /// reported of it is handled there.
    /// </summary>
    internal virtual object? OwnContext => null;

    /// <summary>Where it was made; in debug mode only.</summary>
    internal string? CreatedAt => (_outcome as PlacedOutcome)?.Place;

    /// <summary>True if it failed; asking does not count as fetching the exception.</summary>
    internal bool HasException => _state == FutureState.Failed;

    /// <summary>True if whoever awaits it gets a cancellation.</summary>
    internal bool ThrowsCancellation => IsCancelled
        || Outcome is StoredException { Error.SourceException: LoopCanceledException };

    /// <summary>
    /// Cancels it: whoever awaits it gets <see cref="LoopCanceledException"/>. A task is only asked
    /// to end, see <see cref="LoopTask{T}"/>. (asyncio: <c>Future.cancel</c>)
    /// </summary>
    /// <param name="message">The message of the exception.</param>
    /// <returns>False if it was done already; nothing changes then.</returns>
    public virtual bool Cancel(string? message = null)
    {
        MarkFetched();
        return TryCancel(message);
    }

    /// <summary>State, outcome and waiters, for people.</summary>
    public override string ToString()
    {
        // A result may refer back to this future, through objects of which we know nothing.
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

    /// <summary>Debug mode's check; see <see cref="CoroutineScheduler.CheckThread"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void CheckThread()
    {
        if (CoroutineScheduler.IsDebugUsed)
        {
            Scheduler.CheckThread();
        }
    }

    /// <summary>True if a coroutine on this thread may await it; else awaiting throws.</summary>
    internal bool CanBeAwaitedHere()
    {
        CoroutineScheduler? current = CoroutineScheduler.Current;
        return ReferenceEquals(current, Scheduler)
            && !ReferenceEquals(current.RunningStep?.Owner, this);
    }

    /// <summary>A coroutine of this future (a task) has ended.</summary>
    internal virtual void FinishFrom(CoroutineFrame frame, ExceptionDispatchInfo? error) =>
        throw new UnreachableException("only tasks have a coroutine");

    /// <summary>Throws unless there is a result.</summary>
    [StackTraceHidden]
    internal void ThrowUnlessSucceeded()
    {
        if (_state == FutureState.Succeeded)
        {
            return;
        }

        if (_state == FutureState.Failed)
        {
            var stored = (StoredException)Outcome!;
            stored.MarkFetched();
            TraceLimit.NoteRethrow(stored.Error, stored.TracedAwaits);
            stored.Error.Throw();
        }

        if (Outcome is ExceptionDispatchInfo cancellation)
        {
            TraceLimit.NoteRethrow(cancellation, 0);
            cancellation.Throw();
        }

        throw IsCancelled ? MakeCancellation() : MakeNotReady();
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
        FutureState.Pending => $"pending{DescribeWaiters()}",
        FutureState.Cancelled => "cancelled",
        FutureState.Failed =>
            $"finished exception={((StoredException)Outcome!).ErrorName}",
        _ => $"finished result={DescribeResult()}",
    };

    private protected virtual string DescribeResult() => "";

    /// <summary>
    /// What awaiting it would throw, null if nothing; it is done. Counts as fetching the exception.
    /// </summary>
    internal ExceptionDispatchInfo? TakeError()
    {
        Debug.Assert(IsDone, "a pending future has no error yet");
        switch (Outcome)
        {
            case StoredException stored:
                stored.MarkFetched();
                return stored.Error;
            case ExceptionDispatchInfo cancellation:
                return cancellation;
            default:
                return IsCancelled ? ExceptionDispatchInfo.Capture(MakeCancellation()) : null;
        }
    }

    /// <summary>How many awaits the stack trace of the exception has, if there is one.</summary>
    internal int TracedAwaits => (Outcome as StoredException)?.TracedAwaits ?? 0;

    internal void MarkFetched() => (Outcome as StoredException)?.MarkFetched();

    private protected string DescribePlace() =>
        CreatedAt is { } place ? $" created at {place}" : "";

    private void Complete(FutureState state, object? outcome)
    {
        _state = state;
        if (_outcome is PlacedOutcome placed)
        {
            placed.Outcome = outcome;
        }
        else
        {
            _outcome = outcome;
        }

        TellWaiters();
    }

    private LoopCanceledException MakeCancellation() => new(Outcome switch
    {
        ExceptionDispatchInfo thrown => thrown.SourceException.Message,
        string message => message,
        _ => null,
    });

    private static InvalidFutureStateException MakeNotReady() => new("Result is not ready.");
}
