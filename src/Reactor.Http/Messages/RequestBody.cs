using System.Buffers;
using System.IO.Pipelines;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The body of the request that a connection serves: read on demand from the connection itself, so
/// a client that sends faster than the handler reads is held back by TCP. Reused for each request.
/// </summary>
/// <remarks>
/// Loop thread only. It is read whole or as a stream: whichever is asked for first has it.
/// </remarks>
internal sealed class RequestBody(Exchange exchange, ParserLimits limits)
{
    /// <summary>What one connection reads of a body before others have their turn.</summary>
    private const int BytesPerTurn = 64 * 1024;

    /// <summary>
    /// The same in chunks, for those of a few bytes: some 50 microseconds, about what 64 KiB in one
    /// piece cost.
    /// </summary>
    private const int ChunksPerTurn = 2048;

    private readonly BodyDecoder _decoder = new(limits);
    private BodyBuffer? _buffer;
    private RequestBodyReader? _reader;
    private Promise<Unit>? _reading;
    private bool _isWhole;
    private bool _isStreamed;
    private bool _isOver;
    private bool _mustContinue;
    private int _turnBytes;
    private int _turnChunks;
    private long _announced;
    private long _bytesMax;

    /// <summary>True when every byte of the body was taken from the exchange.Owner.</summary>
    public bool IsDone => _decoder.IsDone;

    /// <summary>True if nobody reads it, in the background either.</summary>
    public bool IsQuiet => _reading is null && _reader is null;

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    /// <remarks>
    /// Lateness ends a body as the client's end does, and is told from it: who was slow may be
    /// asked again, who has gone may not.
    /// </remarks>
    public Rejection Rejection =>
        _decoder.Rejection == Rejection.BodyIncomplete && exchange.IsBodyLate
            ? Rejection.BodyTooSlow
            : _decoder.Rejection;

    /// <summary>True while it has the content in memory.</summary>
    public bool HoldsContent => _buffer is { Held: > 0 };

    /// <summary>True while its reader waits for memory, and not for the client.</summary>
    public bool IsPaused => _buffer?.Resume is not null;

    /// <summary>Bytes of content that were decoded so far.</summary>
    public long ContentBytes => _decoder.ContentBytes;

    /// <summary>The trailer fields; complete when the body is.</summary>
    public TrailerSection Trailers => _decoder.Trailers;

    /// <summary>The body as a stream of this request.</summary>
    public PipeReader Reader => _reader ??= new RequestBodyReader(exchange.Owner, this);

    /// <summary>Where its content lies; made when a body is first read.</summary>
    public BodyBuffer Buffer => _buffer ??= new BodyBuffer(exchange, exchange.Budget);

    public BodyStatus Start(RequestHead head, long bytesMax)
    {
        _isWhole = false;
        _isStreamed = false;
        _isOver = false;
        BeginTurn();
        _mustContinue = head.ExpectContinue;
        _announced = head.BodyKind == BodyKind.ContentLength ? head.ContentLength : -1;
        _bytesMax = bytesMax;
        return Reported(_decoder.Start(head.BodyKind, head.ContentLength, bytesMax));
    }

    /// <summary>
    /// The response was sent: the memory of this request's body is given back. A task that still
    /// reads it whole is waited for, and gives it back when it has ended.
    /// </summary>
    public void End()
    {
        _isOver = true;
        if (_reading is null)
        {
            _buffer?.Clear();
        }

        _reader?.End();
        _reader = null;
    }

    /// <summary>The connection has ended: what still reads the body fails.</summary>
    public void Abandon()
    {
        End();
        _buffer?.Clear();
    }

    /// <summary>It has waited for memory as long as it may.</summary>
    public void RefusePaused() => exchange.Budget.Refuse(_buffer!);

    /// <summary>The body is refused for a reason outside of its bytes.</summary>
    public void Refuse(Rejection reason) => Reported(_decoder.Refuse(reason));

    /// <summary>Gives back the arrays of large trailers.</summary>
    public void Trim() => _decoder.Trailers.Trim();

    public void Release()
    {
        End();
        _decoder.Release();
    }

    /// <summary>
    /// A final answer is about to be sent: no 100 may follow it. True if it must be the last: the
    /// body was refused, or the client still waited for a 100; then whether it sends the body is
    /// open, and what comes next means nothing sure.
    /// </summary>
    public bool Forgo()
    {
        bool mustContinue = _mustContinue && !_decoder.IsDone;
        _mustContinue = false;
        return mustContinue || _decoder.Rejection != Rejection.None;
    }

    /// <summary>Somebody reads the stream: from now on nobody can read the body whole.</summary>
    public void BeginStream()
    {
        if (_isWhole)
        {
            throw new InvalidOperationException(
                "ReadAsync, TextAsync or JsonAsync has read the body: Body cannot have it too.");
        }

        if (!_isStreamed)
        {
            _isStreamed = true;
            Buffer.Begin(_announced, _bytesMax, isStream: true);
        }
    }

    /// <summary>The stream's reader wants no more: its memory is given back.</summary>
    public void EndStream()
    {
        if (_isStreamed)
        {
            Buffer.Clear();
        }
    }

    /// <summary>
    /// Reads the whole body into memory; its size is bounded by the limits. One that was cancelled
    /// is gone on with; while one task reads, another waits for it.
    /// </summary>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAll()
    {
        if (_isStreamed)
        {
            throw new InvalidOperationException(
                "The body is read through Body: ReadAsync, TextAsync and JsonAsync cannot have it "
                + "too.");
        }

        if (_reading is not null)
        {
            await OtherReader();
        }

        BodyBuffer buffer = Buffer;
        if (!_isWhole)
        {
            _isWhole = true;
            buffer.Begin(_announced, _bytesMax, isStream: false);
        }

        if (!TryTakeSmall(buffer) && !TryFinish(buffer))
        {
            await ReadRest(buffer);
        }

        ReadOnlyMemory<byte> content = buffer.HandOver();
        if (_isOver)
        {
            buffer.Clear();
        }

        return content;
    }

    /// <summary>
    /// Takes a small body that came with its head: one copy, past the decoder, chain and queues.
    /// </summary>
    private bool TryTakeSmall(BodyBuffer buffer)
    {
        if (_announced is <= 0 or > BodyBuffer.SmallBytesMax
            || _decoder.ContentBytes > 0 || _decoder.Rejection != Rejection.None
            || !exchange.Owner.TryPeekBody((int)_announced, out ReadOnlySpan<byte> content)
            || !buffer.TryTakeSmall(content))
        {
            return false;
        }

        _mustContinue = false;
        exchange.Owner.TakeBody(content.Length);
        _decoder.Skip();
        return true;
    }

    /// <summary>Reads what is there; true if nothing is left.</summary>
    private bool TryFinish(BodyBuffer buffer)
    {
        while (!_decoder.IsDone)
        {
            ThrowIfRejected();
            if (IsTurnOver || !HasRoom(buffer) || !TryStep(buffer))
            {
                return false;
            }
        }

        return true;
    }

    private async Coroutine ReadRest(BodyBuffer buffer)
    {
        var reading = _reading = new Promise<Unit>();
        bool isWhole = false;
        try
        {
            while (!_decoder.IsDone)
            {
                ThrowIfRejected();
                await Step(buffer);
            }

            isWhole = true;
        }
        finally
        {
            _reading = null;
            if (_isOver && !isWhole)
            {
                buffer.Clear();
            }

            reading.TrySetResult(default);
        }
    }

    /// <summary>
    /// The content of a refused body is given to no reader, so its memory goes back at once: its
    /// handler may catch this and wait for something else.
    /// </summary>
    private void ThrowIfRejected()
    {
        if (Rejection != Rejection.None)
        {
            _buffer?.Clear();
            throw new RequestBodyException(Rejection);
        }
    }

    /// <summary>
    /// Reads and drops the rest, so that the next request can be found; false if it is longer than
    /// the limit, malformed, or ends too early.
    /// </summary>
    public async Coroutine<bool> Drain(int bytesMax)
    {
        if (_reading is not null)
        {
            await OtherReader();
        }

        long limit = _decoder.ContentBytes + bytesMax;
        while (!_decoder.IsDone)
        {
            // A refused body is not waited for: nothing that could come would help.
            if (_decoder.Rejection != Rejection.None || _decoder.ContentBytes > limit)
            {
                return false;
            }

            await Step(null);
        }

        return _decoder.ContentBytes <= limit;
    }

    /// <summary>
    /// True if a step may be made: there is memory for content, or the next bytes are none. A body
    /// that can never have enough is refused, and its next step says so.
    /// </summary>
    public bool HasRoom(BodyBuffer buffer)
    {
        bool isFraming = !_decoder.IsInContent;
        switch (isFraming && buffer.Held > 0 ? BodyRoom.Some : buffer.MakeRoom())
        {
            case BodyRoom.Some:
                return true;
            case var _ when isFraming:
                return true;
            case BodyRoom.Never:
                Refuse(Rejection.BodyTooLarge);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Decodes what the connection has now, up to the chunks of a turn; false if bytes must be
    /// waited for. Only while the body is not done, and its target has room.
    /// </summary>
    public bool TryStep(BodyBuffer? target)
    {
        if (Rejection != Rejection.None)
        {
            return true;
        }

        if (!exchange.Owner.TryRead(out ReadResult read))
        {
            return false;
        }

        _mustContinue = false;
        ReadOnlySequence<byte> input = target?.Limit(read.Buffer) ?? read.Buffer;
        long contentBefore = _decoder.ContentBytes;
        long chunksBefore = _decoder.Chunks;
        int chunksLeft = _turnChunks < ChunksPerTurn ? ChunksPerTurn - _turnChunks : ChunksPerTurn;
        BodyStatus status = _decoder.Read(
            input, target, out SequencePosition consumed, chunksLeft);
        long bytesThere = read.Buffer.Length;
        long bytesRead = exchange.Owner.AdvanceBody(read, consumed);
        // What came over the wire counts, not what it decodes to: framing is work too.
        _turnBytes += (int)bytesRead;
        _turnChunks += (int)(_decoder.Chunks - chunksBefore);
        if (bytesRead > 0 && target is { IsParking: false, Budget.IsPressed: true })
        {
            target.Budget.NoteProgress();
        }

        // The end is judged when no content came with it: what did come is given out first.
        bool isCut = status == BodyStatus.NeedMore && read.IsCompleted
            && bytesRead == bytesThere && _decoder.ContentBytes == contentBefore;
        Reported(isCut ? _decoder.ReadEnd() : status);
        return true;
    }

    /// <summary>
    /// Before a wait for bytes. Only now does somebody want the body, and nothing of it has come:
    /// a client that waits for a 100 is told to go on (RFC 9110 10.1.1).
    /// </summary>
    public void BeforeWait()
    {
        BeginTurn();
        if (_mustContinue)
        {
            _mustContinue = false;
            exchange.Owner.WriteContinue();
        }
    }

    /// <summary>
    /// True, once, when as much was read without a wait as a turn may take: others come first.
    /// </summary>
    public bool TakeTurnEnd()
    {
        if (!IsTurnOver)
        {
            return false;
        }

        BeginTurn();
        return true;
    }

    private bool IsTurnOver => _turnBytes >= BytesPerTurn || _turnChunks >= ChunksPerTurn;

    private void BeginTurn() => (_turnBytes, _turnChunks) = (0, 0);

    private async Coroutine OtherReader()
    {
        while (_reading is { } other)
        {
            await other.Shield();
        }
    }

    private async Coroutine Step(BodyBuffer? target)
    {
        if (TakeTurnEnd())
        {
            await EventLoop.Yield();
        }

        if (target is not null && !HasRoom(target))
        {
            target.Park();
            if (!_decoder.IsDone && !HasRoom(target))
            {
                await target.WaitForRoom();
            }

            return;
        }

        while (!TryStep(target))
        {
            BeforeWait();
            await exchange.Owner.FlushOutput();
            await exchange.Owner.WaitReadable();
        }
    }

    private BodyStatus Reported(BodyStatus status)
    {
        if (status == BodyStatus.Rejected)
        {
            exchange.Report(Rejection, _decoder.RejectionOffset);
        }

        return status;
    }
}
