using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// A callback that was handed to the loop, and the means to take it back (asyncio: <c>Handle</c>).
/// </summary>
/// <remarks>
/// Loop thread only, except that <see cref="Cancel"/> of a handle made by
/// <c>CallSoonThreadSafe</c> may be called from any thread until the callback starts.
/// </remarks>
public abstract class LoopHandle : LoopWork
{
    // What a cancelled handle was, in debug mode only: beside the handles, because a field would
    // make each of them longer.
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

    /// <summary>
    /// True from the moment <see cref="Cancel"/> was called, also by the callback itself.
    /// </summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>
    /// Takes the callback back: it will not run, and what it held is let go at once. Again is
    /// harmless. (asyncio: <c>Handle.cancel</c>)
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
    /// The callback's name, and the place where it was handed to the loop. A cancelled handle has
    /// no callback any more; in debug mode it still says which one it was.
    /// </summary>
    public override string ToString()
    {
        string kind = this is TimerHandle ? "TimerHandle" : "Handle";
        string place = _file is null ? "" : $" created at {CreatedAt}";
        return $"<{kind} {(_isCancelled ? DescribeCancelled() : DescribeCallback())}{place}>";
    }

    /// <summary>Where it was handed to the loop; null where the loop itself made it.</summary>
    private string? CreatedAt => _file is null ? null : $"{Path.GetFileName(_file)}:{_line}";

    private protected abstract void Invoke();

    private protected abstract void DropCallback();

    private protected abstract string DescribeCallback();

    private string DescribeCancelled() =>
        s_cancelled.TryGetValue(this, out string? callback) ? $"cancelled {callback}" : "cancelled";

    /// <summary>
    /// The name to show: of the callback, or of the callback that it was given to call.
    /// </summary>
    private protected static string Describe(Delegate? callback, object? state)
    {
        Delegate? shown = state as Action ?? callback;
        return shown is null ? "(dropped)" : StateMachineName.Of(shown);
    }
}

/// <summary>
/// A callback with its argument, which is stored without boxing. A callback without one is the
/// argument of a callback that calls it: one class serves both.
/// </summary>
internal sealed class StateHandle<TState>(
    CoroutineScheduler scheduler,
    Action<TState> callback,
    TState state,
    LoopContext? context,
    string? file,
    int line)
    : LoopHandle(scheduler, context, file, line)
{
    private Action<TState>? _callback = callback;
    private TState _state = state;

    private protected override void Invoke()
    {
        // A cancel on another thread takes the callback away before the state; read the other way
        // round, a callback that is still there has its state.
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

    private protected override string DescribeCallback() => Describe(_callback, _state);
}
