using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>A callback of the loop, which can be cancelled (asyncio: <c>Handle</c>).</summary>
/// <remarks>
/// Loop thread only; any thread may cancel a handle of <c>CallSoonThreadSafe</c> until it starts.
/// </remarks>
public abstract class LoopHandle : LoopWork
{
    /// <summary>In place of the callback of a handle that was cancelled.</summary>
    internal const string Dropped = "(dropped)";

    // Of debug mode. A field would enlarge every handle.
    private static readonly ConditionalWeakTable<LoopHandle, string> s_cancelled = [];

    private readonly object _context;
    private readonly string? _file;
    private readonly int _line;
    private volatile bool _isCancelled;

    private protected LoopHandle(
        CoroutineScheduler scheduler, LoopContext? context, string? file, int line)
    {
        Scheduler = scheduler;
        _context = context ?? (object)LoopContext.CaptureValues();
        _file = file;
        _line = line;
    }

    private protected CoroutineScheduler Scheduler { get; }

    /// <summary>The file in which the handle was made, or null.</summary>
    internal string? File => _file;

    /// <summary>The line in <see cref="File"/>.</summary>
    internal int Line => _line;

    /// <summary>True once <see cref="Cancel"/> was called, also by the callback itself.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>
    /// Cancels the callback and releases it, idempotent (asyncio: <c>Handle.cancel</c>).
    /// </summary>
    public virtual void Cancel()
    {
        if (_isCancelled)
        {
            return;
        }

        if (Scheduler.Debug)
        {
            s_cancelled.TryAdd(this, DescribeCallback());
        }

        _isCancelled = true;
        DropCallback();
    }

    /// <inheritdoc/>
    public sealed override void Run()
    {
        if (_isCancelled)
        {
            return;
        }

        LoopContext.Enter(_context);
        try
        {
            Invoke();
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Scheduler.Report(new LoopErrorContext
            {
                Message = $"Exception in callback {ShownText.Of(this)}: "
                    + "catch it there: nothing else can.",
                Exception = error,
                Handle = this,
                CreatedAt = CreatedAt,
            });
        }
        finally
        {
            LoopContext.Leave(_context);
        }
    }

    /// <summary>
    /// The callback's name (after <see cref="Cancel"/> in debug mode only), and where it was made.
    /// </summary>
    public override string ToString()
    {
        string place = _file is null ? "" : $" created at {CreatedAt}";
        return $"<{Kind} {(_isCancelled ? DescribeCancelled() : DescribeCallback())}{place}>";
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Without the place, which depends on the mode. A handle that another thread has cancelled has
    /// lost its callback.
    /// </remarks>
    internal override MessageKey MessageKey => new(
        $"{Kind} {(ShownCallback is { } shown ? StateMachineName.KeyOf(shown) : Dropped)}");

    private string? CreatedAt => _file is null ? null : $"{Path.GetFileName(_file)}:{_line}";

    private protected virtual string Kind => "Handle";

    private protected abstract void Invoke();

    private protected virtual void DropCallback()
    {
    }

    /// <summary>The callback, or the one that it calls; null once dropped.</summary>
    internal abstract Delegate? ShownCallback { get; }

    private string DescribeCallback() =>
        ShownCallback is { } shown ? StateMachineName.Of(shown) : Dropped;

    private string DescribeCancelled() =>
        s_cancelled.TryGetValue(this, out string? callback) ? $"cancelled {callback}" : "cancelled";

    /// <summary>The callback, or the one that is its argument; boxes nothing.</summary>
    private protected static Delegate? Shown<TState>(Delegate? callback, TState state) =>
        state is Action called ? called : callback;
}

/// <summary>A callback with its argument; see <see cref="PlainCallback"/>.</summary>
internal sealed class StateHandle<TState>(
    CoroutineScheduler scheduler, Action<TState> callback, TState state, LoopContext? context,
    string? file, int line)
    : LoopHandle(scheduler, context, file, line)
{
    private Action<TState>? _callback =
        callback ?? throw new ArgumentNullException(nameof(callback));

    private TState _state = state;

    private protected override void Invoke()
    {
        // A Cancel on another thread clears the callback before the state.
        TState state = _state;
        Volatile.ReadBarrier();
        _callback?.Invoke(state);
    }

    private protected override void DropCallback()
    {
        _callback = null;
        Volatile.WriteBarrier();
        _state = default!;
    }

    internal override Delegate? ShownCallback => Shown(_callback, _state);
}
