namespace Reactor.Sync;

/// <summary>
/// <see cref="AsyncBuffer{T}.Take"/> found no item (asyncio: <c>QueueEmpty</c>).
/// </summary>
public sealed class QueueEmptyException : InvalidOperationException
{
    /// <summary>With a default message.</summary>
    public QueueEmptyException() : base("The queue is empty.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueEmptyException(string? message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueEmptyException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// <see cref="AsyncBuffer{T}.Put"/> found no room (asyncio: <c>QueueFull</c>).
/// </summary>
public sealed class QueueFullException : InvalidOperationException
{
    /// <summary>With a default message.</summary>
    public QueueFullException() : base("The queue is full.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueFullException(string? message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueFullException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A queue was shut down (asyncio: <c>QueueShutDown</c>).
/// </summary>
public sealed class QueueShutDownException : InvalidOperationException
{
    /// <summary>With a default message.</summary>
    public QueueShutDownException() : base("The queue was shut down.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueShutDownException(string? message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueShutDownException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A barrier is broken, or was reset or aborted during a wait (asyncio:
/// <c>BrokenBarrierError</c>).
/// </summary>
public sealed class BrokenBarrierException : InvalidOperationException
{
    /// <summary>With a default message.</summary>
    public BrokenBarrierException() : base("The barrier is broken.")
    {
    }

    /// <summary>With a message.</summary>
    public BrokenBarrierException(string? message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public BrokenBarrierException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
