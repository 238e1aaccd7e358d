namespace Reactor.Tools.Loadgen;

/// <summary>
/// The five times of the measured requests, and two of this program, in nanoseconds. One thread at
/// a time.
/// </summary>
/// <remarks>
/// Scheduled → released is this program's lateness; released → sent is the queue (no connection
/// was free); sent → last byte is the service time. In a closed loop a request is scheduled,
/// released and sent at the same instant.
/// </remarks>
internal sealed class LoadTimes
{
    /// <summary>From the scheduled instant to the last byte.</summary>
    public Distribution Response { get; init; } = new();

    /// <summary>From the send to the last byte.</summary>
    public Distribution Service { get; init; } = new();

    /// <summary>From the send to the first byte of the response.</summary>
    public Distribution FirstByte { get; init; } = new();

    /// <summary>From the scheduled instant to the release: the fault of this program.</summary>
    public Histogram Lateness { get; init; } = new();

    /// <summary>From the release to the send: no connection was free.</summary>
    public Histogram Queue { get; init; } = new();

    /// <summary>Duration of successful connects, of the whole run.</summary>
    public Histogram Connect { get; init; } = new();

    /// <summary>
    /// How late a callback that was due every 10 ms ran, in the window: the loop's lag.
    /// </summary>
    public Histogram LoopLag { get; init; } = new();

    /// <summary>Adds the times of another worker.</summary>
    public void Merge(LoadTimes other)
    {
        Response.Merge(other.Response);
        Service.Merge(other.Service);
        FirstByte.Merge(other.FirstByte);
        Lateness.Merge(other.Lateness);
        Queue.Merge(other.Queue);
        Connect.Merge(other.Connect);
        LoopLag.Merge(other.LoopLag);
    }
}
