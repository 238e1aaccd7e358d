using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>From what a user asks for to a schedule with a warm-up.</summary>
public class RatePlanTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static RatePlan Make(double start, params Stage[] stages) =>
        new() { StartRate = start, Stages = stages };

    [Test]
    public void The_load_is_named_by_its_rate_and_its_arrivals()
    {
        RatePlan constant = Make(20_000, new Stage(s_second, 20_000));

        Assert.That(constant.Text, Is.EqualTo("20000/s uniform"));
        Assert.That(
            (constant with { Arrivals = ArrivalKind.Poisson }).Text, Is.EqualTo("20000/s poisson"));
        Assert.That(
            (constant with { Arrivals = ArrivalKind.Burst, Burst = 10 }).Text,
            Is.EqualTo("20000/s burst:10"));
        Assert.That(
            Make(0, new Stage(TimeSpan.Zero, 5), new Stage(s_second * 90, 5)).Text,
            Is.EqualTo("0/s, at once 5/s, to 5/s in 90s, uniform"));
    }

    [Test]
    public void The_warm_up_has_the_rate_of_the_start()
    {
        Schedule schedule = Make(100, new Stage(s_second, 300)).ToSchedule(s_second, 1);

        Assert.That(schedule.Length, Is.EqualTo(2 * s_second));
        Assert.That(schedule.CountUntil(s_second), Is.EqualTo(100));
        Assert.That(schedule.Total, Is.EqualTo(300));
        Assert.That(schedule.InstantOf(50), Is.EqualTo(s_second / 2));
    }

    /// <summary>A start at 0 would warm nothing up.</summary>
    [Test]
    public void The_warm_up_of_a_start_at_zero_has_the_first_target_above_it()
    {
        Schedule schedule = Make(
                0, new Stage(s_second, 0), new Stage(2 * s_second, 40), new Stage(s_second, 80))
            .ToSchedule(s_second, 1);

        Assert.That(schedule.CountUntil(s_second), Is.EqualTo(40));
        Assert.That(schedule.CountUntil(2 * s_second), Is.EqualTo(40), "then the start at zero");
        Assert.That(schedule.Total, Is.EqualTo(40 + 40 + 60));
    }

    [Test]
    public void Without_a_warm_up_the_window_is_the_schedule()
    {
        Schedule schedule = Make(7, new Stage(s_second, 7)).ToSchedule(TimeSpan.Zero, 9);

        Assert.That(schedule.Length, Is.EqualTo(s_second));
        Assert.That(schedule.Total, Is.EqualTo(7));
        Assert.That(schedule.Seed, Is.EqualTo(9));
    }
}
