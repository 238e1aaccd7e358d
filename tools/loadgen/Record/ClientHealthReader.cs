namespace Reactor.Tools.Loadgen;

/// <summary>
/// What this process cost between two instants. Reads the runtime's own counters, which cover all
/// threads: compiler and collector count too. One thread at a time.
/// </summary>
internal sealed class ClientHealthReader
{
    private Counters _begin;

    /// <summary>Reads the counters before the window opens.</summary>
    public void Begin() => _begin = Counters.Read();

    /// <summary>The differences since <see cref="Begin"/>, read after the window.</summary>
    /// <param name="spinTime">
    /// Time that all loops spent spinning for a release. It is no work, so it is not in
    /// <see cref="ClientHealth.CpuTime"/>.
    /// </param>
    public ClientHealth End(TimeSpan spinTime)
    {
        Counters end = Counters.Read();
        TimeSpan work = end.Cpu - _begin.Cpu - spinTime;
        return new ClientHealth
        {
            // The two clocks differ by the time of a preempted spin, so the rest may be negative.
            CpuTime = work > TimeSpan.Zero ? work : TimeSpan.Zero,
            SpinTime = spinTime,
            Collections = end.Collections - _begin.Collections,
            PauseTime = end.Pause - _begin.Pause,
            AllocatedBytes = end.Allocated - _begin.Allocated,
        };
    }

    private readonly record struct Counters(
        TimeSpan Cpu, int Collections, TimeSpan Pause, long Allocated)
    {
        // A collection of a higher generation counts in generation 0, too.
        public static Counters Read() => new(
            Environment.CpuUsage.TotalTime,
            GC.CollectionCount(0),
            GC.GetTotalPauseDuration(),
            GC.GetTotalAllocatedBytes(precise: true));
    }
}
