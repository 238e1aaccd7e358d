using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Real;

/// <summary>
/// T3 on the real clock: a server that is stopped or killed while it is measured. Two cores are
/// enough if nothing else needs them; <c>bench/stopped-server</c> prints the same for other tools.
/// </summary>
[Category("Slow")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)] // each stops or kills its own server
public sealed class T3StoppedServerTests : IDisposable
{
    private const int Connections = 16;
    private const int Rate = 500;

    /// <summary>
    /// The backlog of 500 requests does not drain at once: both programs run code that is hardly
    /// compiled, on two cores that they share, and answer at least 5,000 requests a second.
    /// </summary>
    private const double DrainMs = 100;

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _server;
    private readonly string _url;

    public T3StoppedServerTests() => _server = LoadgenRun.StartServer(out _url);

    public void Dispose() => _server.Dispose();

    [Test]
    public void T3_the_response_times_of_a_stopped_server_are_those_of_the_measured_stop()
    {
        using var run = new LoadgenRun(
            "-R", $"{Rate}", "-c", $"{Connections}", "-d", "10s", "--percentiles", "50,95,99",
            _url);
        run.WaitForSecond(4);
        (TimeSpan min, TimeSpan max) = StoppedProcess.StopFor(_server, TimeSpan.FromSeconds(1));
        LoadgenRun.End end = run.Finish();

        LoadTimes times = end.Result.Times;
        double serviceMs = times.Service.Percentile(50).Nanoseconds / 1e6;
        TestContext.Out.WriteLine(
            $"stopped for {min.TotalMilliseconds:F2} to {max.TotalMilliseconds:F2} ms, p95 "
            + $"{Milliseconds(times.Response, 95):F1} ms, p99 "
            + $"{Milliseconds(times.Response, 99):F1} ms, max "
            + $"{Milliseconds(times.Response, 100):F1} ms, {end.Verdict}");
        end.AssertConserved();
        Assert.That(end.Measured("scheduled"), Is.EqualTo(5000), end.Text);
        Assert.That(end.Measured("ok"), Is.EqualTo(5000), end.Text);
        foreach (int percent in (int[])[95, 99])
        {
            // max(0, P - (1 - q) D) + service, for the least and the greatest P; the wait in the
            // drain is part of the greatest.
            double outside = (1 - (percent / 100.0)) * s_duration.TotalMilliseconds;
            double low = Math.Max(0, min.TotalMilliseconds - outside) + serviceMs;
            double high = Math.Max(0, max.TotalMilliseconds - outside) + serviceMs + DrainMs;
            Assert.That(
                Milliseconds(times.Response, percent),
                Is.InRange(0.98 * low, 1.02 * high),
                $"p{percent}\n{end.Text}");
        }

        Assert.That(
            Milliseconds(times.Response, 50),
            Is.LessThan(20),
            "nine tenths of the requests never met the stop");
        double half = min.TotalMilliseconds * 1e6 / 2;
        Histogram service = times.Service.Finished;
        Assert.That(
            Math.Round(service.ShareWithin(half, Histogram.ValueMax) * service.Count),
            Is.InRange(1, Connections),
            "the service time hides the stop: it sees at most one request per connection");
        Assert.That(end.Verdict, Is.Not.EqualTo("CLIENT-LIMITED"), end.Text);
    }

    [Test]
    public void T3_a_closed_loop_whose_server_stands_still_for_half_of_it_is_noisy()
    {
        using var run = new LoadgenRun(
            "-c", "4", "-d", "6s", "--timeout", "8s", "--strict", _url);
        run.WaitForSecond(1);
        (TimeSpan min, TimeSpan max) = StoppedProcess.StopFor(_server, TimeSpan.FromSeconds(3));
        LoadgenRun.End end = run.Finish();

        end.AssertConserved();
        // The request in flight began before the stop, and the busy server resumes in its turn.
        Assert.That(
            Milliseconds(end.Result.Times.Service, 100),
            Is.InRange(min.TotalMilliseconds, max.TotalMilliseconds + 100),
            end.Text);
        Assert.That(end.Verdict, Is.EqualTo("NOISY"), end.Text);
        Assert.That(end.Reason, Does.StartWith("no response for 3."), end.Text);
        Assert.That(end.Program.Output, Does.Contain("no response for 3."));
        Assert.That(end.Program.ExitCode, Is.EqualTo(4), end.Text);
    }

    [Test]
    public void T3_a_closed_loop_whose_server_is_killed_says_when_and_rates_the_time_before()
    {
        using var run = new LoadgenRun("-c", "4", "-d", "4s", _url);
        run.WaitForSecond(2);
        _server.Kill();
        LoadgenRun.End end = run.Finish();

        end.AssertConserved();
        Assert.That(end.Program.ExitCode, Is.EqualTo(3), end.Text);
        Match said = Regex.Match(
            end.Program.Errors, @"loadgen: the server went away at (\d+\.\d) s\.\n$");
        Assert.That(said.Success, end.Text);
        double at = double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
        // Killed in second 2 of the run, which is 1.5 s of the window.
        Assert.That(at, Is.InRange(1.4, 3.9), end.Text);
        Match row = Regex.Match(
            end.Program.Output, @"the server went away at \d+\.\d s; ([\d.]+)/s until then");
        Assert.That(row.Success, end.Text);
        // One decimal of the instant is known here.
        Assert.That(
            double.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture),
            Is.EqualTo((end.Measured("ok") + end.Measured("status")) / at).Within(5).Percent,
            end.Text);
        Assert.That(end.Failures("reset") + end.Failures("connect-refused"), Is.Positive);
    }

    private static double Milliseconds(Distribution times, decimal percent)
    {
        TimeBound time = times.Percentile(percent);
        Assert.That(time.IsLowerBound, Is.False, $"p{percent} is known");
        return time.Nanoseconds / 1e6;
    }
}
