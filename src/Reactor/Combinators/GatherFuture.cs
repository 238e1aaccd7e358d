using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The future behind <c>WhenAll</c> and <c>WhenAllSettled</c> (asyncio: <c>_GatheringFuture</c>):
/// done when all children are, or at the first error unless it collects errors; later errors count
/// as fetched. Cancelling it cancels the children and waits for them; it then fails with a
/// cancellation.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class GatherFuture<TResult> : Future<TResult>, IAwaitsFutures, IDoneObserver
{
    private readonly IReadOnlyList<Future> _children;
    private readonly Func<TResult> _collect;
    private readonly bool _isSettled;
    private readonly CountStep _countStep;
    private readonly List<Future> _failed = [];
    private Future? _last;
    private int _succeeded;
    private int _left;
    private bool _isCancelRequested;

    public GatherFuture(
        CoroutineScheduler scheduler, IReadOnlyList<Future> futures, Func<TResult> collect,
        bool isSettled)
        : base(scheduler)
    {
        _collect = collect;
        _isSettled = isSettled;
        _countStep = new CountStep(this);
        ReadOnlySpan<Future> all = futures as Future[] ?? [.. futures];
        List<Future>? done = null;
        List<Future>? some = null; // null: all of those before are children
        for (int i = 0; i < all.Length; i++)
        {
            Future future = all[i];
            if (!future.IsDone && future.TryAddObserver(this))
            {
                some?.Add(future);
                continue;
            }

            some ??= [.. all[..i]];
            if (future.IsDone)
            {
                (done ??= []).Add(future);
            }
        }

        _children = some ?? futures;

        // Done futures count at once.
        _left = _children.Count;
        done?.ForEach(Take);
        if (_left == 0 && !IsDone)
        {
            Finish(done?[^1]);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Future> Awaited => _children;

    /// <inheritdoc/>
    public bool IsOneEnough => false;

    /// <inheritdoc/>
    bool IFutureWaiter.IsOver => IsDone;

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        MarkFetched();
        if (IsDone)
        {
            return false;
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Nested 10,000 deep: the rest is asked a turn later, when the children may be done.
            _isCancelRequested = true;
            Scheduler.Post(new CancelStep(this, message));
            return true;
        }

        bool isAnyLeft = false;
        foreach (Future child in _children)
        {
            isAnyLeft |= child.Cancel(message);
        }

        _isCancelRequested |= isAnyLeft;
        return isAnyLeft;
    }

    /// <summary>Counts in the next turn, in one step for all that are done by then.</summary>
    void IDoneObserver.OnDone(Future child)
    {
        _last = child;
        if (child.HasException || child.IsCancelled)
        {
            _failed.Add(child);
        }
        else
        {
            _succeeded++;
        }

        if (!_countStep.IsQueued)
        {
            Scheduler.Post(_countStep);
        }
    }

    private void Count()
    {
        _left -= _succeeded + _failed.Count;
        _succeeded = 0;
        _failed.ForEach(Take);
        _failed.Clear();
        if (_left == 0 && !IsDone)
        {
            Finish(_last);
        }
    }

    /// <summary>Takes the error of a child, unless errors are results.</summary>
    private void Take(Future child)
    {
        if (IsDone || !_isSettled)
        {
            ExceptionDispatchInfo? error = child.TakeError();
            if (error is not null && !IsDone)
            {
                TryFail(error, child.TracedAwaits);
                LeaveChildren();
            }
        }
    }

    private void LeaveChildren()
    {
        foreach (Future child in _children)
        {
            if (!child.IsDone) // Count takes the error of a done child
            {
                child.Drop((IDoneObserver)this);
            }
        }
    }

    private void Finish(Future? last)
    {
        TResult result = _collect();
        if (_isCancelRequested)
        {
            // A cancellation, even if the children swallowed theirs.
            TryFail(last is { IsCancelled: true }
                ? last.TakeError()!
                : ExceptionDispatchInfo.Capture(new LoopCanceledException()));
        }
        else
        {
            TrySucceed(result);
        }
    }

    private sealed class CancelStep(GatherFuture<TResult> gather, string? message) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => gather.Cancel(message);
    }

    private sealed class CountStep(GatherFuture<TResult> gather) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => gather.Count();
    }
}

/// <summary>Shared by <c>WhenAll</c> and <c>WhenAllSettled</c>.</summary>
internal static class Gather
{
    // Arrays: a list costs an interface call for each future.
    public static Future<T[]> All<T>(Future<T>[] futures) => Start(
        futures, () => Array.ConvertAll(futures, static it => it.Result), isSettled: false);

    public static Future<Outcome<T>[]> Settled<T>(Future<T>[] futures) => Start(
        futures, () => Array.ConvertAll(futures, Outcome<T>.Of), isSettled: true);

    public static Future<TResult> Start<TResult>(
        IReadOnlyList<Future> futures, Func<TResult> collect, bool isSettled = false)
    {
        CoroutineScheduler scheduler = OneLoop.Of(futures, nameof(futures));
        return new GatherFuture<TResult>(scheduler, futures, collect, isSettled);
    }

    /// <summary>Each call as a task; the same call is the same task.</summary>
    public static LoopTask<T>[] Tasks<T>(IEnumerable<Coroutine<T>> coroutines)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        var calls = new CallSet();
        return [.. coroutines.Select(calls.TaskOf)];
    }
}

/// <summary>The task of each call: no call begins twice.</summary>
internal sealed class CallSet
{
    private readonly CoroutineScheduler _scheduler = LoopAwaits.Scheduler;
    private readonly Dictionary<(CoroutineFrame, int), Future> _known = [];

    public LoopTask<T> TaskOf<T>(Coroutine<T> coroutine)
    {
        if (_known.TryGetValue(coroutine.Key, out Future? known))
        {
            return (LoopTask<T>)known;
        }

        LoopTask<T> task = _scheduler.StartTask(coroutine);
        _known.Add(coroutine.Key, task);
        return task;
    }
}
