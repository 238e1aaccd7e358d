using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>Puts an item when awaited; see <see cref="AsyncBuffer{T}.PutAsync"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct PutAwaitable<T> : ILoopAwaiter<PutAwaitable<T>>
{
    private readonly AsyncBuffer<T> _buffer;
    private readonly T _item;

    internal PutAwaitable(AsyncBuffer<T> buffer, T item)
    {
        _buffer = buffer;
        _item = item;
    }

    /// <summary>True if there is room, and on misuse, so that <c>GetResult</c> throws.</summary>
    public bool IsCompleted => !_buffer.MustPutterWait;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public PutAwaitable<T> GetAwaiter() => this;

    /// <inheritdoc cref="AsyncBuffer{T}.PutAsync"/>
    public void GetResult() => _buffer.EndPut(_item);

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _buffer.Putters.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _buffer.Putters.Park(continuation);
}

/// <summary>Takes an item when awaited; see <see cref="AsyncBuffer{T}.TakeAsync"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct TakeAwaitable<T> : ILoopAwaiter<TakeAwaitable<T>>
{
    private readonly AsyncBuffer<T> _buffer;

    internal TakeAwaitable(AsyncBuffer<T> buffer) => _buffer = buffer;

    /// <summary>True if there is an item, and on misuse, so that <c>GetResult</c> throws.</summary>
    public bool IsCompleted => !_buffer.MustTakerWait;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public TakeAwaitable<T> GetAwaiter() => this;

    /// <inheritdoc cref="AsyncBuffer{T}.TakeAsync"/>
    public T GetResult() =>
        _buffer.EndTake(out T? item) ? item : throw new QueueShutDownException();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _buffer.Takers.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _buffer.Takers.Park(continuation);
}

/// <summary>
/// Takes items for <c>await foreach</c> until the buffer is shut down and empty.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class BufferEnumerator<T>
{
    internal BufferEnumerator(AsyncBuffer<T> buffer) => Buffer = buffer;

    /// <summary>The item that was taken last.</summary>
    public T Current { get; private set; } = default!;

    internal AsyncBuffer<T> Buffer { get; }

    /// <summary>Takes the next item when awaited.</summary>
    /// <returns>False if the buffer is shut down and empty.</returns>
    public NextItemAwaitable<T> MoveNextAsync() => new(this);

    [StackTraceHidden]
    internal bool EndMove()
    {
        if (!Buffer.EndTake(out T? item))
        {
            return false;
        }

        Current = item;
        return true;
    }
}

/// <summary>Takes the next item when awaited; see <see cref="BufferEnumerator{T}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct NextItemAwaitable<T> : ILoopAwaiter<NextItemAwaitable<T>>
{
    private readonly BufferEnumerator<T> _enumerator;

    internal NextItemAwaitable(BufferEnumerator<T> enumerator) => _enumerator = enumerator;

    /// <inheritdoc cref="TakeAwaitable{T}.IsCompleted"/>
    public bool IsCompleted => !_enumerator.Buffer.MustTakerWait;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public NextItemAwaitable<T> GetAwaiter() => this;

    /// <inheritdoc cref="BufferEnumerator{T}.MoveNextAsync"/>
    public bool GetResult() => _enumerator.EndMove();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _enumerator.Buffer.Takers.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        _enumerator.Buffer.Takers.Park(continuation);
}
