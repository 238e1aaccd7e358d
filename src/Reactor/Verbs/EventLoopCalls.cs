using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// How callbacks are handed to a loop. Members of <see cref="EventLoop"/>, kept apart from the
/// turn: they only make handles.
/// </summary>
/// <remarks>
/// Each captures the caller's context, or takes the one given, and notes the caller's file and
/// line, which are constants of the compiler and cost nothing. Loop thread only, except
/// <c>CallSoonThreadSafe</c>.
/// </remarks>
public static class EventLoopCalls
{
    extension(EventLoop loop)
    {
        /// <summary>Runs a callback in the next turn (asyncio: <c>call_soon</c>).</summary>
        /// <param name="callback">What to run.</param>
        /// <param name="context">The context to run in; null: a copy of the caller's.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public LoopHandle CallSoon(
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.CallSoon(PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>
        /// Runs a callback with its argument in the next turn (asyncio: <c>call_soon</c>).
        /// </summary>
        /// <inheritdoc cref="CallSoon(EventLoop, Action, LoopContext, string, int)"/>
        public LoopHandle CallSoon<TState>(
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            var handle = new StateHandle<TState>(loop, callback, state, context, file, line);
            loop.Post(handle);
            return handle;
        }

        /// <summary>
        /// Runs a callback in the next turn and wakes the loop (asyncio:
        /// <c>call_soon_threadsafe</c>). Any thread; its handle can be cancelled from any thread
        /// until it starts.
        /// </summary>
        /// <inheritdoc cref="CallSoon(EventLoop, Action, LoopContext, string, int)"/>
        public LoopHandle CallSoonThreadSafe(
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.CallSoonThreadSafe(PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>
        /// Runs a callback with its argument in the next turn and wakes the loop. Any thread.
        /// </summary>
        /// <inheritdoc cref="CallSoon(EventLoop, Action, LoopContext, string, int)"/>
        public LoopHandle CallSoonThreadSafe<TState>(
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            loop.ThrowIfClosed();
            var handle = new StateHandle<TState>(loop, callback, state, context, file, line);
            loop.PostThreadSafe(handle);
            return handle;
        }

        /// <summary>
        /// Runs a callback after a delay; a negative one is due already (asyncio:
        /// <c>call_later</c>).
        /// </summary>
        /// <param name="delay">
        /// How long from now, on the loop's clock. Clamp a computed remainder at zero: exactly
        /// -1 ms is <see cref="Timeout.InfiniteTimeSpan"/>, and a callback that never runs is
        /// rejected.
        /// </param>
        /// <param name="callback">What to run.</param>
        /// <param name="context">The context to run in; null: a copy of the caller's.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <exception cref="ArgumentOutOfRangeException">The delay is infinite.</exception>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public TimerHandle CallLater(
            TimeSpan delay,
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0) =>
            loop.CallAt(DueAfter(loop, delay), callback, context, file, line);

        /// <summary>
        /// Runs a callback with its argument after a delay (asyncio: <c>call_later</c>).
        /// </summary>
        /// <inheritdoc cref="CallLater(EventLoop, TimeSpan, Action, LoopContext, string, int)"/>
        public TimerHandle CallLater<TState>(
            TimeSpan delay,
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0) =>
            loop.CallAt(DueAfter(loop, delay), callback, state, context, file, line);

        /// <summary>
        /// Runs a callback at a moment of the loop's clock, <see cref="EventLoop.Time"/> (asyncio:
        /// <c>call_at</c>). Equal moments run in the order of their booking.
        /// </summary>
        /// <param name="when">
        /// The moment; one that has passed is due in the next turn. It is an instant like any
        /// other also where it equals <see cref="Timeout.InfiniteTimeSpan"/>.
        /// </param>
        /// <param name="callback">What to run.</param>
        /// <param name="context">The context to run in; null: a copy of the caller's.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public TimerHandle CallAt(
            TimeSpan when,
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.CallAt(when, PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>Runs a callback with its argument at a moment of the loop's clock.</summary>
        /// <inheritdoc cref="CallAt(EventLoop, TimeSpan, Action, LoopContext, string, int)"/>
        public TimerHandle CallAt<TState>(
            TimeSpan when,
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            var timer = new StateTimer<TState>(loop, when, callback, state, context, file, line);
            loop.Arm(timer, when);
            return timer;
        }
    }

    private static TimeSpan DueAfter(EventLoop loop, TimeSpan delay) =>
        TimeLimit.IsInfinite(delay)
            ? throw new ArgumentOutOfRangeException(
                nameof(delay), delay,
                "A callback after an infinite delay would never run. Clamp a computed delay at " +
                "zero: exactly -1 ms is Timeout.InfiniteTimeSpan.")
            : loop.MomentAfter(delay);
}
