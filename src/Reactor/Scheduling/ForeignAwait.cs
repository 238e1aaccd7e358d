using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// One await of a foreign awaitable. A foreign awaiter may call back twice or late and must not
/// wake a later wait, so only the first call of this await's continuation counts.
/// </summary>
/// <remarks>
/// Any thread, except <see cref="End"/>. It costs 96 bytes, and is not reused: a late call would
/// look like the first call of the next await. Awaiters that call once share one delegate of the
/// task instead, see <see cref="ForeignAwaiter{T}"/>.
/// </remarks>
internal sealed class ForeignAwait(TaskStep step, Type awaiter) : IStepContinuation
{
    private int _calls; // the end of the await counts too

    public TaskStep Step => step;

    public Type Awaiter => awaiter;

    public void Continue()
    {
        int calls = Interlocked.Increment(ref _calls);
        if (calls <= 2)
        {
            step.Scheduler.PostThreadSafe(calls == 1 ? step : new Misuse(step, awaiter));
        }
    }

    /// <summary>Makes further calls late; false if there was one.</summary>
    public bool End() => Interlocked.CompareExchange(ref _calls, 1, 0) == 0;

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
    /// True for the framework's awaiters that call each continuation once; not for those of
    /// <see cref="ValueTask"/>, which may have any source.
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
