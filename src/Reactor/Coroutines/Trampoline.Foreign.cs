using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// How a task awaits what is none of ours: it gives the awaitable a continuation, which any thread
/// may call, and reports can name the await while it lasts. The trampoline itself is in
/// Trampoline.cs.
/// </summary>
internal sealed partial class Trampoline : IForeignWait
{
    bool IForeignWait.IsPending => _wait is null && AwaitsForeign;

    string IForeignWait.Describe() => $"{ShownText.Of(_task)} awaits {DescribeForeignAwait()}";

    /// <summary>True while it waits for something that is none of ours.</summary>
    public bool AwaitsForeign => _incidents?.ForeignAwaiter is not null;

    /// <summary>
    /// What it waits for, if that is none of ours: the awaiter, the method and, where the symbols
    /// are there, file and line of the await; else null. For reports.
    /// </summary>
    public string? DescribeForeignAwait() =>
        _incidents?.ForeignAwaiter is { } awaiter && Top is { } frame
            ? $"{awaiter.Name.Split('`')[0]}{AwaitPlace.Of(frame)}"
            : null;

    /// <summary>
    /// Parks the task on something foreign. What <c>OnCompleted</c> throws is thrown by the await,
    /// unless it has called back before: then the await stands, because its end is queued.
    /// </summary>
    public void AwaitForeign<TAwaiter>(ref TAwaiter awaiter)
        where TAwaiter : INotifyCompletion
    {
        try
        {
            awaiter.OnCompleted(SuspendOnForeign<TAwaiter>());
        }
        catch (Exception error) when (!_incidents!.EndForeignAwait(this))
        {
            BrokenAwaiter.ReportThrowAfterCall(_task, error);
        }
    }

    /// <inheritdoc cref="AwaitForeign"/>
    public void AwaitForeignUnsafe<TAwaiter>(ref TAwaiter awaiter)
        where TAwaiter : ICriticalNotifyCompletion
    {
        try
        {
            awaiter.UnsafeOnCompleted(SuspendOnForeign<TAwaiter>());
        }
        catch (Exception error) when (!_incidents!.EndForeignAwait(this))
        {
            BrokenAwaiter.ReportThrowAfterCall(_task, error);
        }
    }

    /// <inheritdoc/>
    internal override bool IsForeignContinuation(Delegate continuation) =>
        ReferenceEquals(continuation, _incidents?.ForeignContinuation);

    private Action SuspendOnForeign<TAwaiter>()
    {
        TaskIncidents incidents = Incidents;
        if (ForeignAwaiter<TAwaiter>.CallsOnce)
        {
            incidents.BeginForeignAwait(this, typeof(TAwaiter));
            return incidents.ForeignContinuation ??= OnForeignCompleted;
        }

        var wait = new ForeignAwait(this, typeof(TAwaiter));
        incidents.BeginForeignAwait(this, wait);
        return wait.Continue;
    }

    // Runs on any thread: wherever the foreign awaitable completes.
    private void OnForeignCompleted() => Scheduler.PostFromAnywhere(this);
}
