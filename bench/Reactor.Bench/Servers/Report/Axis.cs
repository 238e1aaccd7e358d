namespace Reactor.Bench.Servers.Report;

/// <summary>Where a picture's scale has its marks.</summary>
internal static class Axis
{
    private const int TicksMax = 5;

    /// <summary>
    /// Round numbers from 0 to the first that is not below the highest value, at most six.
    /// </summary>
    /// <param name="highest">Above 0.</param>
    public static double[] Ticks(double highest)
    {
        double step = Math.Pow(10, Math.Floor(Math.Log10(highest / TicksMax)));
        foreach (int factor in (int[])[1, 2, 5, 10])
        {
            if (step * factor * TicksMax >= highest)
            {
                step *= factor;
                break;
            }
        }

        int count = (int)Math.Ceiling(Math.Round(highest / step, 9));
        return [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
    }

    /// <summary>Where a number lies between two others by its logarithm: 0 to 1.</summary>
    public static double Logarithmic(double x, double lowest, double highest) =>
        lowest == highest ? 0.5 : Math.Log(x / lowest) / Math.Log(highest / lowest);
}
