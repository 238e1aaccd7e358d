using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// Stands between a future and those who may be cancelled while they wait for it (asyncio:
/// <c>shield</c>). Cancelled or set by hand, it lets go of the inner future, which then has no
/// trace of it: an error of the inner one is reported unless it is fetched there.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ShieldFuture<T> : SourcedFuture<T>, IAwaitsFutures
{
    private readonly Future<T> _inner;
    private readonly DoneCallback _onInnerDone;

    public ShieldFuture(Future<T> inner)
        : base(inner.Scheduler)
    {
        _inner = inner;
        _onInnerDone = inner.Register(OnInnerDone);
    }

    /// <inheritdoc/>
    public IEnumerable<Future> Awaited => [_inner];

    /// <inheritdoc/>
    public bool IsOneEnough => false;

    /// <inheritdoc/>
    protected override void LeaveSources()
    {
        if (!_inner.IsDone)
        {
            _inner.Drop(_onInnerDone);
        }
    }

    private void OnInnerDone(Future inner)
    {
        if (IsDone)
        {
            return; // the inner error, if there is one, is for others to fetch
        }

        ExceptionDispatchInfo? error = inner.TakeError();
        if (inner.IsCancelled)
        {
            TryCancel(error);
        }
        else if (error is not null)
        {
            TryFail(error, inner.TracedAwaits);
        }
        else
        {
            SetOwnResult(_inner.Result);
        }
    }
}
