namespace Reactor;

/// <summary>
/// Durations given as limits: exactly <see cref="Timeout.InfiniteTimeSpan"/>, which is -1 ms, means
/// unlimited, as everywhere in .NET.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class TimeLimit
{
    public static bool IsInfinite(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan;

    public static TimeSpan? OrNull(TimeSpan? limit) =>
        limit is { } time && IsInfinite(time) ? null : limit;

    public static TimeSpan OrMax(TimeSpan limit) => IsInfinite(limit) ? TimeSpan.MaxValue : limit;
}
