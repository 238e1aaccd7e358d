// 25.1 The time of a request counts from its send.
// zh-CN: 请求的时间从发送时算起。
// A request that waits for a connection waits because of the server. While the server stops, one
// request is slow and a hundred are late, and only the one is counted: coordinated omission.

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
        int[] times = [.. samples.Select(sample => (sample.Done ?? end) - sample.Sent).Order()];
        int[] lateness = [.. samples.Select(sample => sample.Acted - sample.Due).Order()];
        int p99 = At(times, 99);
        Verdict verdict =
            At(lateness, 99) * 10 > p99 ? Verdict.ClientLimited
            : isClosedLoop ? Verdict.ClosedLoop
            : samples.Count < 1000 ? Verdict.TooFewSamples
            : Verdict.Valid;
        return new Result(At(times, 50), p99, verdict);
    }

    // The value of which `percent` of all are not greater.
    private static int At(int[] sorted, int percent) =>
        sorted[(((sorted.Length * percent) + 99) / 100) - 1];
}
