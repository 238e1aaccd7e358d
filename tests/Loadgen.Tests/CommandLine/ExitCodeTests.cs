using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Which code a run ends with if several would apply.</summary>
public class ExitCodeTests
{
    private static readonly ThresholdResult s_crossed =
        ThresholdResult.Of(Threshold.Parse("http_reqs:count>9", out _)!, Result(ok: 1));

    private static LoadResult Result(long ok, bool interrupted = false) => new()
    {
        Run = new RunDescription { Url = "http://127.0.0.1/" },
        Elapsed = TimeSpan.FromSeconds(1),
        Measured = new Tally { Scheduled = ok, Ok = ok },
        WarmUp = new Tally(),
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
