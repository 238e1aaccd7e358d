using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Loadgen.Tests.Real;

/// <summary>
/// T6: the same moderate closed loop of loadgen and of others, against the same server. The figures
/// of both are printed: they are not expected to be equal, but to be of one kind.
/// </summary>
[Category("External")]
public sealed class T6OtherToolsTests : IDisposable
{
    private readonly ChildProcess _server;
    private readonly string _url;

    public T6OtherToolsTests() => _server = LoadgenRun.StartServer(out _url);

    public void Dispose() => _server.Dispose();

    /// <remarks>
    /// Both keep 16 requests in flight on one thread, and the server is the same, so the rates
    /// differ by what the clients cost on a shared machine: within a factor of 1.7, because the
    /// two run one after the other. The median follows from the rate (Little's law), the p99
    /// depends on what else runs: a factor of 2, and of 5.
    /// </remarks>
    [Test]
    public void T6_wrk_measures_the_same_rate_and_times()
    {
        string wrk = ExternalTool.Require("wrk", "wrk");
        var (theirs, ours) = ByTurns(
            () => Read(ChildProcess.Run(wrk, "-t1", "-c16", "-d1s", "--latency", _url)),
            RunLoadgen);

        TestContext.Out.WriteLine($"wrk      {theirs}\nloadgen  {ours}");
        string both = $"wrk: {theirs}, loadgen: {ours}";
        Assert.That(ours.Rate / theirs.Rate, Is.InRange(0.6, 1.7), both);
        Assert.That(ours.MedianMicros / theirs.MedianMicros, Is.InRange(0.5, 2), both);
        Assert.That(ours.HighMicros / theirs.HighMicros, Is.InRange(0.2, 5), both);
    }

    /// <remarks>
    /// h2load prints no percentiles. It is slower with HTTP/1.1 than wrk, so it gets a factor of 2.
    /// </remarks>
    [Test]
    public void T6_h2load_measures_a_rate_of_the_same_order()
    {
        string h2load = ExternalTool.Require("h2load", "nghttp2-client");
        var (theirs, ours) = ByTurns(
            () => new Figures(
                Number(
                    ChildProcess.Run(h2load, "--h1", "-t1", "-c16", "-D1", _url).Output,
                    @"finished in [\d.]+s, ([\d.]+) req/s"),
                double.NaN,
                double.NaN),
            RunLoadgen);

        TestContext.Out.WriteLine($"h2load   {theirs.Rate}/s\nloadgen  {ours}");
        Assert.That(
            ours.Rate / theirs.Rate,
            Is.InRange(0.5, 2),
            $"h2load: {theirs.Rate}/s, loadgen: {ours}");
    }

    // Three each, by turns: the machine does the same to both. The median of the rates.
    private static (Figures Theirs, Figures Ours) ByTurns(Func<Figures> theirs, Func<Figures> ours)
    {
        (Figures Theirs, Figures Ours)[] pairs =
            [.. Enumerable.Range(0, 3).Select(_ => (theirs(), ours()))];
        return (Middle(pairs.Select(pair => pair.Theirs)), Middle(pairs.Select(pair => pair.Ours)));

        static Figures Middle(IEnumerable<Figures> three) =>
            three.OrderBy(one => one.Rate).ElementAt(1);
    }

    private Figures RunLoadgen() => Read(ChildProcess.Run(
        BuiltPrograms.Find("loadgen", "loadgen"),
        "-t", "1", "-c", "16", "-d", "1s", "-L", "--quiet", _url));

    // wrk's block, which loadgen prints too.
    private static Figures Read(ChildOutcome run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        return new Figures(
            Number(run.Output, @"Requests/sec: +([\d.]+)"),
            Micros(run.Output, "50%"),
            Micros(run.Output, "99%"));
    }

    private static double Micros(string output, string percent)
    {
        Match row = Regex.Match(output, $@"\n +{percent} +([\d.]+)(us|ms|s)\n");
        Assert.That(row.Success, $"no row {percent}: {output}");
        double unit = row.Groups[2].Value switch
        {
            "us" => 1,
            "ms" => 1e3,
            _ => 1e6,
        };
        return unit * double.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static double Number(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern);
        Assert.That(match.Success, $"no {pattern}: {text}");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private sealed record Figures(double Rate, double MedianMicros, double HighMicros);
}
