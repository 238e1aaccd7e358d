namespace Reactor.Tools.Loadgen;

/// <summary>Makes the result of a run from the records of its workers. Pure.</summary>
internal static class RecordMerge
{
    /// <summary>Merges ended workers, in the order of their numbers.</summary>
    public static LoadResult Of(
        RunDescription run,
        IReadOnlyList<Worker> workers,
        DateTimeOffset startedAt,
        ClientHealth client)
    {
        WorkerRecord[] all = [.. workers.Select(worker => worker.Record)];
        foreach (WorkerRecord other in all[1..])
        {
            all[0].Measured.Merge(other.Measured);
            all[0].WarmUp.Merge(other.WarmUp);
            all[0].Times.Merge(other.Times);
        }

        return new LoadResult
        {
            Run = run,
            StartedAt = startedAt,
            Elapsed = all.Max(one => one.Elapsed),
            Measured = all[0].Measured,
            WarmUp = all[0].WarmUp,
            InFlightAtStart = all.Sum(one => one.InFlightAtStart),
            Times = all[0].Times,
            Rates = SumRates([.. workers.Select(worker => worker.Rates)]),
            FastestService = all.Min(one => one.FastestService),
            Intervals = IntervalLog.Merge(
                [.. all.Select(one => one.Intervals)], all.Max(one => one.Elapsed)),
            Statuses = Enumerable.Range(0, all[0].Statuses.Length)
                .Select(status => (Status: status, Sum: all.Sum(one => one.Statuses[status])))
                .Where(pair => pair.Sum > 0)
                .ToDictionary(pair => pair.Status, pair => pair.Sum),
            Examples = [.. all.SelectMany(one => one.Examples)
                .OrderBy(example => example.At)
                .DistinctBy(example => example.Cause)],
            Tolerated = Deviation.Names.Index()
                .Select(pair => (pair.Item, Sum: all.Sum(one => one.Tolerated[pair.Index])))
                .Where(pair => pair.Sum > 0)
                .ToDictionary(pair => pair.Item, pair => pair.Sum),
            Connects = all.Sum(one => one.Connects),
            Reconnects = all.Sum(one => one.Reconnects),
            ConnectFailures = Causes.All.Index()
                .Select(pair => (pair.Item, Sum: all.Sum(one => one.ConnectFailures[pair.Index])))
                .Where(pair => pair.Sum > 0)
                .ToDictionary(pair => pair.Item, pair => pair.Sum),
            LongestSilence = all.Select(one => one.LongestSilence).Aggregate(Overlap),
            LastResponseAt = all.Max(one => one.LastResponseAt),
            EndedDisconnected = all.All(one => one.EndedDisconnected),
            Client = client,
        };
    }

    /// <summary>
    /// The time in which no worker had a response: what their longest silences have in common.
    /// </summary>
    private static Silence Overlap(Silence one, Silence other)
    {
        TimeSpan begin = one.Begin > other.Begin ? one.Begin : other.Begin;
        TimeSpan end = one.Begin + one.Length < other.Begin + other.Length
            ? one.Begin + one.Length
            : other.Begin + other.Length;
        return end > begin ? new Silence(begin, end - begin) : default;
    }

    private static double[] SumRates(IReadOnlyList<IReadOnlyList<double>> all) =>
        [.. Enumerable.Range(0, all.Min(rates => rates.Count))
            .Select(i => all.Sum(rates => rates[i]))];
}
