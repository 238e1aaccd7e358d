namespace Reactor.Tools.Loadgen;

/// <summary>
/// What a result is worth: the verdict, the thresholds and the two checks of its arithmetic.
/// Immutable; any thread.
/// </summary>
internal sealed record Judgement
{
    /// <summary>Whether the measurement can be trusted.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>
    /// Why, and what to do. For a valid result a remark, or empty.
    /// </summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// When the server went away, from the start of the window: its last response, after which no
    /// connection could be made. Null if it stayed.
    /// </summary>
    public TimeSpan? WentAwayAt { get; init; }

    /// <summary>
    /// Responses per second while the server was there, that is until <see cref="WentAwayAt"/>.
    /// </summary>
    public double? RateWhileThere { get; init; }

    /// <summary>The longest stall of the server; null if there is none to name.</summary>
    public Silence? Stall { get; init; }

    /// <summary>
    /// Complete responses ÷ requests that came due, from 0 to 1; null for a closed loop.
    /// </summary>
    public double? Achieved { get; init; }

    /// <summary>Little's law of a closed loop; null where it does not apply.</summary>
    public LittleLaw? Little { get; init; }

    /// <summary>A sentence if the accounting does not add up, which is a bug; else null.</summary>
    public string? InternalError { get; init; }

    /// <summary>The thresholds with their values, in the order given.</summary>
    public IReadOnlyList<ThresholdResult> Thresholds { get; init; } = [];

    /// <summary>True if a threshold is crossed.</summary>
    public bool IsThresholdCrossed => Thresholds.Any(one => !one.IsMet);

    /// <summary>Judges a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="percentiles">The percentiles that the report prints, 0 to 100.</param>
    /// <param name="thresholds">The thresholds, in the order given.</param>
    public static Judgement Of(
        LoadResult result,
        IReadOnlyList<decimal> percentiles,
        IReadOnlyList<Threshold> thresholds)
    {
        var evidence = new Evidence(result);
        (Verdict verdict, string reason) = VerdictRules.Apply(evidence, percentiles);
        return new Judgement
        {
            Verdict = verdict,
            Reason = reason,
            WentAwayAt = evidence.WentAwayAt,
            RateWhileThere = evidence.RateWhileThere,
            Stall = evidence.Stall,
            Achieved = evidence.Achieved,
            Little = LittleLaw.Of(result),
            InternalError = evidence.InternalError,
            Thresholds = [.. thresholds.Select(one => ThresholdResult.Of(one, result))],
        };
    }
}
