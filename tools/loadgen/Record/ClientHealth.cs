namespace Reactor.Tools.Loadgen;

/// <summary>What this program cost itself in the window. Immutable.</summary>
internal sealed record ClientHealth
{
    /// <summary>CPU time of the process in the window, without the time spent spinning.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>Time that the loops spent spinning for the next release.</summary>
    public TimeSpan SpinTime { get; init; }

    /// <summary>Collections of garbage in the window.</summary>
    public int Collections { get; init; }

    /// <summary>Pause of the process by collections in the window.</summary>
    public TimeSpan PauseTime { get; init; }

    /// <summary>
    /// Bytes that the whole process allocated between the first and the last request of the window.
    /// </summary>
    public long AllocatedBytes { get; init; }
}
