namespace Reactor.Tools.Loadgen;

/// <summary>
/// The accounting of one phase. Every scheduled request ends in exactly one row:
/// scheduled = ok + status + io + timeout + dropped + in flight. One thread at a time.
/// </summary>
internal sealed class Tally
{
    private readonly long[] _failures = new long[Causes.All.Length];

    /// <summary>
    /// Requests that the plan asked for: in an open loop by the schedule, in a closed loop by being
    /// sent.
    /// </summary>
    public long Scheduled { get; set; }

    /// <summary>Requests sent; a dropped or never released request is not.</summary>
    public long Sent { get; set; }

    /// <summary>Complete responses that are what was expected.</summary>
    public long Ok { get; set; }

    /// <summary>Requests dropped because no connection was free.</summary>
    public long Dropped { get; set; }

    /// <summary>Requests without an outcome at the end of the drain.</summary>
    public long InFlight { get; set; }

    /// <summary>Bytes of responses (heads and bodies), including incomplete ones.</summary>
    public long Bytes { get; set; }

    /// <summary>
    /// Connections closed because of a response that no request asked for; not part of the sum.
    /// </summary>
    public long Unasked { get; set; }

    /// <summary>
    /// Connects that failed; those that failed a request are in that request's row too, so they
    /// are not part of the sum.
    /// </summary>
    public long ConnectErrors { get; set; }

    /// <summary>Number of requests that failed by a cause.</summary>
    public long this[Cause cause] => _failures[Array.IndexOf(Causes.All, cause)];

    /// <summary>Complete responses: the successful, and those in the status row.</summary>
    public long Completed => Ok + this[FailureRow.Status];

    /// <summary>Requests that ended in a row of failures.</summary>
    public long Failed => _failures.Sum();

    /// <summary>Requests without a row; 0 after a run.</summary>
    public long Open => Scheduled - Ok - Failed - Dropped - InFlight;

    /// <summary>Number of requests that failed in a row of the accounting.</summary>
    public long this[FailureRow row] =>
        Causes.All.Where(cause => Causes.RowOf(cause) == row).Sum(cause => this[cause]);

    /// <summary>Counts failures.</summary>
    public void Fail(Cause cause, long count = 1) =>
        _failures[Array.IndexOf(Causes.All, cause)] += count;

    /// <summary>Adds the counts of another tally.</summary>
    public void Merge(Tally other)
    {
        Scheduled += other.Scheduled;
        Sent += other.Sent;
        Ok += other.Ok;
        Dropped += other.Dropped;
        InFlight += other.InFlight;
        Bytes += other.Bytes;
        Unasked += other.Unasked;
        ConnectErrors += other.ConnectErrors;
        for (int i = 0; i < _failures.Length; i++)
        {
            _failures[i] += other._failures[i];
        }
    }
}
