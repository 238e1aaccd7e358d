using System.Diagnostics;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A callback that waits for the operations of a socket, one after the other: what a coroutine does
/// with <c>await</c>, for code without one. It is posted when the operation ends and runs from the
/// ready queue; it is used again and again, so a wait allocates nothing.
/// </summary>
/// <remarks>
/// Loop thread only. A wait is not taken back: whoever has lost interest finds out when it runs.
/// </remarks>
internal sealed class OperationWork(
    EventLoop loop, LoopContext context, Action<SocketError> callback) : LoopWork
{
    private OperationAwaitable _operation;

    /// <summary>True from <see cref="Await"/> until the callback runs.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Has the callback run in a later turn, once the operation has ended.</summary>
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
