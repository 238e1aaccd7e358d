using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Which code a run ends with if several would apply.</summary>
public class ExitCodeTests
{
    private static readonly ThresholdResult s_crossed =
        ThresholdResult.Of(Threshold.Parse("http_reqs:count>9", out _)!, Result(ok: 1));

    private static LoadResult Result(
        long ok, bool interrupted = false, long scheduled = 1, long warmUp = 0) =>
        new()
        {
            Run = new RunDescription { Url = "http://127.0.0.1/" },
            Elapsed = TimeSpan.FromSeconds(1),
            Measured = new Tally { Scheduled = scheduled, Ok = ok },
            WarmUp = new Tally { Scheduled = warmUp, Ok = warmUp },
            Times = new LoadTimes(),
            Rates = [],
            IsInterrupted = interrupted,
        };

    private static int Of(
        bool bug = false,
        bool noSuccess = false,
        bool wentAway = false,
        bool crossed = false,
        bool strict = false,
        bool invalid = true,
        bool interrupted = false) => ExitCode.Of(
        Result(noSuccess ? 0 : 1, interrupted),
        new Judgement
        {
            Verdict = invalid ? Verdict.Noisy : Verdict.Valid,
            InternalError = bug ? "the rows do not add up" : null,
            WentAwayAt = wentAway ? TimeSpan.FromSeconds(1) : null,
            Thresholds = crossed ? [s_crossed] : [],
        },
        strict);

    [Test]
    public void The_responses_of_the_warm_up_are_no_success()
    {
        LoadResult result = Result(ok: 0, warmUp: 9);

        Assert.That(
            ExitCode.Of(result, new Judgement { Verdict = Verdict.TooFewSamples }, isStrict: false),
            Is.EqualTo(3));
        Assert.That(Explain(result), Does.EndWith("/ answered only the warm-up: no response came "
            + "in the window."));
        Assert.That(Explain(Result(ok: 0)), Does.StartWith("no response came from http://"));
        Assert.That(
            Explain(Result(ok: 0, scheduled: 0)), Is.EqualTo("no request was due in the window."));
        LoadResult refused = Result(ok: 0, warmUp: 9);
        refused.Measured.Fail(Cause.Status5xx);
        Assert.That(
            Explain(refused), Does.StartWith("no response with a status of 2xx or 3xx came from"));

        static string Explain(LoadResult result) =>
            LoadSession.Explain(result, PlanWords.Read("http://127.0.0.1/"));
    }

    [Test]
    public void An_interruption_before_the_window_is_not_the_fault_of_the_server()
    {
        LoadResult result = Result(ok: 0, interrupted: true, scheduled: 0, warmUp: 9);

        Assert.That(
            ExitCode.Of(result, new Judgement { Verdict = Verdict.TooFewSamples }, isStrict: true),
            Is.EqualTo(105));
    }

    [Test]
    public void Each_code_precedes_those_after_it()
    {
        Assert.That(Of(true, true, true, true, true, true, true), Is.EqualTo(1));
        Assert.That(Of(false, true, false, true, true, true, true), Is.EqualTo(3));
        Assert.That(Of(false, false, true, true, true, true, true), Is.EqualTo(3));
        Assert.That(Of(false, false, false, true, true, true, true), Is.EqualTo(99));
        Assert.That(Of(false, false, false, false, true, true, true), Is.EqualTo(4));
        Assert.That(Of(interrupted: true), Is.EqualTo(105));
        Assert.That(Of(), Is.Zero, "an invalid measurement fails only if it is asked to");
        Assert.That(Of(strict: true, invalid: false), Is.Zero);
    }
}
