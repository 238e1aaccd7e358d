using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Testing.Tests.Chaos;

/// <summary>Shrinking by itself: the predicate of a run is a function of the test.</summary>
public class FaultShrinkerTests
{
    [Test]
    public void The_faults_that_are_needed_together_are_left_and_no_other()
    {
        var random = new Random(TestSeed.Next());
        for (int i = 0; i < 300; i++)
        {
            Fault[] faults = [.. Enumerable.Range(1, random.Next(1, 60))
                .Select(number => new Fault(FaultKind.Split, number, 1))];
            Fault[] needed =
                [.. faults.Where(_ => random.Next(faults.Length) < 3).DefaultIfEmpty(faults[0])];
            var shrinker = new FaultShrinker(
                tried => needed.All(one => tried.Any(it => it.Opportunity == one.Opportunity)),
                () => false);

            IReadOnlyList<Fault> shrunk = shrinker.Shrink(faults);

            Assert.That(
                shrunk.Select(one => one.Opportunity),
                Is.EqualTo(needed.Select(one => one.Opportunity)));
        }
    }

    [Test]
    public void A_run_that_fails_without_faults_has_none()
    {
        var shrinker = new FaultShrinker(_ => true, () => false);

        Assert.That(shrinker.Shrink(Delays(10, 20, 30)), Is.Empty);
        Assert.That(shrinker.Runs, Is.EqualTo(1));
    }

    [Test]
    public void A_cut_is_left_out_although_it_shifts_the_numbers_of_later_ones()
    {
        Fault first = new(FaultKind.Split, 1, 1);
        var shrinker = new FaultShrinker(
            tried => tried.Contains(new(FaultKind.Split, tried.Contains(first) ? 3 : 2, 1))
                && tried.Contains(new(FaultKind.Delay, tried.Contains(first) ? 5 : 4, 0)),
            () => false);

        Assert.That(
            shrinker.Shrink([first, new(FaultKind.Split, 3, 1), new(FaultKind.Delay, 5, 0)]),
            Is.EqualTo(new Fault[] { new(FaultKind.Split, 2, 1), new(FaultKind.Delay, 4, 0) }));
    }

    [Test]
    public void Delays_of_which_only_the_sum_counts_become_one()
    {
        var shrinker = new FaultShrinker(
            tried => tried.Sum(one => one.Amount) >= 100 && tried.Any(one => one.Opportunity == 2),
            () => false);

        Assert.That(
            shrinker.Shrink(Delays(40, 45, 33)),
            Is.EqualTo(new Fault[] { new(FaultKind.Delay, 2, 100) }));
    }

    [Test]
    public void Delays_that_are_needed_at_two_places_stay_two()
    {
        var shrinker = new FaultShrinker(
            tried => tried.Count(one => one.Amount >= 40) >= 2, () => false);

        Assert.That(shrinker.Shrink(Delays(60, 30, 70)), Is.EqualTo(
            new Fault[] { new(FaultKind.Delay, 1, 50), new(FaultKind.Delay, 3, 50) }));
    }

    [TestCase(123_456, 30_001, 50_000)]
    [TestCase(123_456, 50_000, 50_000)]
    [TestCase(123_456, 110_000, 123_456)]
    [TestCase(123_456, 100_000, 100_000)]
    [TestCase(123_456, 0, 0)]
    [TestCase(1, 1, 1)]
    public void An_amount_becomes_the_least_round_one_that_fails(int drawn, int least, int amount)
    {
        var shrinker = new FaultShrinker(
            tried => tried.Count == 1 && tried[0].Amount >= least, () => false);

        Assert.That(shrinker.Shrink(Delays(drawn)), Is.EqualTo(Delays(amount)));
    }

    [Test]
    public void A_time_limit_leaves_the_best_list_so_far()
    {
        int runs = 0;
        var shrinker = new FaultShrinker(
            tried => tried.Any(one => one.Opportunity == 1), () => runs++ == 3);

        // Tried: none, the second half, the first half; then the time is up.
        Assert.That(
            shrinker.Shrink(Delays(10, 20, 30, 40, 50, 60, 70, 80)),
            Has.Count.LessThanOrEqualTo(4).And.Contains(new Fault(FaultKind.Delay, 1, 10)));
        Assert.That(shrinker.IsCutShort);
    }

    private static Fault[] Delays(params int[] amounts) =>
        [.. amounts.Select((ticks, i) => new Fault(FaultKind.Delay, i + 1, ticks))];
}
