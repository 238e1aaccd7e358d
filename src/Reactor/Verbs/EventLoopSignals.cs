using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Signals of the operating system as callbacks of the loop. Members of <see cref="EventLoop"/>,
/// kept apart from the turn. Loop thread only.
/// </summary>
/// <remarks>
/// A number of the platform is a <see cref="PosixSignal"/> too: SIGUSR1 is <c>(PosixSignal)10</c>
/// on Linux. Closing the loop takes every handler away.
/// </remarks>
public static class EventLoopSignals
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Runs a callback each time that the process gets the signal, in place of what the signal
        /// does otherwise (asyncio: <c>add_signal_handler</c>). It is an ordinary callback of the
        /// loop, woken if it sleeps, in the context of this call. A handler that the signal had on
        /// this loop is replaced; those of other loops are called as well. A wait for the signal
        /// that began later (<c>NextSignal</c>) takes the signal from it, once.
        /// </summary>
        /// <param name="signal">Which one.</param>
        /// <param name="callback">What to run.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <exception cref="ArgumentException">There is no such signal here.</exception>
        /// <exception cref="InvalidOperationException">
        /// It cannot be caught (SIGKILL, SIGSTOP), or the runtime lives by it (SIGSEGV).
        /// </exception>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public void AddSignalHandler(
            PosixSignal signal,
            Action callback,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            loop.AddSignalHandler(signal, PlainCallback.Run, callback, file, line);
        }

        /// <summary>Runs a callback with its argument; see the overload without one.</summary>
        /// <inheritdoc
        ///   cref="AddSignalHandler(EventLoop, PosixSignal, Action, string, int)"/>
        public void AddSignalHandler<TState>(
            PosixSignal signal,
            Action<TState> callback,
            TState state,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            LoopContext context = LoopContext.Capture();
            loop.OpenSignals().Set(signal, () => loop.PostThreadSafe(
                new StateHandle<TState>(loop, callback, state, context, file, line)));
        }

        /// <summary>
        /// Takes the handler away, so that the signal does again what it did before (asyncio:
        /// <c>remove_signal_handler</c>). A callback that is queued still runs.
        /// </summary>
        /// <returns>False if it had none, also on a closed loop.</returns>
        public bool RemoveSignalHandler(PosixSignal signal) =>
            loop.Signals?.Remove(signal) == true;

        /// <summary>
        /// The first of these signals that comes; a signal ends all waits for it. Afterwards the
        /// handler that was set before has it again. Without one it does what it does by default,
        /// at once and also if the loop stands still: the second Ctrl+C ends a program whose
        /// orderly end takes too long. It stays the loop's until the loop closes or sets a handler
        /// for it; so Ctrl+C does not cancel the main of a <see cref="LoopRunner"/> then. A wait
        /// that is cancelled gives the signals back.
        /// </summary>
        /// <param name="signals">Which ones.</param>
        /// <inheritdoc
        ///   cref="AddSignalHandler(EventLoop, PosixSignal, Action, string, int)"/>
        public Future<PosixSignal> NextSignal(params IReadOnlyList<PosixSignal> signals)
        {
            ArgumentNullException.ThrowIfNull(signals);
            SignalTable table = loop.OpenSignals();
            var next = new Promise<PosixSignal>(loop);
            var wait = new SignalWait(next, signals);
            table.Add(wait);
            next.AddDoneCallback(_ => table.Remove(wait));
            return next;
        }
    }

    private static SignalTable OpenSignals(this EventLoop loop)
    {
        loop.ThrowIfClosed();
        return loop.Signals ??= new SignalTable();
    }
}
