using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Parks a task on a foreign awaitable, with a continuation that any thread may call.
/// </summary>
/// <remarks>Loop thread only, except the continuation.</remarks>
internal sealed class ForeignParking(FrameStack step) : IForeignWait
{
    // While parked the type of the awaiter, or a ForeignAwait where it might call back twice.
    private object? _awaiter;
    private Action? _continuation;

    public bool IsParked => _awaiter is not null;

    bool IForeignWait.IsPending => step.Wait is null && IsParked;

    TaskStep? IForeignWait.Waiter => step;

    string IForeignWait.Describe() => $"{ShownText.Of(step.Owner)} awaits {DescribeAwait()}";

    /// <summary>The type of the awaiter while the task is parked.</summary>
    public Type? Awaiter => (_awaiter as ForeignAwait)?.Awaiter ?? _awaiter as Type;

    public string? DescribeAwait() =>
        Awaiter is { } awaiter
            && step.Top is { } frame
            ? $"{awaiter.Name.Split('`')[0]}{frame.DescribePlace()}"
            : null;

    public bool Owns(Delegate continuation) => ReferenceEquals(continuation, _continuation);

    /// <summary>
    /// Parks the task. The await throws what <c>OnCompleted</c> throws, unless the awaiter has
    /// called back before.
    /// </summary>
    public void Park<TAwaiter>(ref TAwaiter awaiter) where TAwaiter : INotifyCompletion
    {
        try
        {
            awaiter.OnCompleted(Begin<TAwaiter>());
        }
        catch (Exception error) when (!End())
        {
            ReportThrowAfterCall(error);
        }
    }

    /// <inheritdoc cref="Park"/>
    public void ParkUnsafe<TAwaiter>(ref TAwaiter awaiter)
        where TAwaiter : ICriticalNotifyCompletion
    {
        try
        {
            awaiter.UnsafeOnCompleted(Begin<TAwaiter>());
        }
        catch (Exception error) when (!End())
        {
            ReportThrowAfterCall(error);
        }
    }

    /// <summary>Ends the wait; false if the awaiter has called back already.</summary>
    public bool End()
    {
        bool isFirst = _awaiter is not ForeignAwait wait || wait.End();
        if (isFirst)
        {
            Clear();
        }

        return isFirst;
    }

    /// <summary>The task resumes; later calls are ignored.</summary>
    public void OnResumed()
    {
        (_awaiter as ForeignAwait)?.End();
        Clear();
    }

    private void Clear()
    {
        _awaiter = null;
        step.Scheduler.ForeignWaits?.End(this);
    }

    private Action Begin<TAwaiter>()
    {
        Action continuation;
        if (ForeignAwaiter<TAwaiter>.CallsOnce)
        {
            _awaiter = typeof(TAwaiter);
            continuation = _continuation ??= step.ResumeFromAnywhere;
        }
        else
        {
            var wait = new ForeignAwait(step, typeof(TAwaiter));
            _awaiter = wait;
            continuation = wait.Continue;
        }

        step.Scheduler.ForeignWaits?.Begin(this, step.Scheduler.RunningStep);
        return continuation;
    }

    private void ReportThrowAfterCall(Exception error)
    {
        ((Future)step.Owner).Report(
            "A foreign awaiter threw after it had called back, in "
                + $"{ShownText.Of(step.Owner)}: the exception is ignored.",
            error);
    }
}
