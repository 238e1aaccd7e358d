using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records the outcome of a connect; its socket gets the next number. Loop thread only.
/// </summary>
internal sealed class RecordedConnect : DriverConnect
{
    private readonly LoopRecording _recording;
    private readonly DriverConnect _inner;
    private readonly int _number;

    public RecordedConnect(LoopRecording recording, DriverConnect inner, int number)
    {
        _recording = recording;
        _inner = inner;
        _number = number;
        if (inner.IsInFlight)
        {
            Begin();
            inner.SetWaiter(new Relay(this));
        }
        else
        {
            TakeSocket();
            CompleteAtOnce(inner.Result);
        }
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        _recording.Effect(EntryKind.Abandon, _number);
        _inner.Abandon();
    }

    protected override void Post(LoopWork waiter) => _recording.PostToLoop(waiter);

    private void OnCompleted()
    {
        _recording.Completed(EntryKind.Completed, _number, _inner.Result);
        TakeSocket();
        Complete(_inner.Result);
    }

    private void TakeSocket()
    {
        if (_inner.Result == SocketError.Success)
        {
            Socket = new RecordedSocket(_recording, _inner.Socket, _recording.NextObject());
        }
    }

    private sealed class Relay(RecordedConnect connect) : CompletionRelay
    {
        public override bool HasWaiters => connect.HasWaiters;

        public override void OnCompleted() => connect.OnCompleted();
    }
}
