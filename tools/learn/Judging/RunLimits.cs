namespace Reactor.Learn;

/// <summary>
/// How often an answer is run, with which seeds, and how long at most. Immutable.
/// </summary>
internal sealed record RunLimits
{
    public const int DefaultSchedules = 20;

    /// <summary>How often a scenario with schedules is run.</summary>
    public int Schedules { get; init; } = DefaultSchedules;

    /// <summary>Of the first schedule. Fixed, so that a check finds the same each time.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Upper bound of the limit that a scenario has.</summary>
    public TimeSpan Scenario { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For all scenarios together, so that each answer is judged within 10 s: on a busy machine
    /// start, compiling and ending took 2.4 s of them.
    /// </summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(7);
}
