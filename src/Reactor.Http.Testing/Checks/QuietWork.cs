using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// Waits until nothing is left to do at this moment of virtual time, without moving the clock.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class QuietWork : LoopWork
{
    private readonly Promise<Unit> _quiet = new();

    private QuietWork()
    {
    }

    public static Future<Unit> WaitAsync(InMemoryDriver driver)
    {
        var work = new QuietWork();
        driver.PostWhenQuiet(work);
        return work._quiet;
    }

    public override void Run() => _quiet.TrySetResult(default);
}
