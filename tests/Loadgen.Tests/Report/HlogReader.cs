using System.Globalization;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>A row of an interval log.</summary>
internal sealed record HlogRow(string Tag, decimal Start, decimal Length, long[] Counters);

/// <summary>
/// Reads interval logs as strictly as their format is described: a wrong field fails the test.
/// </summary>
internal static class HlogReader
{
    public static List<HlogRow> Read(string log)
    {
        string[] lines = log.Split('\n');
        Assert.That(lines[^1], Is.Empty, "the last line is complete");
        return [.. lines[..^1].Where(line => line[0] is not '#' and not '"').Select(ReadRow)];
    }

    private static HlogRow ReadRow(string line)
    {
        string[] fields = line.Split(',');
        Assert.That(fields, Has.Length.EqualTo(5), line);
        Assert.That(fields[0], Does.Match("^Tag=[^, \n]+$"));
        Assert.That(fields[1..4], Is.All.Matches("^[0-9]+\\.[0-9]{3}$"));
        var histogram = new Histogram();
        Assert.That(
            HistogramCodec.Decompress(Convert.FromBase64String(fields[4]), histogram), Is.Null);
        return new HlogRow(
            fields[0]["Tag=".Length..], Number(fields[1]), Number(fields[2]),
            histogram.Counters.ToArray());
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
