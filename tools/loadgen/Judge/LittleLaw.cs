namespace Reactor.Tools.Loadgen;

/// <summary>
/// Little's law of a closed loop: rate × mean time = requests in flight, and a closed loop keeps
/// connections × depth in flight. A tool that invents or loses samples violates it, so each result
/// shows it. Immutable; pure.
/// </summary>
/// <remarks>
/// Requests without a response count with their age: they were in flight, too. A product that is
/// too low means that connections were idle, by connecting or waiting for this program. One that
/// is too high is a bug in the measurement, or a window that is short against the service time.
/// </remarks>
/// <param name="Rate">Requests per second, with or without a response.</param>
/// <param name="MeanNanoseconds">Their mean service time, or age.</param>
/// <param name="Expected">Connections × depth.</param>
internal sealed record LittleLaw(double Rate, double MeanNanoseconds, int Expected)
{
    /// <summary>The deviation from which the report names the law as violated.</summary>
    public const decimal DeviationMax = 0.02m;

    /// <summary>Requests in flight by the law.</summary>
    public double InFlight => Rate * MeanNanoseconds / 1e9;

    /// <summary>The relative difference of both sides; negative if connections were idle.</summary>
    public double Deviation => (InFlight - Expected) / Expected;

    /// <summary>True if both sides agree within <see cref="DeviationMax"/>.</summary>
    /// <remarks>Decimal, so that binary fractions do not decide at the limit.</remarks>
    public bool IsKept => Math.Abs((decimal)InFlight - Expected) <= DeviationMax * Expected;

    /// <summary>
    /// The law of a result; null for an open loop, for changing connections and without requests.
    /// </summary>
    public static LittleLaw? Of(LoadResult result)
    {
        Distribution service = result.Times.Service;
        double seconds = result.Elapsed.TotalSeconds;
        if (result.Run.IsOpenLoop || result.Run.HasConnectionStages
            || service.Count == 0 || seconds <= 0)
        {
            return null;
        }

        double sum = (service.Finished.Mean() * service.Finished.Count)
            + (service.Unfinished.Mean() * service.Unfinished.Count);
        return new LittleLaw(
            service.Count / seconds,
            sum / service.Count,
            result.Run.Connections * result.Run.PipelineDepth);
    }
}
