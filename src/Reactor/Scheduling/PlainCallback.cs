namespace Reactor;

/// <summary>
/// A callback without an argument, as the argument of one that calls it: so one class of handles,
/// and one of timers, serves both kinds. Any thread.
/// </summary>
internal static class PlainCallback
{
    /// <summary>Calls what it is given.</summary>
    public static readonly Action<Action> Run = static callback => callback();

    /// <summary>
    /// A handle that the loop makes for itself, such as for the continuation of a plain async
    /// method: in a copy of the caller's context, and of no line of the user's.
    /// </summary>
    public static LoopHandle HandleOf(CoroutineScheduler scheduler, Action callback)
    {
        scheduler.ForeignWaits?.NotePlainWait();
        return new StateHandle<Action>(scheduler, Run, callback, null, null, 0);
    }
}
