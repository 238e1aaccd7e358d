using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Reactor.Simulation;

/// <summary>
/// The faults of the in-memory network. Each has a chance or range and is drawn from the driver's
/// seed, so the same seed reproduces a failure.
/// </summary>
/// <remarks>
/// Chances are from 0 (never, the default) to 1 (always). The byte stream stays intact under every
/// plan: nothing is reordered, duplicated or changed, as in TCP. A value out of its range throws
/// <see cref="ArgumentOutOfRangeException"/>.
/// </remarks>
public sealed record FaultPlan
{
    /// <summary>No faults: sent bytes arrive whole, in the next poll.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>
    /// Faults that correct code tolerates: delays up to 50 ms, split writes, short sends, spurious
    /// wake-ups. No reset.
    /// </summary>
    public static FaultPlan Rough { get; } = new()
    {
        DelayMax = TimeSpan.FromMilliseconds(50),
        SplitChance = 0.5,
        ShortSendChance = 0.25,
        SpuriousReadableChance = 0.1,
    };

    /// <summary>Minimum delay of a segment, an end of stream, a reset or a connect.</summary>
    public TimeSpan DelayMin { get; init => field = Time(value); }

    /// <summary>Maximum delay; a smaller one than <see cref="DelayMin"/> counts as that.</summary>
    public TimeSpan DelayMax { get; init => field = Time(value); }

    /// <summary>
    /// Chance that an event takes longer than <see cref="DelayMin"/>. Default 1.
    /// </summary>
    public double DelayChance { get; init => field = Chance(value); } = 1;

    /// <summary>
    /// Chance that a write arrives in pieces of random size, each with its own delay.
    /// </summary>
    public double SplitChance { get; init => field = Chance(value); }

    /// <summary>Maximum number of pieces of a write. Default 8.</summary>
    public int SplitPiecesMax { get; init => field = AtLeast(1, value); } = 8;

    /// <summary>Chance that a send takes only a part, at least one byte.</summary>
    public double ShortSendChance { get; init => field = Chance(value); }

    /// <summary>
    /// Chance, per direction of a connection, of a reset after a random number of bytes.
    /// </summary>
    public double ResetChance { get; init => field = Chance(value); }

    /// <summary>Upper limit of that number. Default 64 KiB, a window.</summary>
    public int ResetBytesMax { get; init => field = AtLeast(0, value); } = 64 * 1024;

    /// <summary>
    /// Chance, per write of a connecting side, that this side leaves some time later: both sides
    /// see a reset, also while the other side waits and sends nothing.
    /// </summary>
    public double DisconnectChance { get; init => field = Chance(value); }

    /// <summary>Upper limit of that time. Default 1 s.</summary>
    public TimeSpan DisconnectDelayMax { get; init => field = Time(value); } =
        TimeSpan.FromSeconds(1);

    /// <summary>Chance that an accept fails with one of <see cref="AcceptErrors"/>.</summary>
    public double AcceptErrorChance { get; init => field = Chance(value); }

    /// <summary>
    /// Errors of a failing accept. <c>ConnectionReset</c> and <c>ConnectionAborted</c> end the
    /// client's connection; after other errors it can still be accepted.
    /// </summary>
    public IReadOnlyList<SocketError> AcceptErrors { get; init; } =
        [SocketError.ConnectionAborted, SocketError.TooManyOpenSockets];

    /// <summary>
    /// Addresses that do not respond: connects there time out after their retries.
    /// </summary>
    public IReadOnlyCollection<IPAddress> SilentAddresses { get; init; } = [];

    /// <summary>
    /// Chance that a wait for readability or an accept ends spuriously within a millisecond.
    /// </summary>
    public double SpuriousReadableChance { get; init => field = Chance(value); }

    private static double Chance(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, "A chance is from 0, never, to 1, always.");

    private static TimeSpan Time(TimeSpan value, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        return value;
    }

    private static int AtLeast(int least, int value, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        return value;
    }
}
