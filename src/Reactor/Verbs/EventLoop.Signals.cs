using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Signals of the operating system as callbacks of the loop. Loop thread only.
/// </summary>
/// <remarks>
/// A number of the platform is a <see cref="PosixSignal"/> too: SIGUSR1 is <c>(PosixSignal)10</c>
/// on Linux. Closing the loop removes all handlers.
/// </remarks>
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs a callback of the loop each time the process gets the signal, in place of the signal's
    /// default action (asyncio: <c>add_signal_handler</c>). The callback wakes the loop and runs in
    /// the context of this call. It replaces this loop's earlier handler; handlers of other loops
    /// run as well. A later <see cref="NextSignal"/> takes the signal once.
    /// </summary>
    /// <param name="signal">The signal.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="file">Set by the compiler.</param>
    /// <param name="line">Set by the compiler.</param>
    /// <exception cref="ArgumentException">The platform has no such signal.</exception>
    /// <exception cref="InvalidOperationException">
    /// The signal cannot be caught (SIGKILL, SIGSTOP), or the runtime needs it (SIGSEGV).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void AddSignalHandler(
        PosixSignal signal, Action callback,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        AddSignalHandler(
            signal, PlainCallback.Run, PlainCallback.Checked(callback), file, line);

    /// <summary>Runs a callback with its argument; see the overload without one.</summary>
    /// <inheritdoc cref="AddSignalHandler(PosixSignal, Action, string, int)"/>
    public void AddSignalHandler<TState>(
        PosixSignal signal, Action<TState> callback, TState state,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        OpenSignals.Set(signal, callback, state, file, line);

    /// <summary>
    /// Removes the handler, which restores the signal's earlier action (asyncio:
    /// <c>remove_signal_handler</c>). A callback that is queued still runs.
    /// </summary>
    /// <returns>False if there was none, also on a closed loop.</returns>
    public bool RemoveSignalHandler(PosixSignal signal) => Signals?.Remove(signal) == true;

    /// <summary>
    /// The first of these signals that arrives; it ends all waits for that signal. Afterwards an
    /// earlier handler handles the signal again. Without a handler it then has its default action,
    /// even if the loop is blocked: a second Ctrl+C ends a program whose shutdown takes too long.
    /// The signal stays the loop's until the loop closes or sets a handler, so Ctrl+C no longer
    /// cancels the main coroutine of a <see cref="LoopRunner"/>. Cancelling the wait gives the
    /// signals back.
    /// </summary>
    /// <param name="signals">The signals to wait for.</param>
    /// <inheritdoc cref="AddSignalHandler(PosixSignal, Action, string, int)"/>
    public Future<PosixSignal> NextSignal(params IReadOnlyList<PosixSignal> signals) =>
        OpenSignals.Next(signals);
}
