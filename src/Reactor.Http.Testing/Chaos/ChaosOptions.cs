using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>The kinds of faults that a <see cref="ChaosSearch"/> draws.</summary>
[Flags]
public enum ChaosFaults
{
    /// <summary>None: only the order that the seed itself decides.</summary>
    None = 0,

    /// <summary>A connection is reset after a number of bytes of one direction.</summary>
    Resets = 1,

    /// <summary>A write arrives in pieces.</summary>
    Splits = 2,

    /// <summary>A connect, a segment or the end of a stream takes longer.</summary>
    Delays = 4,

    /// <summary>
    /// A client leaves some time after it has sent bytes, for example while its handler runs.
    /// </summary>
    Disconnects = 8,

    /// <summary>All of them.</summary>
    All = Resets | Splits | Delays | Disconnects,
}

/// <summary>The options of a <see cref="ChaosSearch"/>. Immutable.</summary>
public sealed record ChaosOptions
{
    /// <summary>
    /// Maximum number of seeds. Default 1,000: about a second for a scenario of a few requests.
    /// </summary>
    public int SeedsMax { get; init; } = 1000;

    /// <summary>
    /// The first seed; the others follow it. Default null: a fresh one, which is in the result and
    /// in the message of a failure.
    /// </summary>
    public int? FirstSeed { get; init; }

    /// <summary>
    /// Real time after which no further seed is tried; the shrinking of a failure may take as long
    /// again. A single run that takes as long, and at least a second, fails with
    /// <see cref="TimeoutException"/>, unless a debugger is attached. Default 60 s, bearable in a
    /// build.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Virtual time after which a scenario fails with <see cref="TimeoutException"/>, so that one
    /// that waits for ever is a failure like others. Default one day.
    /// </summary>
    public TimeSpan ScenarioTimeMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The kinds of faults. Each seed draws a random subset of them, with random magnitudes.
    /// Default all. Not used with a <see cref="Plan"/>.
    /// </summary>
    public ChaosFaults Kinds { get; init; } = ChaosFaults.All;

    /// <summary>
    /// A failure with more faults than this, after shrinking, is reported as one that could not be
    /// shrunk. Default 3, which a reader can follow.
    /// </summary>
    public int FaultsMax { get; init; } = 3;

    /// <summary>
    /// The chances of all seeds, in place of those chosen by <see cref="Kinds"/>; also for kinds
    /// that these do not have, such as short sends and failing accepts. Default null.
    /// </summary>
    public FaultPlan? Plan { get; init; }

    /// <summary>
    /// The options of server and clients; the search sets seed and faults. Default: the defaults.
    /// </summary>
    public TestServerOptions Server { get; init; } = new();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SeedsMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(FaultsMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ScenarioTimeMax, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Server);
    }
}
