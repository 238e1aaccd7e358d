using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="EventLoop"/> for descriptors that the loop knows nothing about, such as
/// those of a native library: a callback runs while one is ready (asyncio: <c>add_reader</c> and
/// its kin).
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Level-triggered: the callback runs once in each turn for as long as the descriptor is ready, so
/// it has to read or write, or to be removed. Errors and hang-ups count as readiness for both.
/// Remove the callbacks before you close the descriptor: until then the loop holds it open.
/// </para>
/// <para>
/// Needs a driver that can wait for foreign descriptors: epoll or the in-memory one. The sockets
/// driver cannot, because the runtime keeps its own epoll to itself.
/// </para>
/// </remarks>
public static class EventLoopReaders
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Runs a callback in each turn in which a descriptor is ready to be read; one that was set
        /// before is cancelled (asyncio: <c>add_reader</c>).
        /// </summary>
        /// <param name="descriptor">
        /// An open descriptor that no connection of this loop owns.
        /// </param>
        /// <param name="callback">What to run. One that throws is reported, and stays.</param>
        /// <param name="context">The context to run in; null: a copy of the caller's.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <returns>
        /// Its handle: once cancelled it runs no more, and at the next event it is removed.
        /// </returns>
        /// <exception cref="PlatformNotSupportedException">
        /// The loop's driver cannot wait for foreign descriptors.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// A connection of this loop owns the descriptor.
        /// </exception>
        /// <exception cref="ObjectDisposedException">
        /// The loop or the descriptor is closed.
        /// </exception>
        public LoopHandle AddReader(
            SafeHandle descriptor,
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.AddReader(descriptor, PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>Runs a callback with its argument while a descriptor can be read.</summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddReader<TState>(
            SafeHandle descriptor,
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            var handle = new StateHandle<TState>(loop, callback, state, context, file, line);
            return Set(loop, descriptor, DriverReadiness.Read, handle);
        }

        /// <summary>
        /// Runs a callback in each turn in which a descriptor is ready to be written; one that was
        /// set before is cancelled (asyncio: <c>add_writer</c>).
        /// </summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddWriter(
            SafeHandle descriptor,
            Action callback,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.AddWriter(descriptor, PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>Runs a callback with its argument while a descriptor can be written.</summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddWriter<TState>(
            SafeHandle descriptor,
            Action<TState> callback,
            TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            var handle = new StateHandle<TState>(loop, callback, state, context, file, line);
            return Set(loop, descriptor, DriverReadiness.Write, handle);
        }

        /// <summary>
        /// Takes the callback for reading away; it does not run any more, not even if it was due in
        /// this turn (asyncio: <c>remove_reader</c>).
        /// </summary>
        /// <returns>False if there was none, or the loop is closed.</returns>
        public bool RemoveReader(SafeHandle descriptor) =>
            Remove(loop, descriptor, DriverReadiness.Read);

        /// <summary>
        /// Takes the callback for writing away; it does not run any more, not even if it was due in
        /// this turn (asyncio: <c>remove_writer</c>).
        /// </summary>
        /// <returns>False if there was none, or the loop is closed.</returns>
        public bool RemoveWriter(SafeHandle descriptor) =>
            Remove(loop, descriptor, DriverReadiness.Write);
    }

    private static LoopHandle Set(
        EventLoop loop, SafeHandle descriptor, DriverReadiness direction, LoopHandle handle)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        loop.ThrowIfClosed();
        ObjectDisposedException.ThrowIf(descriptor.IsClosed, descriptor);
        if (descriptor.IsInvalid)
        {
            throw new ArgumentException(
                "The descriptor is not valid: open it first.", nameof(descriptor));
        }

        WatchTable.Of(loop).Set(loop.Driver, descriptor, direction, handle);
        return handle;
    }

    private static bool Remove(EventLoop loop, SafeHandle descriptor, DriverReadiness direction)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return !loop.IsClosed && WatchTable.Of(loop).Remove(descriptor, direction);
    }
}
