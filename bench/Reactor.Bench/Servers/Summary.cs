namespace Reactor.Bench.Servers;

/// <summary>
/// What several rounds of the same measurement say: the one in the middle, and how far they lie
/// apart. The middle and not the mean, because one disturbed round must not move the figure.
/// </summary>
internal readonly record struct Summary(double Median, double Lowest, double Highest)
{
    /// <exception cref="InvalidOperationException">There are no figures.</exception>
    public static Summary Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length == 0
            ? throw new InvalidOperationException("Nothing was measured.")
            : new Summary(
                (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2,
                sorted[0],
                sorted[^1]);
    }
}
