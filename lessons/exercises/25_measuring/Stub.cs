// Read the result of a load test.
//
// P50 and P99 are times that a user waits: from the instant of the schedule to the response. They
// are values that half, and 99 of 100, of all requests do not exceed (rank n × percent / 100,
// rounded up). A request without a response counts with its age at the end.
//
// Verdict, the first that applies:
//   ClientLimited   the p99 of the generator's own lateness (Acted - Due) exceeds a tenth of P99
//   ClosedLoop      the load was a closed loop
//   TooFewSamples   there are fewer than 1000 samples

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
    // The measurement was over at the moment `end`.
    public static Result Read(bool isClosedLoop, IReadOnlyList<Sample> samples, int end) =>
        new(0, 0, Verdict.Valid);
}
