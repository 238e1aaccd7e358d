using System.Diagnostics;

namespace Reactor;

/// <summary>What awaiters share: the loop of this thread, or an error without one.</summary>
[StackTraceHidden]
internal static class LoopAwaits
{
    public static CoroutineScheduler Scheduler => CoroutineScheduler.Current
        ?? throw new InvalidOperationException(
            "No event loop runs on this thread: this can only be awaited on the loop.");

    public static void Resumed() => Scheduler.RunningStep?.ThrowIfInterrupted();

    /// <summary>A handle for the continuation of a plain async method.</summary>
    public static LoopHandle HandleOf(Action continuation) =>
        new ContinuationHandle(Scheduler, continuation);
}
