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

    // Room for a body that is read whole: as much as was announced, as far as that can be believed.
    private const int FirstBytesMin = 64;
    private const int FirstBytesMax = 16 * 1024;

    private readonly BodyDecoder _decoder = new(limits);
    private ArrayBufferWriter<byte>? _gathered;
    private RequestBodyReader? _reader;
    private Future<Unit>? _reading;
    private bool _isStreamed;
    private bool _mustContinue;
    private int _turnBytes;
    private int _turnChunks;
    private int _firstBytes;

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
    public bool HoldsContent => _gathered is not null;

    /// <summary>Bytes of content that were decoded so far.</summary>
    public long ContentBytes => _decoder.ContentBytes;

    /// <summary>The trailer fields; complete when the body is.</summary>
    public TrailerSection Trailers => _decoder.Trailers;

    /// <summary>The body as a stream of this request.</summary>
    public PipeReader Reader => _reader ??= new RequestBodyReader(exchange.Owner, this);

    public BodyStatus Start(RequestHead head, long bytesMax)
    {
        _gathered = null;
        _isStreamed = false;
        BeginTurn();
        _mustContinue = head.ExpectContinue;
        _firstBytes = (int)Math.Clamp(head.ContentLength, FirstBytesMin, FirstBytesMax);
        return Reported(_decoder.Start(head.BodyKind, head.ContentLength, bytesMax));
    }

    /// <summary>The response was sent: nobody reads this request's body any more.</summary>
    public void End()
    {
        _gathered = null; // as large as the limit allows, and an exchange may be kept for long
        _reader?.End();
        _reader = null;
    }

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
        if (_gathered is not null)
        {
            throw new InvalidOperationException(
                "ReadAsync, TextAsync or JsonAsync has read the body: Body cannot have it too.");
        }

        _isStreamed = true;
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

        ArrayBufferWriter<byte> gathered =
            _gathered ??= new ArrayBufferWriter<byte>(_firstBytes);
        if (!TryFinish(gathered))
        {
            await ReadRest(gathered);
        }

        return gathered.WrittenMemory;
    }

    /// <summary>
    /// Reads what is there, which of a small body is all; true if nothing is left.
    /// </summary>
    private bool TryFinish(ArrayBufferWriter<byte> gathered)
    {
        while (!_decoder.IsDone)
        {
            ThrowIfRejected();
            if (IsTurnOver || !TryStep(gathered))
            {
                return false;
            }
        }

        return true;
    }

    private async Coroutine ReadRest(ArrayBufferWriter<byte> gathered)
    {
        var reading = _reading = new Future<Unit>();
        try
        {
            while (!_decoder.IsDone)
            {
                ThrowIfRejected();
                await Step(gathered);
            }
        }
        finally
        {
            _reading = null;
            reading.TrySetResult(default);
        }
    }

    private void ThrowIfRejected()
    {
        if (Rejection != Rejection.None)
        {
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
    /// Decodes what the connection has now, up to the chunks of a turn; false if bytes must be
    /// waited for. Only while the body is neither done nor refused.
    /// </summary>
    public bool TryStep(IBufferWriter<byte>? target)
    {
        if (!exchange.Owner.TryRead(out ReadResult read))
        {
            return false;
        }

        _mustContinue = false;
        long contentBefore = _decoder.ContentBytes;
        long chunksBefore = _decoder.Chunks;
        int chunksLeft = _turnChunks < ChunksPerTurn ? ChunksPerTurn - _turnChunks : ChunksPerTurn;
        BodyStatus status = _decoder.Read(
            read.Buffer, target, out SequencePosition consumed, chunksLeft);
        long bytesThere = read.Buffer.Length;
        long bytesRead = exchange.Owner.AdvanceBody(read, consumed);
        // What came over the wire counts, not what it decodes to: framing is work too.
        _turnBytes += (int)bytesRead;
        _turnChunks += (int)(_decoder.Chunks - chunksBefore);

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

    private async Coroutine Step(IBufferWriter<byte>? target)
    {
        if (TakeTurnEnd())
        {
            await EventLoop.Yield();
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
