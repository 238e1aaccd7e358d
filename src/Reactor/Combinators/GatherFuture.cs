using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The future behind <c>WhenAll</c> and <c>WhenAllSettled</c> (asyncio: <c>_GatheringFuture</c>).
/// It is done when all children are, or at the first error if errors are not collected; the others
/// go on then, and what they throw later counts as fetched. Cancelling it cancels the children and
/// waits for them.
/// </summary>
/// <remarks>
/// Loop thread only. A cancelled child makes this fail with a cancellation, it does not make it
/// cancelled: only somebody who cancels this is answered so, and even then the children end first.
/// </remarks>
internal sealed class GatherFuture<TResult> : Future<TResult>, IAwaitsFutures
{
    private readonly Future[] _children;
    private readonly Func<TResult> _collect;
    private readonly bool _isSettled;
    private int _left;
    private bool _isCancelRequested;

    /// <summary>Begins to wait.</summary>
    /// <param name="scheduler">The loop of all children.</param>
    /// <param name="children">Each once.</param>
    /// <param name="collect">Makes the result, when all are done.</param>
    /// <param name="isSettled">True: errors belong to the result.</param>
    public GatherFuture(
        CoroutineScheduler scheduler, Future[] children, Func<TResult> collect, bool isSettled)
        : base(scheduler)
    {
        _children = children;
        _collect = collect;
        _isSettled = isSettled;
        _left = children.Length;
        bool[] wasDone = [.. children.Select(child => child.IsDone)];
        Action<Future> onDone = OnChildDone;
        for (int i = 0; i < children.Length; i++)
        {
            if (!wasDone[i])
            {
                children[i].AddDoneCallback(onDone);
            }
        }

        // Those that are done count at once: when all are, this is done when the caller gets it.
        for (int i = 0; i < children.Length; i++)
        {
            if (wasDone[i])
            {
                OnChildDone(children[i]);
            }
        }

        if (children.Length == 0)
        {
            TrySetResult(collect());
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Future> Awaited => _children;

    /// <inheritdoc/>
    public bool IsOneEnough => false;

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        MarkFetched();
        if (IsDone)
        {
            return false;
        }

        bool isAnyLeft = false;
        foreach (Future child in _children)
        {
            isAnyLeft |= child.Cancel(message);
        }

        _isCancelRequested |= isAnyLeft;
        return isAnyLeft;
    }

    private void OnChildDone(Future child)
    {
        _left--;
        ExceptionDispatchInfo? error = null;
        if (IsDone || !_isSettled)
        {
            error = child.TakeError();
        }

        if (IsDone)
        {
            return;
        }

        if (error is not null)
        {
            TryFail(error);
        }
        else if (_left == 0)
        {
            Finish(child);
        }
    }

    private void Finish(Future last)
    {
        TResult result = _collect();
        if (_isCancelRequested)
        {
            // Who cancelled this waits for a cancellation, whatever the children made of theirs.
            TryFail(last.IsCancelled
                ? last.TakeError()!
                : ExceptionDispatchInfo.Capture(new LoopCanceledException()));
        }
        else
        {
            TrySetResult(result);
        }
    }
}

/// <summary>What <c>WhenAll</c> and <c>WhenAllSettled</c> have in common.</summary>
internal static class Gather
{
    public static Future<T[]> All<T>(IReadOnlyList<Future<T>> futures) => Start(
        futures, () => futures.Select(future => future.Result).ToArray(), isSettled: false);

    public static Future<Outcome<T>[]> Settled<T>(IReadOnlyList<Future<T>> futures) => Start(
        futures, () => futures.Select(Outcome<T>.Of).ToArray(), isSettled: true);

    /// <summary>Waits for all of these, and then makes one result of them.</summary>
    public static Future<TResult> Start<TResult>(
        IReadOnlyList<Future> futures, Func<TResult> collect, bool isSettled = false)
    {
        Future[] children = [.. futures.Distinct()];
        CoroutineScheduler scheduler = children.Length > 0
            ? children[0].Scheduler
            : LoopAwaits.Scheduler;
        if (children.FirstOrDefault(child => child.Scheduler != scheduler) is { } stranger)
        {
            throw new ArgumentException(
                $"{stranger} belongs to a different loop than the others.", nameof(futures));
        }

        return new GatherFuture<TResult>(scheduler, children, collect, isSettled);
    }

    /// <summary>Each call as a task of the running loop; the same call is the same task.</summary>
    public static IReadOnlyList<LoopTask<T>> Tasks<T>(IEnumerable<Coroutine<T>> coroutines)
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
    private readonly Dictionary<CoroutineFrame, Future> _known = [];

    public LoopTask<T> TaskOf<T>(Coroutine<T> coroutine)
    {
        if (_known.TryGetValue(coroutine.Frame, out Future? known))
        {
            return (LoopTask<T>)known;
        }

        LoopTask<T> task = _scheduler.StartTask(coroutine);
        _known.Add(coroutine.Frame, task);
        return task;
    }
}
