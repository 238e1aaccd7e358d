using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// Protects a future from the cancellation of its waiters (asyncio: <c>shield</c>). Once cancelled
/// it leaves the inner future, whose error is reported unless it is fetched there.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ShieldFuture<T> : Future<T>, IAwaitsFutures
{
    private readonly Future<T> _inner;
    private readonly DoneCallback _onInnerDone;

    public ShieldFuture(Future<T> inner) : base(inner.Scheduler)
    {
        _inner = inner;
        _onInnerDone = inner.Register(OnInnerDone);
    }

    /// <inheritdoc/>
    public IEnumerable<Future> Awaited => [_inner];

    /// <inheritdoc/>
    public bool IsOneEnough => false;

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        bool isCancelled = base.Cancel(message);
        if (isCancelled)
        {
            _inner.Drop(_onInnerDone);
        }

        return isCancelled;
    }

    private void OnInnerDone(Future inner)
    {
        if (IsDone)
        {
            return; // other waiters get the inner error
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
            TrySucceed(_inner.Result);
        }
    }
}
