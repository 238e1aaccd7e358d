namespace Reactor;

/// <summary>
/// Reads the durations that callers give as limits: exactly <see cref="Timeout.InfiniteTimeSpan"/>
/// is no limit, as everywhere in .NET. It is 1 ms below zero, so a caller who computes what is left
/// of a limit clamps that at zero.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class TimeLimit
{
    public static bool IsInfinite(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan;

    /// <summary>The limit, or null for none, whichever way the caller said so.</summary>
    public static TimeSpan? OrNull(TimeSpan? limit) =>
        limit is { } time && IsInfinite(time) ? null : limit;

    /// <summary>The limit, or the longest duration for none.</summary>
    public static TimeSpan OrMax(TimeSpan limit) =>
        IsInfinite(limit) ? TimeSpan.MaxValue : limit;
}
