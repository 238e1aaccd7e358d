namespace Reactor;

/// <summary>
/// A future whose outcome comes from others: futures, or a task of threads. Code that has it can
/// set or cancel it before. It then leaves its sources at once, because these may live as long as
/// the process.
/// </summary>
/// <remarks>
/// Loop thread only. A subclass that has left its sources already gives their outcome with members
/// that are not overridden here (<c>SetOwnResult</c>, <c>TryFail</c>).
/// </remarks>
internal abstract class SourcedFuture<T>(CoroutineScheduler? scheduler = null)
    : Future<T>(scheduler)
{
    /// <inheritdoc/>
    public override bool Cancel(string? message = null) => LeaveIf(base.Cancel(message));

    /// <inheritdoc/>
    public override bool TrySetResult(T result) => LeaveIf(base.TrySetResult(result));

    /// <inheritdoc/>
    public override bool TrySetException(Exception exception) =>
        LeaveIf(base.TrySetException(exception));

    /// <summary>Removes this future from what it waits for; it is done.</summary>
    protected abstract void LeaveSources();

    private bool LeaveIf(bool isDoneNow)
    {
        if (isDoneNow)
        {
            LeaveSources();
        }

        return isDoneNow;
    }
}
