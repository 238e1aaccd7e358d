namespace Reactor;

/// <summary>
/// Reports awaiters that break their contract where the task can still be named and goes on, or
/// has ended, as if nothing had happened. Loop thread only.
/// </summary>
internal static class BrokenAwaiter
{
    /// <summary><c>OnCompleted</c> threw although it had called the continuation.</summary>
    public static void ReportThrowAfterCall(Future task, Exception error) => Report(
        task,
        $"A foreign awaiter threw after it had called back, in {ShownText.Of(task)}: the exception "
            + "is ignored.",
        error);

    /// <summary>An awaiter of the user's that is an <see cref="ILoopAwaiter"/> did so.</summary>
    public static void ReportLateResume(Future task) => Report(
        task,
        $"{ShownText.Of(task)} was resumed after it had ended: an awaiter must call Resume once "
            + "for each OnSuspend; this call is ignored.",
        null);

    private static void Report(Future task, string message, Exception? error) =>
        task.Scheduler.Report(new LoopErrorContext
        {
            Message = message,
            Exception = error,
            Future = task,
            CreatedAt = task.CreatedAt,
        });
}
