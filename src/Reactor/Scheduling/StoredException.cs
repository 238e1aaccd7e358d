using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The exception of a future, with the question whether anybody has fetched it. An object of its
/// own, made only when something failed: it alone needs a finalizer, and futures stay cheap.
/// </summary>
/// <remarks>
/// Reported at the latest when the loop closes (it sweeps what it was told of), earlier if the
/// collector finds it first. asyncio reports at collection only; .NET's collector is too late for
/// that to be of use.
/// </remarks>
public sealed class StoredException
{
    private readonly CoroutineScheduler _scheduler;
    private readonly string _kind;
    private readonly object _future;
    private readonly string? _createdAt;
    private int _isSettled;

    internal StoredException(
        CoroutineScheduler scheduler,
        string kind,
        object future,
        ExceptionDispatchInfo error,
        string? createdAt)
    {
        _scheduler = scheduler;
        _kind = kind;
        _future = future;
        _createdAt = createdAt;
        Error = error;
    }

    /// <summary>
    /// The collector found it first. The report is user code, so it runs on the loop thread.
    /// </summary>
    ~StoredException() => _scheduler.PostThreadSafe(new UnfetchedReport(this));

    internal ExceptionDispatchInfo Error { get; }

    internal string ErrorName => Error.SourceException.GetType().Name;

    /// <summary>
    /// Counts as fetched: a result, an exception or an await was asked for, or it was cancelled.
    /// </summary>
    internal void MarkFetched() => TrySettle();

    /// <summary>
    /// Reports the exception unless it was fetched or reported before. Any thread.
    /// </summary>
    internal void ReportIfUnfetched()
    {
        if (!TrySettle())
        {
            return;
        }

        _scheduler.Report(new LoopErrorContext
        {
            Message = $"{_kind} exception was never retrieved: {ShownText.Of(_future)}; await it, "
                + "or look at its Exception.",
            Exception = Error.SourceException,
            Future = _future,
            CreatedAt = _createdAt,
        });
    }

    /// <summary>How many awaits the stack trace of the exception has.</summary>
    internal int TracedAwaits { get; init; }

    /// <summary>True once it was fetched or reported. Any thread.</summary>
    internal bool IsSettled => Volatile.Read(ref _isSettled) != 0;

    private bool TrySettle()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
        {
            return false;
        }

#pragma warning disable CA1816 // there is nothing to dispose of: the finalizer only reports
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
        return true;
    }
}

/// <summary>Carries a report from the finalizer thread to the loop thread.</summary>
internal sealed class UnfetchedReport(StoredException stored) : LoopWork
{
    /// <inheritdoc/>
    public override void Run() => stored.ReportIfUnfetched();
}
