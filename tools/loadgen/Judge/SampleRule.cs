namespace Reactor.Tools.Loadgen;

/// <summary>
/// Which percentiles a number of samples can give: at least ten samples must be expected above
/// one, or it is a matter of chance. Pure; any thread.
/// </summary>
internal static class SampleRule
{
    /// <summary>Samples above a percentile that make it known.</summary>
    public const int SamplesAboveMin = 10;

    /// <summary>True if a percentile is known; the maximum is, with any sample.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="count">The number of samples.</param>
    public static bool IsKnown(decimal percent, long count) =>
        percent == 100 ? count > 0 : count >= NeededFor(percent);

    /// <summary>The number of samples that a percentile below 100 needs.</summary>
    public static long NeededFor(decimal percent) =>
        (long)decimal.Ceiling(SamplesAboveMin * 100m / (100m - percent));
}
