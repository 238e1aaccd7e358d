using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>Signals of the operating system as callbacks of the loop. Loop thread only.</summary>
/// <remarks>
/// Platform numbers are valid too: SIGUSR1 is <c>(PosixSignal)10</c> on Linux. Closing the loop
/// removes all handlers.
/// </remarks>
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs a callback of the loop for each signal, in place of the default action and of this
    /// loop's earlier handler (asyncio: <c>add_signal_handler</c>). Handlers of other loops run
    /// too. A later <see cref="NextSignalAsync"/> takes the signal once.
    /// </summary>
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
    /// Removes the handler (asyncio: <c>remove_signal_handler</c>); a queued callback still runs.
    /// </summary>
    /// <returns>False if there was none, also on a closed loop.</returns>
    public bool RemoveSignalHandler(PosixSignal signal) => Signals?.Remove(signal) == true;

    /// <summary>
    /// The first of these signals; it ends all waits for that signal. Afterwards the earlier
    /// handler handles it again, or, without one, the default action: a second Ctrl+C ends the
    /// process even if the loop is blocked. The loop keeps the signal, so Ctrl+C no longer cancels
    /// the main of a <see cref="LoopRunner"/>; cancelling the wait gives it back.
    /// </summary>
    /// <inheritdoc cref="AddSignalHandler(PosixSignal, Action, string, int)"/>
    public Future<PosixSignal> NextSignalAsync(params IReadOnlyList<PosixSignal> signals) =>
        OpenSignals.NextAsync(signals);
}
