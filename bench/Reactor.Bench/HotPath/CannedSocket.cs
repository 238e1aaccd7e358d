// A client without a kernel: receives bring the same pieces in turn, whatever is sent is dropped,
// and waiting for readability takes a turn of the loop, as it does where the next request comes
// after the answer. What is measured over it is our own part of a request.
using System.Net;
using Reactor.Drivers;

namespace Reactor.Bench.HotPath;

internal sealed class CannedSocket(EventLoop loop, params byte[][] pieces) : DriverSocket
{
    private readonly Wait _wait = new(loop);

    /// <summary>How many pieces are still to come; then the stream ends.</summary>
    public int PiecesLeft { get; set; }

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    public override long? GetAcknowledgedBytes() => null;

    public override long? GetUnacknowledgedBytes() => null;

    public override OperationAwaitable WaitReadableAsync()
    {
        _wait.Start();
        return new OperationAwaitable(_wait);
    }

    public override IoResult Receive(Span<byte> buffer)
    {
        if (PiecesLeft == 0)
        {
            return default;
        }

        byte[] piece = pieces[--PiecesLeft % pieces.Length];
        piece.CopyTo(buffer);
        return new IoResult(piece.Length, default);
    }

    public override IoResult Send(ReadOnlySpan<byte> data) => new(data.Length, default);

    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data) =>
        OperationAwaitable.Done;

    public override void ShutdownSend()
    {
    }

    public override void Close(bool reset)
    {
    }

    private sealed class Wait : DriverOperation
    {
        private readonly EventLoop _loop;
        private readonly End _end;

        public Wait(EventLoop loop)
        {
            _loop = loop;
            _end = new End(this);
        }

        public void Start()
        {
            if (!IsInFlight)
            {
                Begin();
                _loop.Post(_end);
            }
        }

        protected override void Post(LoopWork waiter) => _loop.Post(waiter);

        private sealed class End(Wait wait) : LoopWork
        {
            public override void Run() => wait.Complete(default);
        }
    }
}
