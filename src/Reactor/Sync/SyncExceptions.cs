namespace Reactor.Sync;

/// <summary>
/// <see cref="AsyncBuffer{T}.Take"/> found no item (asyncio: <c>QueueEmpty</c>).
/// </summary>
public sealed class QueueEmptyException(string? message = null, Exception? innerException = null)
    : InvalidOperationException(message ?? "The queue is empty.", innerException);

/// <summary>
/// <see cref="AsyncBuffer{T}.Put"/> found no room (asyncio: <c>QueueFull</c>).
/// </summary>
public sealed class QueueFullException(string? message = null, Exception? innerException = null)
    : InvalidOperationException(message ?? "The queue is full.", innerException);

/// <summary>
/// A queue was shut down (asyncio: <c>QueueShutDown</c>).
/// </summary>
public sealed class QueueShutDownException(string? message = null, Exception? innerException = null)
    : InvalidOperationException(message ?? "The queue was shut down.", innerException);

/// <summary>
/// A barrier is broken, or was reset or aborted during a wait (asyncio:
/// <c>BrokenBarrierError</c>).
/// </summary>
public sealed class BrokenBarrierException(string? message = null, Exception? innerException = null)
    : InvalidOperationException(message ?? "The barrier is broken.", innerException);
