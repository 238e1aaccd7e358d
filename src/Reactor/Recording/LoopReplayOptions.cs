namespace Reactor.Recording;

/// <summary>How a recording is replayed; every member has a default. Immutable.</summary>
public sealed record LoopReplayOptions
{
    /// <summary>
    /// The real time to wait for a message of another thread that was recorded. Default 5 seconds:
    /// work of an executor runs again, and may take as long as it did.
    /// </summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// True collects the events of the loop for <see cref="LoopReplay.ReadTrace"/>, some 50 bytes
    /// of memory each. Default false.
    /// </summary>
    public bool Events { get; init; }

    /// <summary>The part of the events that is kept, and its bound.</summary>
    public TracePart Part { get; init; } = new();
}
