using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// How unkind the in-memory network is. Every misfortune has a chance or a range; all of them are
/// drawn from the driver's seed, so a run that failed fails again with the same seed.
/// </summary>
/// <remarks>
/// Chances lie between 0 (never, the default of each) and 1 (always). A byte stream stays a byte
/// stream under every plan: nothing is reordered, doubled or changed, because TCP does none of
/// that.
/// </remarks>
public sealed record FaultPlan
{
    /// <summary>No misfortune at all: what is sent arrives whole, in the next poll.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>
    /// Everything that correct code survives without noticing: delays up to 50 ms, writes cut to
    /// pieces, sends that take less than they were given, waits that end for nothing. No reset.
    /// </summary>
    public static FaultPlan Rough { get; } = new()
    {
        DelayMax = TimeSpan.FromMilliseconds(50),
        SplitChance = 0.5,
        ShortSendChance = 0.25,
        SpuriousReadableChance = 0.1,
    };

    /// <summary>The least time that a segment, an end, a reset or a connect is under way.</summary>
    public TimeSpan DelayMin { get; init; }

    /// <summary>The most time that it is under way; at least <see cref="DelayMin"/>.</summary>
    public TimeSpan DelayMax { get; init; }

    /// <summary>
    /// The chance that a write arrives in pieces of random size, each at a moment of its own.
    /// </summary>
    public double SplitChance { get; init; }

    /// <summary>
    /// The most pieces that one write is cut into. Default 8: enough for a head's every seam.
    /// </summary>
    public int SplitPiecesMax { get; init; } = 8;

    /// <summary>
    /// The chance that a send takes only a part, at least a byte, of what it could.
    /// </summary>
    public double ShortSendChance { get; init; }

    /// <summary>
    /// The chance, for each direction of each connection, that it is reset after a random number of
    /// bytes.
    /// </summary>
    public double ResetChance { get; init; }

    /// <summary>
    /// A direction that is to be reset is so before this many bytes. Default 64 KiB, a window's
    /// worth.
    /// </summary>
    public int ResetBytesMax { get; init; } = 64 * 1024;

    /// <summary>The chance that an accept fails with one of <see cref="AcceptErrors"/>.</summary>
    public double AcceptErrorChance { get; init; }

    /// <summary>
    /// What a failing accept says. <c>ConnectionReset</c> and <c>ConnectionAborted</c> cost the
    /// client its connection; after any other error the connection is still there to be accepted.
    /// </summary>
    public IReadOnlyList<SocketError> AcceptErrors { get; init; } =
        [SocketError.ConnectionAborted, SocketError.TooManyOpenSockets];

    /// <summary>
    /// Addresses that do not answer: a request to connect is lost there, and so are its repeats,
    /// until it has timed out.
    /// </summary>
    public IReadOnlyCollection<IPAddress> SilentAddresses { get; init; } = [];

    /// <summary>
    /// The chance that a wait for readability, or for something to accept, ends within a
    /// millisecond although nothing is there.
    /// </summary>
    public double SpuriousReadableChance { get; init; }
}
