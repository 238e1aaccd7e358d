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
        /// this loop is replaced; those of other loops are called as well.
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
            loop.OpenSignals().Set(signal, () =>
            {
                loop.PostThreadSafe(
                    new StateHandle<TState>(loop, callback, state, context, file, line));
                return true;
            });
        }

        /// <summary>
        /// Takes the handler away, so that the signal does again what it did before (asyncio:
        /// <c>remove_signal_handler</c>). A callback that is queued still runs.
        /// </summary>
        /// <returns>False if it had none, also on a closed loop.</returns>
        public bool RemoveSignalHandler(PosixSignal signal) =>
            loop.Signals?.Remove(signal) == true;

        /// <summary>
        /// The first of these signals that comes. After it each of them does again what it does by
        /// default, at once and also if the loop stands still: the second Ctrl+C ends a program
        /// whose orderly end takes too long. They stay the loop's until it closes or sets another
        /// handler for them; so Ctrl+C does not cancel the main of a <see cref="LoopRunner"/> then.
        /// </summary>
        /// <param name="signals">Which ones.</param>
        /// <inheritdoc
        ///   cref="AddSignalHandler(EventLoop, PosixSignal, Action, string, int)"/>
        public Future<PosixSignal> NextSignal(params IReadOnlyList<PosixSignal> signals)
        {
            ArgumentNullException.ThrowIfNull(signals);
            SignalTable table = loop.OpenSignals();
            var next = new Future<PosixSignal>(loop);
            LoopContext context = LoopContext.Capture();
            var handlers = new List<object>(signals.Count);
            int taken = 0;
            foreach (PosixSignal signal in signals)
            {
                handlers.Add(table.Set(signal, () =>
                {
                    if (next.IsDone || Interlocked.Exchange(ref taken, 1) != 0)
                    {
                        return false;
                    }

                    // Not CallSoonThreadSafe: on a loop that closes at this moment it throws, and
                    // here that would end the process.
                    loop.PostThreadSafe(new StateHandle<PosixSignal>(
                        loop, heard => next.TrySetResult(heard), signal, context, null, 0));
                    return true;
                }));
            }

            next.AddDoneCallback(done =>
            {
                if (done.IsCancelled)
                {
                    for (int i = 0; i < handlers.Count; i++)
                    {
                        table.Remove(signals[i], handlers[i]);
                    }
                }
            });
            return next;
        }
    }

    private static SignalTable OpenSignals(this EventLoop loop)
    {
        loop.ThrowIfClosed();
        return loop.Signals ??= new SignalTable();
    }
}
