using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// One await of a foreign awaitable, which a task is suspended on. A foreign awaiter may call back
/// twice, or after the await is over, and must not wake a later wait; so the continuation is bound
/// to this await, and only its first call counts.
/// </summary>
/// <remarks>
/// <para>Any thread, except <see cref="End"/>.</para>
/// <para>
/// It costs 96 bytes for each await that waits. The awaiters of <see cref="ForeignAwaiter{T}"/>
/// need none: they call once, so a task has one delegate for all of them. Reusing a called object
/// was rejected: a late call would look like the first call of the next await.
/// </para>
/// </remarks>
internal sealed class ForeignAwait(TaskStep step, Type awaiter) : IStepContinuation
{
    private const int Waiting = 0;
    private const int Over = 1;
    private const int Reported = 2;

    private int _state;

    public TaskStep Step => step;

    public Type Awaiter => awaiter;

    public void Continue()
    {
        int before = Interlocked.CompareExchange(ref _state, Over, Waiting);
        if (before == Waiting)
        {
            step.Scheduler.PostFromAnywhere(step);
        }
        else if (before == Over
            && Interlocked.CompareExchange(ref _state, Reported, Over) == Over)
        {
            step.Scheduler.PostThreadSafe(new Misuse(step, awaiter));
        }
    }

    /// <summary>The task continues: a later call is late. False if it was called before.</summary>
    public bool End() => Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting;

    private sealed class Misuse(TaskStep step, Type awaiter) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => step.Scheduler.Report(new LoopErrorContext
        {
            Message = $"A foreign awaiter ({awaiter}) called its continuation again, or after the "
                + $"await was over, in {ShownText.Of(step.Owner)}: the call is ignored; an awaiter "
                + "must call it once.",
            Future = step.Owner,
        });

        /// <inheritdoc/>
        internal override void OnLoopClosed() => Run();
    }
}

/// <summary>What is known of a type of foreign awaiters.</summary>
internal static class ForeignAwaiter<TAwaiter>
{
    /// <summary>
    /// True for the framework's awaiters that call each continuation once. The awaiters of
    /// <see cref="ValueTask"/> are not among them: any source may be behind one.
    /// </summary>
    public static readonly bool CallsOnce = IsOfTask(
        typeof(TAwaiter).IsGenericType
            ? typeof(TAwaiter).GetGenericTypeDefinition()
            : typeof(TAwaiter));

    private static bool IsOfTask(Type type) =>
        type == typeof(TaskAwaiter)
        || type == typeof(TaskAwaiter<>)
        || type == typeof(ConfiguredTaskAwaitable.ConfiguredTaskAwaiter)
        || type == typeof(ConfiguredTaskAwaitable<>.ConfiguredTaskAwaiter)
        || type == typeof(System.Runtime.CompilerServices.YieldAwaitable.YieldAwaiter);
}
