namespace Reactor.Tools.Loadgen;

/// <summary>
/// Reports the progress of a run at each whole second. Loop thread only; reads the counts of other
/// workers while they change, which is exact enough for a line of progress.
/// </summary>
internal sealed class ProgressTimer : DeadlineTimer, IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _begin;
    private readonly Worker?[] _workers;
    private readonly Action<LoadProgress>? _report;
    private long _lastResponses;
    private int _seconds;

    /// <summary>Makes a timer, armed if there is anything to call.</summary>
    /// <param name="loop">The running loop.</param>
    /// <param name="begin">The begin of the run on its clock.</param>
    /// <param name="workers">The workers, null until they have started.</param>
    /// <param name="report">Called at each second, or null.</param>
    public ProgressTimer(
        EventLoop loop, TimeSpan begin, Worker?[] workers, Action<LoadProgress>? report)
        : base(loop)
    {
        (_begin, _workers, _report) = (begin, workers, report);
        if (report is not null)
        {
            Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Disarm();

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        long responses = 0;
        long failed = 0;
        TimeBound? p99 = null;
        foreach (Worker? worker in _workers)
        {
            if (worker?.Record is not { } record)
            {
                continue;
            }

            responses += record.Responses;
            failed += record.FailedSoFar;
            if (record.ResponseSoFar is { Count: > 0 } times
                && times.Percentile(99) is var mine
                && !(mine.Nanoseconds <= p99?.Nanoseconds))
            {
                p99 = mine; // the worst worker's
            }
        }

        _report!(new LoadProgress(s_second * _seconds, responses - _lastResponses, failed, p99));
        _lastResponses = responses;
        Arm();
    }

    private void Arm() => Set(_begin + (s_second * ++_seconds));
}
