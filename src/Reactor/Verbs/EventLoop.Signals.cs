using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>Signals of the operating system as callbacks of the loop. Loop thread only.</summary>
/// <remarks>
/// Platform numbers are valid: SIGUSR1 is <c>(PosixSignal)10</c> on Linux. Closing the loop removes
/// all handlers.
/// </remarks>
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs a callback for each signal, in place of the default action and this loop's earlier
    /// handler (asyncio: <c>add_signal_handler</c>). Handlers of other loops run too.
    /// </summary>
    /// <exception cref="ArgumentException">The platform has no such signal.</exception>
    /// <exception cref="InvalidOperationException">
    /// It cannot be caught (SIGKILL, SIGSTOP), or the runtime needs it (SIGSEGV).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void AddSignalHandler(
        PosixSignal signal, Action callback,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        AddSignalHandler(signal, PlainCallback.Run, PlainCallback.Checked(callback), file, line);

    /// <inheritdoc cref="AddSignalHandler(PosixSignal, Action, string, int)"/>
    public void AddSignalHandler<TState>(
        PosixSignal signal, Action<TState> callback, TState state,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        OpenSignals.Set(signal, callback, state, file, line);

    /// <summary>
    /// Removes the handler, false if there is none (asyncio: <c>remove_signal_handler</c>). A
    /// queued callback still runs.
    /// </summary>
    public bool RemoveSignalHandler(PosixSignal signal) => Signals?.Remove(signal) == true;

    /// <summary>
    /// The first of these signals, which the earlier handler does not see; it ends all waits for
    /// it. Afterwards the handler or the default action is back: a second Ctrl+C ends the process,
    /// and does not cancel the main of a <see cref="LoopRunner"/>. Cancelling the wait undoes it.
    /// </summary>
    /// <inheritdoc cref="AddSignalHandler(PosixSignal, Action, string, int)"/>
    public Future<PosixSignal> NextSignalAsync(params IReadOnlyList<PosixSignal> signals) =>
        OpenSignals.NextAsync(signals);
}
