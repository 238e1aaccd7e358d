namespace Reactor.Simulation;

/// <summary>
/// Options of an <see cref="InMemoryDriver"/>, read once at its creation.
/// </summary>
public sealed record InMemoryOptions
{
    /// <summary>
    /// The seed of all random numbers; null, the default, draws one
    /// (<see cref="InMemoryDriver.Seed"/>).
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The wall-clock time at virtual zero. Default 2000-01-01, which exposes code that reads the
    /// real clock.
    /// </summary>
    public DateTimeOffset StartUtc { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Bytes in flight or unread per direction of a connection. Default 64 KiB, TCP's largest
    /// unscaled window.
    /// </summary>
    public int WindowBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes that a send may take beyond the window; they survive an orderly close. Default 0;
    /// Linux takes up to 4 MiB (<c>tcp_wmem</c>).
    /// </summary>
    public int SendBufferBytes { get; init; }

    /// <summary>
    /// Bytes that the peer must read before the window opens again by that number; 1 to <see
    /// cref="WindowBytes"/>. Default 1; Linux uses 64 KiB or more on loopback.
    /// </summary>
    public int WindowStepBytes { get; init; } = 1;

    /// <summary>
    /// Real time that a poll waits for another thread when no event or timer is left; also the
    /// minimum of <see cref="TurnsAtOneMomentMax"/>. Default 5 s, enough for a pool thread on a
    /// busy machine. May be infinite.
    /// </summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Maximum number of turns at one virtual time, against tasks that poll with <c>Yield</c>.
    /// Beyond it, and after <see cref="StallMax"/>, the poll throws and names the ready work.
    /// Default 1,000,000.
    /// </summary>
    public long TurnsAtOneMomentMax { get; init; } = 1_000_000;

    /// <summary>
    /// True to throw when the clock jumps during a foreign await; false, the default, reports it
    /// once.
    /// </summary>
    public bool RejectForeignAwaits { get; init; }

    /// <summary>
    /// Maximum real time for which work on another thread stops the clock. Default 30 s. May be
    /// infinite.
    /// </summary>
    public TimeSpan WorkElsewhereMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The initial <see cref="InMemoryDriver.Faults"/>.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>
    /// If set, exactly these faults happen and <see cref="Faults"/> draws none. The list of the
    /// faults that another run reported to <see cref="FaultTrace"/> repeats that run, with the same
    /// <see cref="Seed"/> and program. Faults whose opportunity does not come do not happen.
    /// </summary>
    public IReadOnlyList<Fault>? OnlyFaults { get; init; }

    /// <summary>
    /// Called for each fault when it has its effect, on the loop thread. It must not use the loop.
    /// </summary>
    public Action<NetworkFault>? FaultTrace { get; init; }

    /// <summary>Called for each delivered network event, on the loop thread.</summary>
    public Action<NetworkTrace>? Trace { get; init; }
}
