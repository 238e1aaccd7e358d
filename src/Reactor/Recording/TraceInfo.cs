namespace Reactor.Recording;

/// <summary>Where a trace comes from: the head of a file, or the loop that is observed.</summary>
public sealed record TraceInfo
{
    /// <summary>The program that ran.</summary>
    public string Program { get; init; } = "";

    /// <summary>The version of that program.</summary>
    public string Version { get; init; } = "";

    /// <summary>The name of the driver of the loop.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The wall time at which the trace began; time 0 of its events.</summary>
    public DateTimeOffset Begin { get; init; }

    /// <summary>The resolution of the loop's clock.</summary>
    public TimeSpan Resolution { get; init; }
}
