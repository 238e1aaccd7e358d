namespace Reactor.Http;

/// <summary>
/// Counts the requests of one route that are handled now, on one server, against their limit.
/// </summary>
/// <remarks>
/// Loop thread only. <see cref="HandlerRun"/> counts a request in, and out on every way it ends.
/// </remarks>
internal sealed class RouteGate(int runningMax)
{
    private int _running;

    public bool IsFull => _running >= runningMax;

    public void Enter() => _running++;

    public void Leave() => _running--;
}
