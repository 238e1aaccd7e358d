using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A threshold and what a result says of it. What is not known is not met: without samples, and
/// when a value is only a lower bound that does not decide. Immutable; pure.
/// </summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="Value">The value.</param>
/// <param name="IsMet">True if the condition certainly holds.</param>
internal sealed record ThresholdResult(Threshold Threshold, MetricValue Value, bool IsMet)
{
    /// <summary>
    /// The value in the unit of the threshold, such as <c>0.81ms</c>, or why there is none.
    /// </summary>
    public string ValueText => Value.Value is not { } value ? Value.Reason
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(Value.IsLowerBound ? ">" : "")}{InUnit(value)}{Threshold.Unit}");

    // Times have two digits as in the rest of the report; a share may need more.
    private string InUnit(decimal value) => (value / Threshold.UnitSize).ToString(
        Threshold.Unit.EndsWith('s') ? "F2" : "0.####", CultureInfo.InvariantCulture);

    /// <summary>Evaluates a threshold.</summary>
    public static ThresholdResult Of(Threshold threshold, LoadResult result)
    {
        MetricValue value =
            threshold.Metric.Read(result, threshold.Aggregation, threshold.Percent);
        bool isMet = value.Value is { } number && Holds(
            threshold.Operator, number, threshold.Limit * threshold.UnitSize, value.IsLowerBound);
        return new ThresholdResult(threshold, value, isMet);
    }

    // The true value of a lower bound is anything from the bound up, so "at most" never certainly
    // holds, and "at least" does from the limit on.
    private static bool Holds(string comparison, decimal value, decimal limit, bool isLowerBound) =>
        comparison switch
        {
            "<" => value < limit && !isLowerBound,
            "<=" => value <= limit && !isLowerBound,
            "==" => value == limit && !isLowerBound,
            ">" => value > limit,
            ">=" => value >= limit,
            _ => isLowerBound ? value > limit : value != limit,
        };
}
