namespace Reactor.Inspector;

/// <summary>
/// The port of an inspector, what it calls slow and blocked, and the bounds of its recordings.
/// Immutable; any thread.
/// </summary>
public sealed record InspectorOptions
{
    /// <summary>
    /// The port on the loopback address, 0 to 65535. Default 0: a free port, which
    /// <see cref="LoopInspectorServer.Url"/> shows.
    /// </summary>
    public int Port { get; init; }

    /// <summary>The name of the program on the page. Default null: that of the process.</summary>
    public string? Program { get; init; }

    /// <summary>
    /// The time after which one piece of work counts as blocking the loop. Default 100 ms, which
    /// users notice.
    /// </summary>
    public TimeSpan BlockedAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Events that the inspected loop may be ahead of the inspector; more are dropped and counted.
    /// Default 262,144: 13 MB, and a second of 20,000 requests.
    /// </summary>
    public int EventsMax { get; init; } = 262_144;

    /// <summary>
    /// Events of a recording; it ends early at this bound. Default 2,000,000: 80 MB.
    /// </summary>
    public int RecordedEventsMax { get; init; } = 2_000_000;
}
