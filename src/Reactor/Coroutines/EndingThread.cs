using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Continues on the thread that ends a foreign task, whatever its source says of continuations: a
/// hop over the thread pool costs a wake-up, and what the loop ends would arrive by chance.
/// </summary>
/// <remarks>
/// For continuations that only post: the source may hold a lock. They keep no ambient values of
/// the caller. Any thread.
/// </remarks>
internal static class EndingThread
{
    private static readonly Scheduler s_scheduler = new();
    private static readonly Context s_context = new();

    /// <summary>A cancelled token leaves nothing on the task.</summary>
    public static void Continue(
        Task task, Action<Task, object?> continuation, object state, CancellationToken token)
    {
        using (ExecutionContext.SuppressFlow())
        {
            task.ContinueWith(
                continuation, state, token, TaskContinuationOptions.None, s_scheduler);
        }
    }

    /// <summary>The outcome of a value task, which is consumed.</summary>
    public static Task<T> AsTask<T>(ValueTask<T> task) =>
        task.IsCompleted || Inside<T>.Of(ref task) is Task
            ? task.AsTask() : Await(static task => AwaitAsync(task), task);

    /// <inheritdoc cref="AsTask{T}(ValueTask{T})"/>
    public static Task AsTask(ValueTask task) =>
        task.IsCompleted || Inside.Of(ref task) is Task
            ? task.AsTask() : Await(static task => AwaitAsync(task), task);

    // ValueTask.AsTask() passes no context to the source.
    private static TTask Await<TValueTask, TTask>(
        Func<TValueTask, TTask> begin, TValueTask task)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(s_context);
        try
        {
            using (ExecutionContext.SuppressFlow())
            {
                return begin(task);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static async Task<T> AwaitAsync<T>(ValueTask<T> task) => await task;

    private static async Task AwaitAsync(ValueTask task) => await task;

    // .NET does not show whether a value task has a task, from which a continuation can be removed.
    private static class Inside
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
        public static extern ref object? Of(ref ValueTask task);
    }

    private static class Inside<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
        public static extern ref object? Of(ref ValueTask<T> task);
    }

    private sealed class Scheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class Context : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
