using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Callbacks that the compiler refuses: an async lambda, and whatever else returns a
/// <see cref="Task"/>.
/// </summary>
/// <remarks>
/// <para>
/// Without these members <c>loop.CallSoon(async () => …)</c> would compile and be an <c>async
/// void</c> method: the loop would take it for done at its first await, and nobody could await,
/// cancel or fetch the exception of the rest. asyncio refuses coroutine functions at run time, in
/// debug mode (<c>_check_callback</c>).
/// </para>
/// <para>
/// Why these shapes. A <c>Func</c> beats an <c>Action</c> for any lambda that has both ways, so a
/// plain <c>Func&lt;Coroutine&gt;</c> would also take <c>() => throw error</c>. A generic result
/// does not: from a lambda that only throws, nothing can be inferred. From an async lambda the
/// compiler infers <see cref="Task"/>, and the constraint, which counts in the choice of the
/// overload, leaves <c>() => list.Remove(x)</c> to the true <c>CallSoon</c>. Constraints are no
/// part of a signature, hence a class for each. What still passes: an async lambda that only
/// throws.
/// </para>
/// </remarks>
public static class AsyncCallbacks
{
    extension(EventLoop loop)
    {
        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoon<T>(
            Func<T> callback, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoon<TState, T>(
            Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoonThreadSafe<T>(
            Func<T> callback, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoonThreadSafe<TState, T>(
            Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallLater<T>(
            TimeSpan delay, Func<T> callback, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallLater<TState, T>(
            TimeSpan delay, Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallAt<T>(
            TimeSpan when, Func<T> callback, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallAt<TState, T>(
            TimeSpan when, Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void AddSignalHandler<T>(
            PosixSignal signal, Func<T> callback)
            where T : Task => throw RejectedCallback.Error();

        /// <inheritdoc cref="AsyncCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void AddSignalHandler<TState, T>(
            PosixSignal signal, Func<TState, T> callback, TState state)
            where T : Task => throw RejectedCallback.Error();
    }
}

/// <summary>
/// Callbacks that the compiler refuses: coroutine methods, which a callback would call and never
/// run. For the reasons see <see cref="AsyncCallbacks"/>.
/// </summary>
public static class CoroutineCallbacks
{
    extension(EventLoop loop)
    {
        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoon<T>(
            Func<T> callback, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoon<TState, T>(
            Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoonThreadSafe<T>(
            Func<T> callback, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallSoonThreadSafe<TState, T>(
            Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallLater<T>(
            TimeSpan delay, Func<T> callback, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallLater<TState, T>(
            TimeSpan delay, Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallAt<T>(
            TimeSpan when, Func<T> callback, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void CallAt<TState, T>(
            TimeSpan when, Func<TState, T> callback, TState state, LoopContext? context = null)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void AddSignalHandler<T>(
            PosixSignal signal, Func<T> callback)
            where T : struct, ICoroutine => throw RejectedCallback.Error();

        /// <inheritdoc cref="CoroutineCallbacks"/>
        [Obsolete(RejectedCallback.Message, error: true)]
        [EditorBrowsable(EditorBrowsableState.Never)]
        public void AddSignalHandler<TState, T>(
            PosixSignal signal, Func<TState, T> callback, TState state)
            where T : struct, ICoroutine => throw RejectedCallback.Error();
    }
}

/// <summary>What the refusals say.</summary>
internal static class RejectedCallback
{
    public const string Message =
        "Coroutines cannot be used as callbacks: nobody would await the rest or see its " +
        "exception. Make it a task with loop.CreateTask(Method()), from another thread with " +
        "loop.Submit(Method); where a Task shall run on without being watched, discard it: " +
        "() => { _ = MethodAsync(); }.";

    public static NotSupportedException Error() => new(Message);
}
