using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// The chances of a seed. Each seed has at least one of the wanted kinds of faults, and magnitudes
/// from a wide range: a run in which every kind happens all the time rarely gets far, and a fixed
/// maximum would miss either the short or the long delays.
/// </summary>
internal static class ChaosPlan
{
    private const double DelayChance = 0.2;

    private const double SplitChance = 0.2;

    /// <summary>Per direction of a connection, of which a scenario has few.</summary>
    private const double ResetChance = 0.3;

    private const double DisconnectChance = 0.1;

    /// <summary>Delays up to 1 ms, 10 ms, … 10 s: less than the client's time limits.</summary>
    private const int DelayPowers = 5;

    /// <summary>
    /// Resets within 16, 64, … 64 Ki bytes: a head, a small response, a window.
    /// </summary>
    private const int ResetPowers = 7;

    public static FaultPlan Make(int seed, ChaosFaults kinds)
    {
        // Not the seed itself: the network draws from it.
        var random = new Random(seed ^ 0xCA05);
        ChaosFaults chosen;
        do
        {
            chosen = kinds & (ChaosFaults)random.Next((int)ChaosFaults.All + 1);
        }
        while (chosen == ChaosFaults.None && (kinds & ChaosFaults.All) != ChaosFaults.None);

        TimeSpan delayMax = TimeSpan.FromMilliseconds(Math.Pow(10, random.Next(DelayPowers)));
        return new FaultPlan
        {
            DelayMax = delayMax,
            DelayChance = Choose(ChaosFaults.Delays, DelayChance),
            SplitChance = Choose(ChaosFaults.Splits, SplitChance),
            ResetChance = Choose(ChaosFaults.Resets, ResetChance),
            ResetBytesMax = 16 << (2 * random.Next(ResetPowers)),
            DisconnectChance = Choose(ChaosFaults.Disconnects, DisconnectChance),
            DisconnectDelayMax = delayMax,
        };

        double Choose(ChaosFaults kind, double chance) =>
            chosen.HasFlag(kind) ? chance : 0;
    }
}
