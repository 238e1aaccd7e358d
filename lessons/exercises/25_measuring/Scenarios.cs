// What the reading of a result is asked. A scenario is a list of groups of requests that are alike.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("The time of a request counts from its instant in the schedule", log =>
        {
            // The last 100 wait 500 ms for a connection, because the server has stopped.
            List<Sample> samples = [.. Quick(1900), .. Quick(100, queued: 500)];
            Write(log, Measurement.Read(false, samples, end: 30_000));
        })
        {
            Right = ["p50 5 ms, p99 505 ms: Valid"],
            Wrong =
            {
                ["25.1"] = ["p50 5 ms, p99 5 ms: Valid"],
                ["25.6"] = ["p50 30 ms, p99 505 ms: Valid"], // (1900 × 5 + 100 × 505) / 2000
            },
        },
        new("A closed loop does not say how long a user waits", log =>
            Write(log, Measurement.Read(true, [.. Quick(2000)], end: 30_000)))
        {
            Right = ["p50 5 ms, p99 5 ms: ClosedLoop"],
            Wrong = { ["25.2"] = ["p50 5 ms, p99 5 ms: Valid"] },
        },
        new("A generator that is late itself has not measured the server", log =>
            Write(log, Measurement.Read(false, [.. Quick(2000, late: 50)], end: 30_000)))
        {
            Right = ["p50 55 ms, p99 55 ms: ClientLimited"],
            Wrong =
            {
                ["25.1"] = ["p50 5 ms, p99 5 ms: ClientLimited"],
                ["25.3"] = ["p50 55 ms, p99 55 ms: Valid"],
            },
        },
        new("A late generator is the first reason, also in a closed loop", log =>
            Write(log, Measurement.Read(true, [.. Quick(2000, late: 50)], end: 30_000)))
        {
            Right = ["p50 55 ms, p99 55 ms: ClientLimited"],
            Wrong =
            {
                ["25.1"] = ["p50 5 ms, p99 5 ms: ClientLimited"],
                ["25.3"] = ["p50 55 ms, p99 55 ms: ClosedLoop"],
            },
        },
        new("A request without a response counts with its age", log =>
        {
            var lost = new Sample(24_000, 24_000, 24_000, Done: null);
            List<Sample> samples = [.. Quick(1900), .. Enumerable.Repeat(lost, 100)];
            Write(log, Measurement.Read(false, samples, end: 30_000));
        })
        {
            Right = ["p50 5 ms, p99 6000 ms: Valid"],
            Wrong =
            {
                ["25.4"] = ["p50 5 ms, p99 5 ms: Valid"],
                ["25.6"] = ["p50 304 ms, p99 6000 ms: Valid"], // (1900 × 5 + 100 × 6000) / 2000
            },
        },
        new("Of 100 samples only one is above the p99", log =>
            Write(log, Measurement.Read(false, [.. Quick(100)], end: 30_000)))
        {
            Right = ["p50 5 ms, p99 5 ms: TooFewSamples"],
            Wrong = { ["25.5"] = ["p50 5 ms, p99 5 ms: Valid"] },
        },
        new("The order of the requests does not matter", log =>
        {
            Sample[] samples = [.. Quick(1979), .. Quick(21, queued: 500)];
            log.Schedule.Shuffle(samples);
            Write(log, Measurement.Read(false, samples, end: 30_000));
        })
        {
            Schedules = true,
            Right = ["p50 5 ms, p99 505 ms: Valid"], // rank 1980 is the least of the 21
            Wrong =
            {
                ["25.1"] = ["p50 5 ms, p99 5 ms: Valid"],
                ["25.6"] = ["p50 10 ms, p99 505 ms: Valid"], // 5 + 21 × 500 / 2000
            },
        },
    ];

    // Requests every 10 ms that the server answers in 5 ms.
    private static IEnumerable<Sample> Quick(int count, int late = 0, int queued = 0)
    {
        for (int i = 0; i < count; i++)
        {
            int due = i * 10;
            int sent = due + late + queued;
            yield return new Sample(due, due + late, sent, sent + 5);
        }
    }

    private static void Write(Log log, Result result) =>
        log.Write($"p50 {result.P50} ms, p99 {result.P99} ms: {result.Verdict}");
}
