using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Callbacks, in the caller's context unless one is given. Loop thread only, except
/// <c>CallSoonThreadSafe</c>.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>Runs a callback in the next turn (asyncio: <c>call_soon</c>).</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public LoopHandle CallSoon(
        Action callback, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CallSoon(PlainCallback.Run, PlainCallback.Checked(callback), context, file, line);

    /// <inheritdoc cref="CallSoon(Action, LoopContext, string, int)"/>
    public LoopHandle CallSoon<TState>(
        Action<TState> callback, TState state, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var handle = new StateHandle<TState>(this, callback, state, context, file, line);
        Post(handle);
        return handle;
    }

    /// <summary>
    /// Runs a callback in the next turn (asyncio: <c>call_soon_threadsafe</c>). Any thread, also to
    /// cancel the handle until the callback starts.
    /// </summary>
    /// <inheritdoc cref="CallSoon(Action, LoopContext, string, int)"/>
    public LoopHandle CallSoonThreadSafe(
        Action callback, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CallSoonThreadSafe(PlainCallback.Run, PlainCallback.Checked(callback), context, file, line);

    /// <inheritdoc cref="CallSoonThreadSafe(Action, LoopContext, string, int)"/>
    public LoopHandle CallSoonThreadSafe<TState>(
        Action<TState> callback, TState state, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ThrowIfClosed();
        var handle = new StateHandle<TState>(this, callback, state, context, file, line);
        PostThreadSafe(handle);
        return handle;
    }

    /// <summary>
    /// Runs a callback after a delay (asyncio: <c>call_later</c>). A negative delay is due at once,
    /// but -1 ms is infinite: clamp a computed one at zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The delay is <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public TimerHandle CallLater(
        TimeSpan delay, Action callback, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CallAt(DueAfter(delay), callback, context, file, line);

    /// <inheritdoc cref="CallLater(TimeSpan, Action, LoopContext, string, int)"/>
    public TimerHandle CallLater<TState>(
        TimeSpan delay, Action<TState> callback, TState state, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CallAt(DueAfter(delay), callback, state, context, file, line);

    /// <summary>
    /// Runs a callback at a moment on the loop's clock (asyncio: <c>call_at</c>). A past moment is
    /// due in the next turn; callbacks of one moment run in the order of the calls.
    /// </summary>
    /// <inheritdoc cref="CallSoon(Action, LoopContext, string, int)"/>
    public TimerHandle CallAt(
        TimeSpan when, Action callback, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CallAt(when, PlainCallback.Run, PlainCallback.Checked(callback), context, file, line);

    /// <inheritdoc cref="CallAt(TimeSpan, Action, LoopContext, string, int)"/>
    public TimerHandle CallAt<TState>(
        TimeSpan when, Action<TState> callback, TState state, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var timer = new StateTimer<TState>(this, when, callback, state, context, file, line);
        Arm(timer, when);
        return timer;
    }
}
