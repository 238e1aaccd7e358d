using System.Diagnostics;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A reused callback for the operations of a socket, one at a time: the <c>await</c> of code
/// without coroutines. It runs from the ready queue.
/// </summary>
/// <remarks>Loop thread only. A wait cannot be cancelled.</remarks>
internal sealed class OperationCallback(
    EventLoop loop, LoopContext context, Action<SocketError> callback) : LoopWork
{
    private OperationAwaitable _operation;

    /// <summary>True from <see cref="Await"/> until the callback runs.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Runs the callback once the operation has ended.</summary>
    public void Await(OperationAwaitable operation)
    {
        Debug.Assert(!IsWaiting, "it waits for one operation at a time");
        IsWaiting = true;
        _operation = operation;
        operation.Post(this, loop);
    }

    /// <inheritdoc/>
    public override void Run()
    {
        IsWaiting = false;
        LoopContext.Enter(context);
        try
        {
            callback(_operation.GetResult());
        }
        finally
        {
            LoopContext.Leave(context);
        }
    }
}
