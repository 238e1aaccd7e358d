using System.Buffers;
using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The body of the request that a connection serves: read on demand from the connection itself, so
/// a client that sends faster than the handler reads is held back by TCP. Reused for each request.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RequestBody(HttpConnection connection, ParserLimits limits)
{
    private readonly BodyDecoder _decoder = new(limits);
    private ArrayBufferWriter<byte>? _gathered;
    private Future<Unit>? _reading;
    private bool _mustContinue;
    private bool _mustWait;

    /// <summary>True when every byte of the body was taken from the connection.</summary>
    public bool IsDone => _decoder.IsDone;

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection => _decoder.Rejection;

    public BodyStatus Start(RequestHead head)
    {
        _gathered = null;
        _mustContinue = head.ExpectContinue;
        _mustWait = false;
        return _decoder.Start(head);
    }

    public void Release() => _decoder.Release();

    /// <summary>
    /// A final answer is about to be sent: no 100 may follow it. True if the client still waited
    /// for one; then whether it sends the body is open, and what comes next means nothing sure.
    /// </summary>
    public bool Forgo()
    {
        bool mustContinue = _mustContinue && !_decoder.IsDone;
        _mustContinue = false;
        return mustContinue;
    }

    /// <summary>
    /// Reads the whole body into memory; its size is bounded by the limits. One that was cancelled
    /// is gone on with; while one task reads, another waits for it.
    /// </summary>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAll()
    {
        await OtherReader();
        ArrayBufferWriter<byte> gathered = _gathered ??= new ArrayBufferWriter<byte>();
        var reading = _reading = new Future<Unit>();
        try
        {
            while (!_decoder.IsDone)
            {
                if (await ReadSome(gathered) == BodyStatus.Rejected)
                {
                    throw new RequestBodyException(_decoder.Rejection);
                }
            }

            return gathered.WrittenMemory;
        }
        finally
        {
            _reading = null;
            reading.TrySetResult(default);
        }
    }

    /// <summary>
    /// Reads and drops the rest, so that the next request can be found; false if it is longer than
    /// the limit, malformed, or ends too early.
    /// </summary>
    public async Coroutine<bool> Drain(int bytesMax)
    {
        await OtherReader();
        long limit = _decoder.ContentBytes + bytesMax;
        while (!_decoder.IsDone)
        {
            if (await ReadSome(null) == BodyStatus.Rejected || _decoder.ContentBytes > limit)
            {
                return false;
            }
        }

        return true;
    }

    private async Coroutine OtherReader()
    {
        while (_reading is { } other)
        {
            await other.Shield();
        }
    }

    private async Coroutine<BodyStatus> ReadSome(ArrayBufferWriter<byte>? gathered)
    {
        if (_mustWait)
        {
            // A client that keeps up never makes us wait: after each block others have their turn.
            _mustWait = false;
            await connection.FlushOutput();
            OperationAwaitable readable = connection.WaitReadable();
            if (readable.IsCompleted)
            {
                await EventLoop.Yield();
            }
            else
            {
                await readable;
            }
        }

        ReadResult read;
        while (!connection.TryRead(out read))
        {
            if (_mustContinue)
            {
                // Only now does somebody want the body, and nothing of it has come (RFC 9110
                // 10.1.1).
                _mustContinue = false;
                connection.WriteContinue();
            }

            await connection.FlushOutput();
            await connection.WaitReadable();
        }

        _mustContinue = false;
        BodyStatus status = _decoder.Read(
            read.Buffer, out ReadOnlySequence<byte> content, out SequencePosition consumed);
        foreach (ReadOnlyMemory<byte> piece in content)
        {
            gathered?.Write(piece.Span);
        }

        _mustWait = !read.IsCompleted && read.Buffer.End.Equals(consumed);
        connection.AdvanceBody(read, consumed);
        return status == BodyStatus.NeedMore && content.IsEmpty && read.IsCompleted
            ? _decoder.ReadEnd()
            : status;
    }
}
