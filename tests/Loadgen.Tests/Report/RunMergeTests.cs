using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>
/// Merging is exact and does not depend on the order; runs that describe no common load are named.
/// </summary>
public class RunMergeTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [FsCheck.NUnit.Property(MaxTest = 30)]
    public Property Two_halves_are_what_one_run_would_have_recorded() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var (left, right, whole) = (new Recording(), new Recording(), new Recording());
            for (int i = 0; i < 300; i++)
            {
                var at = TimeSpan.FromMilliseconds(i * 10);
                long response = 1L << random.Next(42);
                Cause cause = random.Next(4) == 0
                    ? Causes.All[random.Next(Causes.All.Length)] : Cause.None;
                foreach (Recording recording in new[] { random.Next(2) == 0 ? left : right, whole })
                {
                    recording.Add(at, response, response / 2, cause);
                }
            }

            return Results.Json(RunMerge.Merge([left.Result(1), right.Result(1)]))
                == Results.Json(whole.Result(2));
        });

    [FsCheck.NUnit.Property(MaxTest = 20)]
    public Property The_order_of_the_runs_does_not_matter() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).ToArbitrary(),
        seed =>
        {
            LoadResult[] runs = [.. Enumerable.Range(seed, 3).Select(Results.Of)];
            string merged = Results.Json(RunMerge.Merge(runs));
            return Results.Json(RunMerge.Merge([runs[2], runs[0], runs[1]])) == merged
                && Results.Json(RunMerge.Merge([runs[1], runs[2], runs[0]])) == merged;
        });

    [Test]
    public void Intervals_are_aligned_by_wall_time()
    {
        LoadResult early = At(Results.Of(1), TimeSpan.Zero);
        LoadResult late = At(Results.Of(2), s_second);
        LoadResult merged = RunMerge.Merge([late, early]);

        // The late one began a second later: its first interval is the second of both.
        Assert.That(merged.StartedAt, Is.EqualTo(early.StartedAt));
        Assert.That(
            merged.Intervals.Select(one => one.Arrived),
            Is.EqualTo([
                early.Intervals[0].Arrived,
                early.Intervals[1].Arrived + late.Intervals[0].Arrived,
                early.Intervals[2].Arrived + late.Intervals[1].Arrived,
                late.Intervals[2].Arrived,
            ]));
        Assert.That(merged.Elapsed, Is.EqualTo(late.Elapsed + s_second));
        Assert.That(merged.Rates, Has.Count.EqualTo(40));
        Assert.That(merged.Rates[10], Is.EqualTo(early.Rates[10] + late.Rates[0]));
    }

    [Test]
    public void The_first_example_of_a_cause_is_the_earliest_by_wall_time()
    {
        var first = new ErrorExample(Cause.Reset, 1.5 * s_second, "first");
        var second = new ErrorExample(Cause.Reset, s_second, "second, of a run that began later");
        LoadResult merged = RunMerge.Merge([
            At(Results.Of(2), s_second) with { Examples = [second] },
            At(Results.Of(1), TimeSpan.Zero) with { Examples = [first] },
        ]);

        Assert.That(merged.Examples, Is.EqualTo([first]));
    }

    [Test]
    public void Runs_that_measured_the_same_server_do_not_double_its_cost()
    {
        ServerCost cost = Results.Of(1).Server!;
        var less = new ServerCost
        {
            Source = cost.Source,
            UserTime = TimeSpan.Zero,
            SystemTime = TimeSpan.Zero,
        };
        LoadResult merged = RunMerge.Merge([
            At(Results.Of(1), TimeSpan.Zero),
            At(Results.Of(2), TimeSpan.Zero) with { Server = less },
        ]);

        Assert.That(merged.Server, Is.EqualTo(cost));
    }

    [Test]
    public void Runs_of_another_load_are_named()
    {
        LoadResult one = At(Results.Of(1), TimeSpan.Zero);

        Assert.That(RunMerge.Doubt([one, At(Results.Of(2), TimeSpan.Zero)]), Is.Null);
        Assert.That(RunMerge.Doubt([one, one]), Is.EqualTo("a run is given twice"));
        Assert.That(
            RunMerge.Doubt([one, one with { Run = one.Run with { Url = "http://b/" } }]),
            Is.EqualTo(
                "the runs differ in URL: http://127.0.0.1:8080/plaintext and http://b/"));
        Assert.That(
            RunMerge.Doubt([one, one with { Run = one.Run with { Method = "POST" } }]),
            Is.EqualTo("the runs differ in method: GET and POST"));
        Assert.That(
            RunMerge.Doubt([one, one with { Run = one.Run with { Load = null } }]),
            Is.EqualTo("the runs differ in loop: an open loop and a closed loop"));
    }

    [Test]
    public void Runs_that_did_not_overlap_are_named()
    {
        LoadResult one = At(Results.Of(1), TimeSpan.Zero);
        LoadResult touching = At(Results.Of(2), one.Elapsed);
        LoadResult overlapping = At(Results.Of(2), one.Elapsed - TimeSpan.FromTicks(1));

        Assert.That(
            RunMerge.Doubt([one, touching]), Is.EqualTo("the runs were not at the same time"));
        Assert.That(RunMerge.Doubt([one, overlapping]), Is.Null);
    }

    [Test]
    public void Runs_with_different_intervals_cannot_be_merged()
    {
        LoadResult one = Results.Of(1);

        Assert.That(RunMerge.Obstacle([one, one]), Is.Null);
        Assert.That(
            RunMerge.Obstacle([one, one with { Run = one.Run with { Interval = 2 * s_second } }]),
            Is.EqualTo("the runs have different intervals"));
    }

    private static LoadResult At(LoadResult result, TimeSpan offset) =>
        result with { StartedAt = Results.Start + offset };

    // What a worker records.
    private sealed class Recording
    {
        private readonly IntervalLog _log = new(s_second, 3 * s_second);
        private readonly LoadTimes _times = new();
        private readonly Tally _tally = new();

        public void Add(TimeSpan at, long response, long service, Cause cause)
        {
            _tally.Scheduled++;
            _tally.Sent++;
            _log.Schedule(at);
            _times.Lateness.Record(response % 1000);
            if (cause == Cause.None)
            {
                _tally.Ok++;
                _times.Response.Finished.Record(response);
                _times.Service.Finished.Record(service);
                _log.Record(at, response, service);
                _log.Arrive(at);
            }
            else
            {
                _tally.Fail(cause);
                _times.Response.Unfinished.Record(response);
                _log.Fail(at);
            }
        }

        public LoadResult Result(int connections) => new()
        {
            Run = new RunDescription
            {
                Url = "http://a/",
                Connections = connections,
                Threads = connections,
            },
            StartedAt = Results.Start,
            Elapsed = 3 * s_second,
            Measured = _tally,
            WarmUp = new Tally(),
            Times = _times,
            Rates = [],
            Intervals = IntervalLog.Merge([_log], 3 * s_second),
        };
    }
}
