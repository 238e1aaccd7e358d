namespace Reactor;

/// <summary>
/// A context that several tasks or callbacks share: they see each other's writes to
/// <see cref="AsyncLocal{T}"/> values (asyncio: <c>contextvars.Context</c>). Without one, each task
/// runs in a copy of its creator's context.
/// </summary>
/// <remarks>
/// <see cref="ExecutionContext"/> is immutable, so a copy is a reference and costs nothing; what is
/// shared is this box around it.
/// </remarks>
public sealed class LoopContext
{
    private static readonly ExecutionContext s_empty = CaptureOnFreshThread();

    private int _entered;

    private LoopContext(ExecutionContext values) => Values = values;

    internal ExecutionContext Values { get; set; }

    /// <summary>
    /// True while code runs in it; what that wrote is not in <see cref="Values"/> yet.
    /// </summary>
    internal bool IsEntered => _entered > 0;

    /// <summary>
    /// A new context with the values that the calling thread sees now. Any thread.
    /// </summary>
    public static LoopContext Capture() => new(CaptureValues());

    /// <summary>
    /// Runs a callback with this context's values, and keeps what it wrote (asyncio:
    /// <c>Context.run</c>). One thread at a time.
    /// </summary>
    /// <param name="callback">What to run; its exception passes through.</param>
    public void Run(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ExecutionContext before = CaptureValues();
        Enter(this);
        try
        {
            callback();
        }
        finally
        {
            Leave(this);
            Enter(before);
        }
    }

    /// <summary>The current values; where the flow is suppressed, none.</summary>
    internal static ExecutionContext CaptureValues() => ExecutionContext.Capture() ?? s_empty;

    /// <summary>
    /// Makes a context current: an <see cref="ExecutionContext"/> as it is, or a
    /// <see cref="LoopContext"/> by its values.
    /// </summary>
    internal static void Enter(object context)
    {
        if (context is not ExecutionContext values)
        {
            var shared = (LoopContext)context;
            shared._entered++;
            values = shared.Values;
        }

        ExecutionContext.Restore(values); // which looks first whether anything has changed
    }

    /// <summary>Stores the current values where <paramref name="context"/> is shared.</summary>
    internal static void Leave(object context)
    {
        if (context is LoopContext shared)
        {
            shared.Values = CaptureValues();
            shared._entered--;
        }
    }

    private static ExecutionContext CaptureOnFreshThread()
    {
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return empty!;
    }
}
