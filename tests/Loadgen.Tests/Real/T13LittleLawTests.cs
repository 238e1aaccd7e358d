using Reactor.Testing;

namespace Loadgen.Tests.Real;

/// <summary>
/// T13: a closed loop keeps connections × depth requests in flight, so rate × mean time must give
/// that number. A tool that loses, invents or shortens samples does not keep this law. The figures
/// are those of the JSON; the report computes its own row from the same.
/// </summary>
[Category("Measured")]
public sealed class T13LittleLawTests
{
    [TestCase(1, 1)]
    [TestCase(64, 1)]
    public void T13_rate_times_mean_is_connections_times_depth(int connections, int depth)
    {
        using ChildProcess server = LoadgenRun.StartServer(out string url);
        using var run = new LoadgenRun(
            "-c", $"{connections}", "-p", $"{depth}", "-d", "2s", "--quiet", url);
        LoadgenRun.End end = run.Finish();

        end.AssertConserved();
        double rate = end.Measured("ok")
            / end.Json.GetProperty("elapsedSeconds").GetDouble();
        double mean = end.Result.Times.Service.Finished.Mean() / 1e9;
        TestContext.Out.WriteLine($"{rate:F0}/s x {mean * 1e6:F1} us = {rate * mean:F3}");
        Assert.That(rate, Is.Positive, end.Text);
        Assert.That(
            rate * mean, Is.EqualTo(connections * depth).Within(2).Percent, end.Text);
        Assert.That(end.Program.Output, Does.Match(@"\nIn flight +[\d.]+ = "));
        Assert.That(end.Program.Output, Does.Not.Contain("more than 2%"));
    }
}
