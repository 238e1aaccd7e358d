namespace Reactor;

/// <summary>Waits for futures, as <c>WhenAll</c> does; an edge in the graph of awaits.</summary>
internal interface IAwaitsFutures
{
    /// <summary>The futures that it waits for; some may be done.</summary>
    IEnumerable<Future> Awaited { get; }

    /// <summary>True if one of them is enough, false if all must be done.</summary>
    bool IsOneEnough { get; }
}

/// <summary>A task parks on it until other futures are done.</summary>
internal sealed class JoinFuture(
    CoroutineScheduler scheduler, IEnumerable<Future> awaited, bool isOneEnough = false)
    : Promise<Unit>(scheduler), IAwaitsFutures
{
    public IEnumerable<Future> Awaited => awaited;

    public bool IsOneEnough => isOneEnough;
}
