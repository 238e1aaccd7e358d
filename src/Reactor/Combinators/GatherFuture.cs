using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The future behind <c>WhenAll</c> and <c>WhenAllSettled</c> (asyncio: <c>_GatheringFuture</c>).
/// It is done when all children are, or at the first error if errors are not collected; the others
/// go on then, and what they throw later counts as fetched. Cancelling it cancels the children and
/// waits for them.
/// </summary>
/// <remarks>
/// Loop thread only. A cancelled child makes this fail with a cancellation; it does not make this
/// cancelled. Where this is cancelled itself, it fails with a cancellation too, once the children
/// have ended.
/// </remarks>
internal sealed class GatherFuture<TResult>
    : Future<TResult>, IAwaitsFutures, IDoneObserver
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

    /// <summary>Begins to wait.</summary>
    /// <param name="scheduler">The loop of all futures.</param>
    /// <param name="futures">Twice the same counts once.</param>
    /// <param name="collect">Makes the result, when all are done.</param>
    /// <param name="isSettled">True: errors belong to the result.</param>
    public GatherFuture(
        CoroutineScheduler scheduler,
        IReadOnlyList<Future> futures,
        Func<TResult> collect,
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

        // Those that are done count at once: when all are, this is done when the caller gets it.
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
    bool IDoneObserver.IsOver => IsDone;

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
            // One that waits for others of its kind, 10,000 deep: the rest is asked a turn later.
            // It counts as cancelled now, since the children may all be done by then.
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

    /// <summary>
    /// A child is done. It is counted in the next turn, where a callback would be; one step for all
    /// that are done by then, instead of a callback for each.
    /// </summary>
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

    /// <summary>Takes the error of one that is done, unless errors belong to the result.</summary>
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
            if (!child.IsDone) // of one that is done, Count takes the error
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
            // The caller of Cancel waits for a cancellation, whatever the children made of theirs.
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

/// <summary>What <c>WhenAll</c> and <c>WhenAllSettled</c> have in common.</summary>
internal static class Gather
{
    // Arrays, here and above: one that is passed as a list calls through its interface for each
    // future, and a hundred thousand of them are gathered as well.
    public static Future<T[]> All<T>(Future<T>[] futures) => Start(
        futures, () => Array.ConvertAll(futures, static it => it.Result), isSettled: false);

    public static Future<Outcome<T>[]> Settled<T>(Future<T>[] futures) => Start(
        futures, () => Array.ConvertAll(futures, Outcome<T>.Of), isSettled: true);

    /// <summary>Waits for all of these, and then makes one result of them.</summary>
    public static Future<TResult> Start<TResult>(
        IReadOnlyList<Future> futures, Func<TResult> collect, bool isSettled = false)
    {
        CoroutineScheduler scheduler = OneLoop.Of(futures, nameof(futures));
        return new GatherFuture<TResult>(scheduler, futures, collect, isSettled);
    }

    /// <summary>Each call as a task of the running loop; the same call is the same task.</summary>
    public static LoopTask<T>[] Tasks<T>(IEnumerable<Coroutine<T>> coroutines)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        var calls = new CallSet();
        return [.. coroutines.Select(calls.TaskOf)];
    }
}

/// <summary>The tasks that calls of coroutines became, so that none is begun twice.</summary>
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
