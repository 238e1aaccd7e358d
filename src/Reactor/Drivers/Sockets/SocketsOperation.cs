using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// An operation of the sockets driver: the runtime's event arguments with our waiter. Its callback
/// runs on any thread and only pushes the operation to the completion queue.
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

    public SocketsOperation? Next;

    public SocketAsyncEventArgs Arguments { get; }

    /// <summary>
    /// True for what the runtime throws if it cannot register the socket with its epoll. Part of it
    /// has no public type. There is no completion then.
    /// </summary>
    public static bool IsRefusal(Exception error) =>
        error is OutOfMemoryException || error.GetType().FullName == "System.Net.InternalException";

    /// <summary>
    /// Begins a call of the runtime, which may complete at once. Loop thread only.
    /// </summary>
    public void Start(Socket socket, Func<Socket, SocketAsyncEventArgs, bool> call)
    {
        Begin();
        bool isPending = false;
        try
        {
            isPending = call(socket, Arguments);
        }
        catch (Exception error) when (IsRefusal(error))
        {
            Arguments.SocketError = SocketError.NoBufferSpaceAvailable;
        }

        if (!isPending)
        {
            CompleteAtOnce(Arguments.SocketError);
        }
    }

    public virtual void OnCompleted()
    {
        Complete(Arguments.SocketError);
        if (_isRetired)
        {
            Arguments.Dispose();
        }
    }

    /// <summary>Disposes of the arguments once nothing is in flight.</summary>
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
        : SocketAsyncEventArgs(true) // no execution context: the task has its own
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) =>
            operation._driver.Completions.Push(operation);
    }
}
