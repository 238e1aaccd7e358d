using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// The operation that the loop's tasks await in place of the driver's, whose only waiter is the
/// relay: so the completion is recorded and posts the waiters in the same poll and order.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RecordedOperation : DriverOperation
{
    private readonly LoopRecording _recording;
    private readonly Relay _relay;
    private readonly EntryKind _kind;
    private readonly int _number;
    private OperationAwaitable _inner;

    /// <param name="recording">The recording.</param>
    /// <param name="kind">The kind of the entry of a completion.</param>
    /// <param name="number">The object of the operation.</param>
    public RecordedOperation(LoopRecording recording, EntryKind kind, int number)
    {
        _recording = recording;
        _kind = kind;
        _number = number;
        _relay = new Relay(this);
    }

    /// <summary>Follows a pending operation of the driver.</summary>
    public void Follow(OperationAwaitable inner)
    {
        Begin();
        _inner = inner;
        inner.Post(_relay, _recording.Proxy);
    }

    protected override void Post(LoopWork waiter) => _recording.PostToLoop(waiter);

    private void OnCompleted()
    {
        SocketError result = _inner.Result;
        _recording.Completed(_kind, _number, result);
        Complete(result);
    }

    private sealed class Relay(RecordedOperation operation) : CompletionRelay
    {
        public override bool HasWaiters => operation.HasWaiters;

        public override void OnCompleted() => operation.OnCompleted();
    }
}
