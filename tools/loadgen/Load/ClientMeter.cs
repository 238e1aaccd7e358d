namespace Reactor.Tools.Loadgen;

/// <summary>
/// Measures this process from the start to the end of the window. One thread at a time; begin and
/// end allocate nothing that they measure.
/// </summary>
internal sealed class ClientMeter
{
    private TimeSpan _cpu;
    private TimeSpan _pause;
    private int _collections;
    private long _allocated;

    /// <summary>The window opens.</summary>
    public void Begin()
    {
        _cpu = Environment.CpuUsage.TotalTime;
        _pause = GC.GetTotalPauseDuration();
        _collections = GC.CollectionCount(0);
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
    }

    /// <summary>The window closes.</summary>
    public void End()
    {
        _allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocated;
        _collections = GC.CollectionCount(0) - _collections;
        _pause = GC.GetTotalPauseDuration() - _pause;
        _cpu = Environment.CpuUsage.TotalTime - _cpu;
    }

    /// <summary>The result.</summary>
    /// <param name="spinTime">Time that the loops spent spinning in the window.</param>
    public ClientHealth Health(TimeSpan spinTime) => new()
    {
        CpuTime = _cpu - spinTime,
        SpinTime = spinTime,
        Collections = _collections,
        PauseTime = _pause,
        AllocatedBytes = _allocated,
    };
}
