// The instants of an open loop, as a closed form of the request's number.
//
// The rate is piecewise linear. With N(t), its integral, request n of a uniform schedule is due at
// the t with N(t) = n, so request 0 is due at 0 and no rounding error accumulates. Within a stage
// that changes the rate from r0 by a per second, r0 t + a t^2 / 2 = x is solved in the form
// t = 2x / (r0 + sqrt(r0^2 + 2 a x)), which is exact for a = 0 and does not cancel for a < 0.
//
// Poisson arrivals are those of rate 1 on the axis of N, moved to t by the same inverse; bursts
// take the instant of their first request.
namespace Reactor.Tools.Loadgen;

/// <summary>When the requests of an open loop are due. Immutable; any thread.</summary>
internal sealed class Schedule
{
    private readonly Segment[] _segments;

    /// <summary>Makes a schedule.</summary>
    /// <param name="startRate">The rate at the start, in requests per second.</param>
    /// <param name="stages">
    /// The stages; their targets are rates. One without a length is a jump to its rate.
    /// </param>
    /// <param name="arrivals">The kind of arrivals.</param>
    /// <param name="burst">The size of a burst; 1 for other kinds.</param>
    /// <param name="seed">The seed of random arrivals.</param>
    public Schedule(
        double startRate,
        IReadOnlyList<Stage> stages,
        ArrivalKind arrivals = ArrivalKind.Uniform,
        int burst = 1,
        ulong seed = 0)
    {
        Arrivals = arrivals;
        Burst = arrivals == ArrivalKind.Burst ? burst : 1;
        Seed = seed;
        var segments = new List<Segment>();
        var (length, count, rate) = (TimeSpan.Zero, 0.0, startRate);
        foreach (Stage stage in stages)
        {
            // A stage without a length has no slope, and no request is due in it.
            double seconds = stage.Length.TotalSeconds;
            if (seconds > 0)
            {
                segments.Add(
                    new Segment(length.TotalSeconds, count, seconds, rate, stage.Target));
            }

            length += stage.Length;
            count += (rate + stage.Target) / 2 * seconds;
            rate = stage.Target;
        }

        _segments = [.. segments];
        Length = length;
        Total = count;
    }

    /// <summary>The kind of arrivals.</summary>
    public ArrivalKind Arrivals { get; }

    /// <summary>The size of a burst, 1 for other kinds.</summary>
    public int Burst { get; }

    /// <summary>The seed of random arrivals.</summary>
    public ulong Seed { get; }

    /// <summary>The duration.</summary>
    public TimeSpan Length { get; }

    /// <summary>The integral of the rate: the requests due before <see cref="Length"/>.</summary>
    public double Total { get; }

    /// <summary>The integral of the rate from the begin to an instant.</summary>
    public double CountUntil(TimeSpan instant)
    {
        double seconds = instant.TotalSeconds;
        Segment segment = _segments[0];
        foreach (Segment next in _segments.AsSpan(1))
        {
            segment = next.Start <= seconds ? next : segment;
        }

        return segment.CountAt(Math.Min(seconds - segment.Start, segment.Seconds));
    }

    /// <summary>The instant at which the integral of the rate reaches a count.</summary>
    /// <param name="count">From 0 to below <see cref="Total"/>.</param>
    public TimeSpan InstantOf(double count)
    {
        Segment segment = _segments[0];
        foreach (Segment next in _segments.AsSpan(1))
        {
            segment = next.Count <= count ? next : segment;
        }

        return TimeSpan.FromTicks(
            (long)Math.Round(segment.InstantOf(count) * TimeSpan.TicksPerSecond));
    }

    private readonly record struct Segment(
        double Start, double Count, double Seconds, double Rate, double EndRate)
    {
        private double Slope => (EndRate - Rate) / Seconds;

        public double CountAt(double seconds) =>
            Count + (Rate * seconds) + (Slope / 2 * seconds * seconds);

        public double InstantOf(double count)
        {
            double more = count - Count;
            double root = Math.Sqrt(Math.Max(0, (Rate * Rate) + (2 * Slope * more)));
            return more == 0 ? Start : Start + Math.Min(Seconds, 2 * more / (Rate + root));
        }
    }
}
