using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// Throws the dice for a <see cref="FaultPlan"/>. It has random numbers of its own, so that what
/// the application draws from the driver does not change what the network does.
/// </summary>
/// <remarks>
/// Loop thread only. A chance of 0 draws nothing: adding a misfortune to the plan's class leaves
/// the traces of old seeds as they were.
/// </remarks>
internal sealed class FaultDice(int seed)
{
    private const int SpuriousWaitMaxUs = 1000;

    private readonly Random _random = new(seed ^ 0x5EED);

    public FaultPlan Plan { get; set; } = FaultPlan.None;

    /// <summary>How long something is under way.</summary>
    public TimeSpan Delay()
    {
        long range = Plan.DelayMax.Ticks - Plan.DelayMin.Ticks;
        return range <= 0
            ? Plan.DelayMin
            : Plan.DelayMin + TimeSpan.FromTicks(_random.NextInt64(range + 1));
    }

    /// <summary>How many of the bytes that could be taken a send takes; at least one.</summary>
    public int SendSize(int bytes) => bytes > 1 && Rolls(Plan.ShortSendChance)
        ? _random.Next(1, bytes)
        : bytes;

    /// <summary>The sizes of the pieces in which a write arrives; their sum is the write.</summary>
    public List<int> Pieces(int bytes)
    {
        var pieces = new List<int>();
        int left = bytes;
        if (bytes > 1 && Rolls(Plan.SplitChance))
        {
            for (int cuts = _random.Next(1, Plan.SplitPiecesMax); cuts > 0 && left > 1; cuts--)
            {
                pieces.Add(_random.Next(1, left));
                left -= pieces[^1];
            }
        }

        pieces.Add(left);
        return pieces;
    }

    /// <summary>After how many bytes a direction is to be reset; null: never.</summary>
    public long? ResetAfterBytes() =>
        Rolls(Plan.ResetChance) ? _random.Next(Plan.ResetBytesMax) : null;

    /// <summary>Why an accept fails; null: it does not.</summary>
    public SocketError? AcceptError() =>
        Plan.AcceptErrors.Count > 0 && Rolls(Plan.AcceptErrorChance)
            ? Plan.AcceptErrors[_random.Next(Plan.AcceptErrors.Count)]
            : null;

    /// <summary>After what time a wait ends for nothing; null: it does not.</summary>
    public TimeSpan? SpuriousWait() => Rolls(Plan.SpuriousReadableChance)
        ? TimeSpan.FromMicroseconds(_random.Next(1, SpuriousWaitMaxUs + 1))
        : null;

    private bool Rolls(double chance) => chance > 0 && _random.NextDouble() < chance;
}
