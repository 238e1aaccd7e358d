// 25.3 What was measured is the server.
// zh-CN: 测到的就是服务器。
// A generator with a busy processor sends late and reads late. Its own lateness then stands in the
// report as a slow server, and an afternoon goes into the wrong program.

public enum Verdict
{
    Valid,
    ClientLimited,      // the generator itself was late
    ClosedLoop,         // it says how much the server can do, not how long a user waits
    TooFewSamples,      // fewer than ten samples are above the p99
}

// A request, in milliseconds: when the schedule wanted it, when the generator came to it, when a
// connection was free and it was sent, and when its response was complete (null: never).
public sealed record Sample(int Due, int Acted, int Sent, int? Done);

public sealed record Result(int P50, int P99, Verdict Verdict);

public static class Measurement
{
    public static Result Read(bool isClosedLoop, IReadOnlyList<Sample> samples, int end)
    {
        int[] times = [.. samples.Select(sample => (sample.Done ?? end) - sample.Due).Order()];
        int p99 = At(times, 99);
        Verdict verdict =
            isClosedLoop ? Verdict.ClosedLoop
            : samples.Count < 1000 ? Verdict.TooFewSamples
            : Verdict.Valid;
        return new Result(At(times, 50), p99, verdict);
    }

    // The value of which `percent` of all are not greater.
    private static int At(int[] sorted, int percent) =>
        sorted[(((sorted.Length * percent) + 99) / 100) - 1];
}
