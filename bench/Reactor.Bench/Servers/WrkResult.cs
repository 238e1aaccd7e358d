using System.Globalization;
using System.Text.RegularExpressions;

namespace Reactor.Bench.Servers;

/// <summary>
/// What wrk printed at its end. Anything but answers of 200 to 399 is an error: a server that
/// refuses is cheap, so a figure with errors in it may not be used.
/// </summary>
internal sealed partial record WrkResult(
    long Requests, double PerSecond, double P50Us, double P99Us, string? Errors)
{
    /// <exception cref="FormatException">It is not the report of a run.</exception>
    public static WrkResult Parse(string text)
    {
        Match requests = RequestsLine().Match(text);
        Match perSecond = RateLine().Match(text);
        if (!requests.Success || !perSecond.Success)
        {
            throw new FormatException($"wrk gave no report: {text.Trim()}");
        }

        long count = long.Parse(requests.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        string[] errors =
        [
            .. ErrorLines().Matches(text).Select(line => line.Value.Trim()),
            .. count == 0 ? ["no request was answered"] : Array.Empty<string>(),
        ];
        return new WrkResult(
            count,
            Number(perSecond.Groups[1].ValueSpan),
            Percentile(text, "50"),
            Percentile(text, "99"),
            errors.Length == 0 ? null : string.Join("; ", errors));
    }

    private static double Percentile(string text, string percent)
    {
        foreach (Match line in PercentileLines().Matches(text))
        {
            if (line.Groups[1].ValueSpan.SequenceEqual(percent))
            {
                return Number(line.Groups[2].ValueSpan) * line.Groups[3].Value switch
                {
                    "us" => 1,
                    "ms" => 1e3,
                    "s" => 1e6,
                    _ => 60e6,
                };
            }
        }

        return double.NaN;
    }

    private static double Number(ReadOnlySpan<char> text) =>
        double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestsLine();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", RegexOptions.Multiline)]
    private static partial Regex PercentileLines();

    [GeneratedRegex(@"^.*(Non-2xx or 3xx|Socket errors).*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLines();
}
