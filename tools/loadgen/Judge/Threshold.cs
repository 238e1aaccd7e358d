// A condition on a result, in k6's grammar with a metric in front and units behind:
//
//   threshold   = metric ":" aggregation operator number [ unit ]       e.g. lateness:p(99)<1ms
//   aggregation = "avg" | "min" | "max" | "med" | "p(" number ")" | "rate" | "count" | "value"
//   operator    = "<" | "<=" | ">" | ">=" | "==" | "===" | "!="
//   unit        = "us" | "ms" | "s" | "%"
//
// Blanks are allowed between the parts. A time without a unit is in milliseconds, as in k6.
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>A condition on a metric. Immutable; any thread.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Aggregation">How its samples become a number; <c>p</c> for a percentile.</param>
/// <param name="Percent">The percentage of a percentile, else 0.</param>
/// <param name="Operator">One of <see cref="Operators"/>.</param>
/// <param name="Limit">The number after the operator.</param>
/// <param name="Unit">Its unit, possibly empty.</param>
internal sealed record Threshold(
    Metric Metric, string Aggregation, decimal Percent, string Operator, decimal Limit, string Unit)
{
    /// <summary>The operators; <c>===</c> is read as <c>==</c>.</summary>
    public static IReadOnlyList<string> Operators { get; } = ["<", "<=", ">", ">=", "==", "!="];

    /// <summary>The size of <see cref="Unit"/>; times are in nanoseconds.</summary>
    public decimal UnitSize => Metric.Units.First(one => one.Name == Unit).Size;

    /// <summary>The condition without the metric, such as <c>p(99)&lt;20ms</c>.</summary>
    public string Condition => Aggregation == "p"
        ? string.Create(
            CultureInfo.InvariantCulture, $"p({Percent}){Operator}{Limit}{Unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{Aggregation}{Operator}{Limit}{Unit}");

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Metric.Name}:{Condition}";

    /// <summary>Reads a threshold.</summary>
    /// <param name="text">The text.</param>
    /// <param name="error">A sentence with the wrong part and what is valid; or null.</param>
    /// <returns>The threshold, or null if there is an error.</returns>
    public static Threshold? Parse(string text, out string? error)
    {
        error = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = (colon < 0 ? text : text[..colon]).Trim();
        if (Metric.All.FirstOrDefault(one => one.Name == name) is not { } metric)
        {
            string valid = string.Join(", ", Metric.All.Select(one => one.Name));
            error = colon < 0 && !name.Contains('{', StringComparison.Ordinal)
                ? $"the threshold '{text}' has no metric; write it as METRIC:AGGREGATION<LIMIT, " +
                    "such as http_req_duration:p(99)<20ms."
                : $"the threshold '{text}' has the unknown metric '{name}'; valid: {valid}.";
            return null;
        }

        string rest = text[(colon + 1)..];
        int at = colon < 0 ? -1 : rest.AsSpan().IndexOfAny("<>=!");
        string symbol = at < 0 ? "" : SymbolAt(rest, at);
        if (!Operators.Contains(symbol == "===" ? "==" : symbol))
        {
            error = $"the threshold '{text}' has no valid operator; valid: " +
                $"{string.Join(", ", Operators)}.";
            return null;
        }

        if (ReadAggregation(metric, rest[..at].Trim(), out decimal percent) is not { } aggregation)
        {
            error = $"the threshold '{text}' has the aggregation '{rest[..at].Trim()}'; valid " +
                $"for {name}: {string.Join(", ", metric.Aggregations)}" +
                $"{(metric.Kind == MetricKind.Trend ? " with N from 0 to 100" : "")}.";
            return null;
        }

        string value = rest[(at + symbol.Length)..].Trim();
        (decimal Limit, string Unit)? limit = ReadLimit(metric, value);
        if (limit is null)
        {
            error = $"the threshold '{text}' has the limit '{value}'; valid for {name}: a number" +
                $"{UnitsOf(metric)}.";
            return null;
        }

        return new Threshold(
            metric,
            aggregation,
            percent,
            symbol == "===" ? "==" : symbol,
            limit.Value.Limit,
            limit.Value.Unit);
    }

    private static string SymbolAt(string text, int at)
    {
        int end = at;
        while (end < text.Length && text[end] is '<' or '>' or '=' or '!')
        {
            end++;
        }

        return text[at..end];
    }

    private static string? ReadAggregation(Metric metric, string text, out decimal percent)
    {
        percent = 0;
        if (metric.Kind != MetricKind.Trend || text is not ['p', '(', .. string digits, ')'])
        {
            return metric.Aggregations.Contains(text) && text != "p(N)" ? text : null;
        }

        return TryNumber(digits.Trim(), out percent) && percent <= 100 ? "p" : null;
    }

    // Units that end with another one's letters come first: "ms" before "s".
    private static (decimal, string)? ReadLimit(Metric metric, string text)
    {
        string unit = metric.Units.Select(one => one.Name)
            .Where(one => one.Length > 0 && text.EndsWith(one, StringComparison.Ordinal))
            .MaxBy(one => one.Length) ?? "";
        string digits = text[..^unit.Length].TrimEnd();
        return TryNumber(digits, out decimal limit)
            ? (limit, unit.Length > 0 ? unit : metric.Units[0].Name)
            : null;
    }

    private static string UnitsOf(Metric metric)
    {
        string units = string.Join(
            ", ", metric.Units.Where(one => one.Name.Length > 0).Select(one => one.Name));
        string plain = metric.Units[0].Name.Length > 0 ? $" (none: {metric.Units[0].Name})" : "";
        return units.Length == 0 ? "" : $", with the unit {units}{plain}";
    }

    // The bound keeps the product with a unit within the range of a decimal.
    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && number <= 1_000_000_000_000_000m;
}
