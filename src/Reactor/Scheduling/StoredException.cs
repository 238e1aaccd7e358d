using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The exception of a future, and whether it was retrieved: a separate object, because a finalizer
/// would make every future expensive.
/// </summary>
/// <remarks>
/// Reported when the loop closes, unless the collector, on which asyncio relies, is earlier.
/// </remarks>
internal sealed class StoredException(
    CoroutineScheduler scheduler, string kind, object future, ExceptionDispatchInfo error,
    string? createdAt) : ILeftover
{
    private int _isSettled;

    /// <summary>Posts the report, which runs user code.</summary>
    ~StoredException() => scheduler.PostThreadSafe(new LeftoverReport(this));

    public ExceptionDispatchInfo Error { get; } = error;

    public string ErrorName => Error.SourceException.GetType().Name;

    public int TracedAwaits { get; init; }

    /// <inheritdoc/>
    public bool IsSettled => Volatile.Read(ref _isSettled) != 0;

    public void MarkFetched() => TrySettle();

    /// <inheritdoc/>
    public void ReportIfUnsettled()
    {
        if (TrySettle())
        {
            scheduler.Report(new LoopErrorContext
            {
                Message = $"{kind} exception was never retrieved: {ShownText.Of(future)}; await "
                    + "it, or look at its Exception.",
                Exception = Error.SourceException,
                Future = future,
                CreatedAt = createdAt,
            });
        }
    }

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
