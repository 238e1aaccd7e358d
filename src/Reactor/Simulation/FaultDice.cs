using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// Draws the faults of a <see cref="FaultPlan"/> from its own random numbers, so that draws of the
/// application do not affect the network.
/// </summary>
/// <remarks>
/// Loop thread only. A chance of 0 draws no number, so a new kind of fault does not change the
/// traces of existing seeds.
/// </remarks>
internal sealed class FaultDice(int seed)
{
    private const int SpuriousWaitMaxUs = 1000;

    private readonly Random _random = new(seed ^ 0x5EED);

    public FaultPlan Plan { get; set; } = FaultPlan.None;

    public TimeSpan Delay()
    {
        long range = Plan.DelayMax.Ticks - Plan.DelayMin.Ticks;
        return range <= 0
            ? Plan.DelayMin
            : Plan.DelayMin + TimeSpan.FromTicks(_random.NextInt64(range + 1));
    }

    /// <summary>Returns how many of the possible bytes a send takes, at least one.</summary>
    public int SendSize(int bytes) => bytes > 1 && Rolls(Plan.ShortSendChance)
        ? _random.Next(1, bytes)
        : bytes;

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

    /// <summary>Returns the byte count after which a direction is reset, or null.</summary>
    public long? ResetAfterBytes() =>
        Rolls(Plan.ResetChance) ? _random.Next(Plan.ResetBytesMax) : null;

    public SocketError? AcceptError() =>
        Plan.AcceptErrors.Count > 0 && Rolls(Plan.AcceptErrorChance)
            ? Plan.AcceptErrors[_random.Next(Plan.AcceptErrors.Count)]
            : null;

    /// <summary>Returns the time after which a wait ends spuriously, or null.</summary>
    public TimeSpan? SpuriousWait() => Rolls(Plan.SpuriousReadableChance)
        ? TimeSpan.FromMicroseconds(_random.Next(1, SpuriousWaitMaxUs + 1))
        : null;

    private bool Rolls(double chance) => chance > 0 && _random.NextDouble() < chance;
}
