using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The rate that a user asks for: a start, changes in stages, and the kind of arrivals. Immutable;
/// any thread.
/// </summary>
internal sealed record RatePlan
{
    /// <summary>The rate at the start of the window, in requests per second.</summary>
    public required double StartRate { get; init; }

    /// <summary>
    /// The stages of the window; at least one has a length, and one a rate. A stage without a
    /// length is a jump.
    /// </summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>The kind of arrivals.</summary>
    public ArrivalKind Arrivals { get; init; }

    /// <summary>The size of a burst; 1 for other kinds.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>
    /// The rate of the warm-up: that of the start, or of the first stage above 0.
    /// </summary>
    public double WarmUpRate =>
        StartRate > 0 ? StartRate : Stages.First(stage => stage.Target > 0).Target;

    /// <summary>
    /// The load in words: <c>20000/s uniform</c>, or
    /// <c>0/s, to 1000/s in 30s, to 0/s in 10s, uniform</c>.
    /// </summary>
    public string Text
    {
        get
        {
            string arrivals = Arrivals switch
            {
                ArrivalKind.Poisson => "poisson",
                ArrivalKind.Burst => string.Create(
                    CultureInfo.InvariantCulture, $"burst:{Burst}"),
                _ => "uniform",
            };
            string start = RateText.Format(StartRate);
            return Stages is [{ Target: var target }] && target == StartRate
                ? $"{start} {arrivals}"
                : string.Join(", ", [start, .. Stages.Select(Describe), arrivals]);
        }
    }

    /// <summary>The schedule, with the warm-up at its begin.</summary>
    public Schedule ToSchedule(TimeSpan warmUp, ulong seed) => warmUp == TimeSpan.Zero
        ? new Schedule(StartRate, Stages, Arrivals, Burst, seed)
        : new Schedule(
            WarmUpRate,
            [new Stage(warmUp, WarmUpRate), new Stage(TimeSpan.Zero, StartRate), .. Stages],
            Arrivals,
            Burst,
            seed);

    private static string Describe(Stage stage) => stage.Length == TimeSpan.Zero
        ? $"at once {RateText.Format(stage.Target)}"
        : $"to {RateText.Format(stage.Target)} in {DurationText.Format(stage.Length)}";
}
