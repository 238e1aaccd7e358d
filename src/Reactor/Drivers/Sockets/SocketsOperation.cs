using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// An operation of the sockets driver: the runtime's event arguments with our own waiter. Its
/// callback runs on whichever thread the runtime chose, puts the operation on the completion queue
/// and does nothing else; so inline completions suit it.
/// </summary>
internal class SocketsOperation : DriverOperation
{
    private readonly SocketsDriver _driver;
    private bool _isRetired;

    public SocketsOperation(SocketsDriver driver)
    {
        _driver = driver;
        Arguments = new Completion(this);
    }

    /// <summary>The next operation of the completion queue.</summary>
    public SocketsOperation? Next;

    public SocketAsyncEventArgs Arguments { get; }

    /// <summary>
    /// True for what the runtime throws, instead of giving an outcome, where it cannot register the
    /// socket with its epoll: the kernel has no memory for it, or refuses. The exception for the
    /// rest has no public type. Without an outcome the operation would be in flight for ever.
    /// </summary>
    public static bool IsRefusal(Exception error) =>
        error is OutOfMemoryException
        || error.GetType().FullName == "System.Net.InternalException";

    /// <summary>Called on the loop thread for each completion.</summary>
    public virtual void OnCompleted()
    {
        Complete(Arguments.SocketError);
        if (_isRetired)
        {
            Arguments.Dispose();
        }
    }

    /// <summary>Gives the arguments back, now or when what is in flight has ended.</summary>
    public void Retire()
    {
        _isRetired = true;
        if (!IsInFlight)
        {
            Arguments.Dispose();
        }
    }

    protected override void Post(LoopWork waiter) => _driver.PostCompleted(waiter);

    private sealed class Completion(SocketsOperation operation)
        : SocketAsyncEventArgs(true) // no flow of the execution context: the task has its own
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) =>
            operation._driver.Completions.Push(operation);
    }
}
