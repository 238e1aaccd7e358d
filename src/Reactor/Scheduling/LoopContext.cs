namespace Reactor;

/// <summary>
/// A context whose tasks and callbacks see each other's writes to <see cref="AsyncLocal{T}"/>
/// (asyncio: <c>contextvars.Context</c>). Without it, each task has a copy of its creator's.
/// </summary>
public sealed class LoopContext
{
    private static readonly ExecutionContext s_empty = CaptureOnFreshThread();

    private int _entered;

    private LoopContext(ExecutionContext values) => Values = values;

    internal ExecutionContext Values { get; set; }

    /// <summary>True while code runs in it, whose writes Values does not have.</summary>
    internal bool IsEntered => _entered > 0;

    /// <summary>A context with the current values of the calling thread. Any thread.</summary>
    public static LoopContext Capture() => new(CaptureValues());

    /// <summary>
    /// Runs a callback in this context, and keeps its writes (asyncio: <c>Context.run</c>). One
    /// thread at a time.
    /// </summary>
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

    /// <summary>The current values; none if the flow is suppressed.</summary>
    internal static ExecutionContext CaptureValues() => ExecutionContext.Capture() ?? s_empty;

    /// <summary>Enters an <see cref="ExecutionContext"/> or a shared context.</summary>
    internal static void Enter(object context)
    {
        if (context is not ExecutionContext values)
        {
            var shared = (LoopContext)context;
            shared._entered++;
            values = shared.Values;
        }

        ExecutionContext.Restore(values); // does nothing if nothing has changed
    }

    /// <summary>Keeps the writes if the context is shared.</summary>
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
