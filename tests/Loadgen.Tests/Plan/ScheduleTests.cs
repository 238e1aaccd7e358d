using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>The closed form of t(n), against reasoning and against numeric integration.</summary>
public class ScheduleTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private static Schedule Constant(double rate, double seconds) =>
        new(rate, [new Stage(TimeSpan.FromSeconds(seconds), rate)]);

    [TestCase(0, 0)]
    [TestCase(1, 2)]
    [TestCase(250, 500)]
    [TestCase(4999, 9998)]
    public void At_a_constant_rate_request_n_is_due_at_n_over_the_rate(long n, double ms) =>
        Assert.That(
            Constant(500, 10).InstantOf(n), Is.EqualTo(TimeSpan.FromMilliseconds(ms)));

    /// <summary>A sum of a billion steps of 33.3 us would be off by microseconds.</summary>
    [TestCase(1_000_000_000L)]
    [TestCase(999_999_999L)]
    [TestCase(123_456_789L)]
    public void The_billionth_request_has_not_drifted(long n)
    {
        // 30,000/s for 11 hours; n * 10^7 / 30,000 ticks, in whole numbers.
        var ticks = (long)Math.Round(n * 10_000_000m / 30_000m);

        Assert.That(
            (Constant(30_000, 39_600).InstantOf(n) - TimeSpan.FromTicks(ticks)).Duration(),
            Is.LessThanOrEqualTo(s_tick));
    }

    /// <summary>From 0 to 100/s in 10 s: N(t) = 5 t^2, so t(n) = sqrt(n / 5).</summary>
    [TestCase(0, 0)]
    [TestCase(5, 1)]
    [TestCase(125, 5)]
    [TestCase(320, 8)]
    public void A_ramp_from_zero_is_a_square_root(long n, double seconds)
    {
        var schedule = new Schedule(0, [new Stage(TimeSpan.FromSeconds(10), 100)]);

        Assert.That(schedule.Total, Is.EqualTo(500));
        Assert.That(
            (schedule.InstantOf(n) - TimeSpan.FromSeconds(seconds)).Duration(),
            Is.LessThanOrEqualTo(s_tick));
    }

    /// <summary>From 100/s to 0 in 10 s: what is left at t is 5 (10 - t)^2.</summary>
    [TestCase(500 - 405, 1)]
    [TestCase(500 - 125, 5)]
    [TestCase(500 - 5, 9)]
    public void A_ramp_to_zero_is_its_mirror(long n, double seconds)
    {
        var schedule = new Schedule(100, [new Stage(TimeSpan.FromSeconds(10), 0)]);

        Assert.That(
            (schedule.InstantOf(n) - TimeSpan.FromSeconds(seconds)).Duration(),
            Is.LessThanOrEqualTo(s_tick));
    }

    [Test]
    public void A_stage_without_a_length_is_a_jump_and_a_stage_at_zero_is_a_pause()
    {
        // 1 s at 10/s, 2 s without a request, 1 s at 20/s.
        var schedule = new Schedule(10,
        [
            new Stage(TimeSpan.FromSeconds(1), 10), new Stage(TimeSpan.Zero, 0),
            new Stage(TimeSpan.FromSeconds(2), 0), new Stage(TimeSpan.Zero, 20),
            new Stage(TimeSpan.FromSeconds(1), 20),
        ]);

        Assert.That(schedule.Total, Is.EqualTo(30));
        Assert.That(schedule.Length, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(schedule.InstantOf(9), Is.EqualTo(TimeSpan.FromSeconds(0.9)));
        Assert.That(schedule.InstantOf(10), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(schedule.InstantOf(29), Is.EqualTo(TimeSpan.FromSeconds(3.95)));
        Assert.That(schedule.CountUntil(TimeSpan.FromSeconds(2)), Is.EqualTo(10));
    }

    /// <summary>The integral by the rule of the middle, which is exact for straight lines.
    /// </summary>
    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property The_count_is_the_integral_of_the_rate_and_the_instant_its_inverse() =>
        Prop.ForAll(Ramps().ToArbitrary(), ramp =>
        {
            var schedule = new Schedule(ramp.Start, ramp.Stages);
            TimeSpan at = schedule.Length * ramp.Part;
            double count = schedule.CountUntil(at);
            double sum = Integrate(ramp.Start, ramp.Stages, at.TotalSeconds);
            bool isInverse = count >= schedule.Total || RateAt(ramp.Start, ramp.Stages, at) < 1
                || (schedule.InstantOf(count) - at).Duration() <= TimeSpan.FromTicks(2);
            return (Math.Abs(count - sum) <= 1e-6 * (1 + sum) && isInverse)
                .Label($"count {count}, integral {sum}, back at {schedule.InstantOf(count)}");
        });

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Instants_never_go_back_and_stay_within_the_schedule() =>
        Prop.ForAll(Ramps().ToArbitrary(), ramp =>
        {
            var schedule = new Schedule(ramp.Start, ramp.Stages);
            TimeSpan last = TimeSpan.Zero;
            for (int i = 0; i < 1000; i++)
            {
                TimeSpan instant = schedule.InstantOf(schedule.Total * i / 1000);
                if (instant < last || instant > schedule.Length)
                {
                    return false.Label($"{instant} after {last}");
                }

                last = instant;
            }

            return true.ToProperty();
        });

    private static Gen<(double Start, Stage[] Stages, double Part)> Ramps() =>
        from start in Gen.Choose(0, 5000)
        from stages in (from ms in Gen.Choose(0, 5000)
                        from target in Gen.Choose(0, 5000)
                        select new Stage(TimeSpan.FromMilliseconds(ms), target)).NonEmptyListOf()
        from last in Gen.Choose(1, 5000)
        from part in Gen.Choose(0, 1000)
        select (
            (double)start,
            stages.Append(new Stage(TimeSpan.FromSeconds(1), last)).ToArray(),
            part / 1000.0);

    private static double Integrate(double start, Stage[] stages, double until)
    {
        double sum = 0;
        double begin = 0;
        double rate = start;
        foreach (Stage stage in stages)
        {
            double seconds = stage.Length.TotalSeconds;
            double end = Math.Min(seconds, until - begin);
            const int Steps = 1000;
            for (int i = 0; i < Steps && end > 0; i++)
            {
                double middle = end * (i + 0.5) / Steps;
                sum += (rate + ((stage.Target - rate) * middle / seconds)) * end / Steps;
            }

            begin += seconds;
            rate = stage.Target;
        }

        return sum;
    }

    private static double RateAt(double start, Stage[] stages, TimeSpan at)
    {
        double rate = start;
        foreach (Stage stage in stages)
        {
            if (at < stage.Length)
            {
                return rate + ((stage.Target - rate) * (at / stage.Length));
            }

            at -= stage.Length;
            rate = stage.Target;
        }

        return rate;
    }
}
