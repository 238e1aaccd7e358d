namespace Reactor;

/// <summary>
/// Something that waits for futures in the name of whoever waits for it: what <c>WhenAll</c> gives,
/// a shield, the future behind <c>Wait</c>. The graph of awaits is drawn from this when somebody
/// asks; nothing is kept for it meanwhile.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface IAwaitsFutures
{
    /// <summary>What it waits for now; some of them may be done.</summary>
    IEnumerable<Future> Awaited { get; }

    /// <summary>True if one of them is enough, false if all must be done.</summary>
    bool IsOneEnough { get; }
}

/// <summary>
/// On this future a task is parked until others are done; it knows them, see
/// <see cref="IAwaitsFutures"/>.
/// </summary>
/// <param name="scheduler">The loop.</param>
/// <param name="awaited">The others; it may change while this is pending.</param>
/// <param name="isOneEnough">True if one of them is enough.</param>
internal sealed class JoinFuture(
    CoroutineScheduler scheduler, IEnumerable<Future> awaited, bool isOneEnough = false)
    : Promise<Unit>(scheduler), IAwaitsFutures
{
    public IEnumerable<Future> Awaited => awaited;

    public bool IsOneEnough => isOneEnough;
}

/// <summary>
/// A block in the stack of a task which cannot end before certain tasks have: so the task waits for
/// them, whatever it does meanwhile (asyncio: a child of a <c>TaskGroup</c> is awaited by the
/// parent from the moment it is spawned).
/// </summary>
/// <param name="Frame">The frame of the block.</param>
/// <param name="Awaited">The tasks; it changes as they come and go.</param>
/// <param name="Outer">The block around this one, in the same task.</param>
internal sealed record AwaitingBlock(
    CoroutineFrame Frame, IEnumerable<Future> Awaited, AwaitingBlock? Outer);
