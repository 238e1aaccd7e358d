using BenchmarkDotNet.Attributes;

namespace Reactor.Bench;

/// <summary>
/// Benchmarks that run on a loop of their own, with the sockets driver and the real clock.
/// </summary>
[MemoryDiagnoser]
public abstract class OnLoop
{
    /// <summary>How often each call does what it measures.</summary>
    protected const int Operations = 100_000;

    protected EventLoop Loop { get; private set; } = null!;

    [GlobalSetup]
    public void MakeLoop() => Loop = new EventLoop();

    [GlobalCleanup]
    public void CloseLoop() => Loop.Dispose();
}
