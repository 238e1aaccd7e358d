namespace Reactor.Recording;

/// <summary>
/// The program did something else than in its recording. It leaves the loop at once, and every
/// further call of the driver throws it again.
/// </summary>
public sealed class LoopReplayException : LoopAbortException
{
    internal LoopReplayException(string message) : base(message)
    {
    }

    /// <summary>The number of the entry that differs, from 1.</summary>
    public long Entry { get; init; }

    /// <summary>The turn of the loop, from 1.</summary>
    public long Turn { get; init; }

    /// <summary>The running task and its line, or the callback's.</summary>
    public string Work { get; init; } = "";

    /// <summary>What the program has requested now.</summary>
    public string Requested { get; init; } = "";

    /// <summary>What the recording has there.</summary>
    public string Recorded { get; init; } = "";
}

/// <summary>
/// The recording has ended before the program, as at its bound or after a crash: the replay is over
/// and has matched. It leaves the loop at once.
/// </summary>
public sealed class LoopReplayEndedException : LoopAbortException
{
    internal LoopReplayEndedException(long entries)
        : base($"The recording has ended after {entries} entries; the replay has matched so far.")
    {
    }
}
