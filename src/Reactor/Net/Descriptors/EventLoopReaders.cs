using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="EventLoop"/> that run a callback while a foreign descriptor is ready
/// (asyncio: <c>add_reader</c> and its kin).
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Level-triggered. Errors and hang-ups count as readiness for both directions. The loop holds the
/// descriptor open until its callbacks are removed. Needs the epoll or the in-memory driver.
/// </para>
/// </remarks>
public static class EventLoopReaders
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Runs a callback in each turn in which a descriptor is readable (asyncio:
        /// <c>add_reader</c>). Cancels the previous callback.
        /// </summary>
        /// <param name="descriptor">An open descriptor.</param>
        /// <param name="callback">
        /// If it throws, the loop reports the exception and keeps the callback.
        /// </param>
        /// <param name="context">Null: a copy of the caller's.</param>
        /// <param name="file">Given by the compiler.</param>
        /// <param name="line">Given by the compiler.</param>
        /// <returns>A handle to cancel it.</returns>
        /// <exception cref="PlatformNotSupportedException">
        /// The driver cannot watch descriptors.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// A connection of this loop owns the descriptor.
        /// </exception>
        /// <exception cref="ObjectDisposedException">
        /// The loop or the descriptor is closed.
        /// </exception>
        public LoopHandle AddReader(
            SafeHandle descriptor, Action callback, LoopContext? context = null,
            [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.AddReader(descriptor, PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>
        /// Runs a callback with an argument in each turn in which a descriptor is readable.
        /// </summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddReader<TState>(
            SafeHandle descriptor, Action<TState> callback, TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Set(
                loop, descriptor, DriverReadiness.Read,
                new StateHandle<TState>(loop, callback, state, context, file, line));

        /// <summary>
        /// Runs a callback in each turn in which a descriptor is writable (asyncio:
        /// <c>add_writer</c>). Cancels the previous callback.
        /// </summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddWriter(
            SafeHandle descriptor, Action callback, LoopContext? context = null,
            [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        {
            ArgumentNullException.ThrowIfNull(callback);
            return loop.AddWriter(descriptor, PlainCallback.Run, callback, context, file, line);
        }

        /// <summary>
        /// Runs a callback with an argument in each turn in which a descriptor is writable.
        /// </summary>
        /// <inheritdoc
        ///   cref="AddReader(EventLoop, SafeHandle, Action, LoopContext, string, int)"/>
        public LoopHandle AddWriter<TState>(
            SafeHandle descriptor, Action<TState> callback, TState state,
            LoopContext? context = null,
            [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Set(
                loop, descriptor, DriverReadiness.Write,
                new StateHandle<TState>(loop, callback, state, context, file, line));

        /// <summary>
        /// Removes the callback for reading, even if it was due in this turn (asyncio:
        /// <c>remove_reader</c>).
        /// </summary>
        /// <returns>False if there was none or the loop is closed.</returns>
        public bool RemoveReader(SafeHandle descriptor) =>
            Remove(loop, descriptor, DriverReadiness.Read);

        /// <summary>
        /// Removes the callback for writing, even if it was due in this turn (asyncio:
        /// <c>remove_writer</c>).
        /// </summary>
        /// <returns>False if there was none or the loop is closed.</returns>
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
