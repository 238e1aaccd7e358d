using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Decodes the body of a message from its channel, step by step, with the codings of its content,
/// and respects its turn, its deadline and the 100 response. Reusable.
/// </summary>
/// <remarks>Loop thread only. It keeps no content.</remarks>
internal sealed class BodyInput(
    ChannelLoan loan, ChannelLimits limits, ParserLimits parserLimits, BodySide side)
    : IBodyOwner
{
    /// <summary>Bytes that one connection reads before others run.</summary>
    private const int BytesPerTurn = 64 * 1024;

    /// <summary>
    /// The same for tiny chunks: some 50 microseconds, as for 64 KiB in one piece.
    /// </summary>
    private const int ChunksPerTurn = 2048;

    private readonly BodyDecoder _decoder = new(parserLimits);
    private readonly BodyPace _pace = new(loan, limits);
    private ContentDecoding? _decoding;
    private bool _mustContinue;
    private int _turnBytes;
    private int _turnChunks;

    /// <summary>True once its content is complete, decoded and given out.</summary>
    public bool IsDone => _decoder.IsDone && !IsDecoding;

    public bool IsInContent => _decoder.IsInContent || _decoding is { HasWork: true };

    /// <summary>True once the body was late: its input has ended.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    /// <remarks>
    /// Lateness ends a body like the peer's end, but only a slow peer gets an answer.
    /// </remarks>
    public Rejection Rejection => _decoder.Rejection == Rejection.BodyIncomplete && IsLate
        ? Rejection.BodyTooSlow
        : _decoder.Rejection;

    /// <summary>Bytes of content given out, without its codings.</summary>
    public long ContentBytes => _decoding?.ContentBytes ?? _decoder.ContentBytes;

    /// <summary>Bytes consumed so far, framing included.</summary>
    public long WireBytes { get; private set; }

    public TrailerSection Trailers => _decoder.Trailers;

    /// <summary>True when a turn's share was read without a wait.</summary>
    public bool IsTurnOver => _turnBytes >= BytesPerTurn || _turnChunks >= ChunksPerTurn;

    /// <summary>Begins a body.</summary>
    /// <param name="kind">How it is framed.</param>
    /// <param name="contentLength">For a Content-Length, its value.</param>
    /// <param name="mustContinue">Whether its sender waits for a 100 response.</param>
    /// <param name="bytesMax">The limit of its content.</param>
    /// <param name="decoding">Undoes the codings of its content; null: they stay.</param>
    public BodyStatus Start(
        BodyKind kind, long contentLength, bool mustContinue, long bytesMax,
        ContentDecoding? decoding)
    {
        Debug.Assert(decoding is null || kind != BodyKind.None, "nothing would end the decoding");
        _decoding = decoding;
        BeginTurn();
        _pace.Reset();
        IsLate = false;
        WireBytes = 0;
        _mustContinue = mustContinue;
        BodyStatus status = _decoder.Start(kind, contentLength, bytesMax);
        return status == BodyStatus.Rejected ? Reported(status) : status;
    }

    public void LimitTo(long bytesMax)
    {
        if (_decoding is { } decoding)
        {
            decoding.BytesMax = bytesMax; // of what is decoded, however long it is on the wire
        }
        else
        {
            Reported(_decoder.LimitTo(bytesMax));
        }
    }

    public void EndWait() => _pace.End();

    /// <summary>The body was late: the rest is not read.</summary>
    public void EndLate() => IsLate = true;

    public void Refuse(Rejection reason) => Reported(
        IsDecoding && Rejection == Rejection.None
            ? _decoder.RefuseContent(reason) : _decoder.Refuse(reason));

    public void Release() => _decoder.Release();

    /// <summary>Content that will be discarded is not decoded before.</summary>
    public void StopDecoding() => _decoding = null;

    /// <summary>
    /// The exchange has ended: gives back the memory of a decoding that is not complete, whose
    /// later reads fail. Idempotent.
    /// </summary>
    public void EndDecoding()
    {
        if (IsDecoding)
        {
            _decoding!.Dispose();
            if (Rejection == Rejection.None)
            {
                _decoder.RefuseContent(Rejection.BodyIncomplete);
            }
        }
    }

    /// <summary>
    /// Forbids a 100 response, because a final one follows. True if the connection must end: the
    /// body was refused, or the client waits for a 100, so its next bytes are ambiguous.
    /// </summary>
    public bool EndContinue()
    {
        bool mustContinue = _mustContinue && !_decoder.IsDone;
        _mustContinue = false;
        return mustContinue || _decoder.Rejection != Rejection.None;
    }

    /// <summary>
    /// Finds a small body that came with its head; <see cref="TakeSmall"/> takes it.
    /// </summary>
    public bool TryPeekSmall(int bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        return !IsLate && _decoder.ContentBytes == 0 && _decoder.Rejection == Rejection.None
            && loan.Channel.TryPeek(bytes, out content);
    }

    public void TakeSmall(int bytes)
    {
        _mustContinue = false;
        _pace.Count(bytes);
        WireBytes += bytes;
        loan.Channel.Consume(bytes);
        _decoder.Skip();
        side.OnRead();
    }

    /// <summary>
    /// True if a step may be made: there is memory, or framing is next. A body that can never have
    /// enough is refused in its next step.
    /// </summary>
    public bool HasRoom(BodyBuffer buffer)
    {
        bool isFraming = !IsInContent;
        BodyRoom room = isFraming && buffer.Held > 0 ? BodyRoom.Some : buffer.MakeRoom();
        if (room == BodyRoom.Never && !isFraming)
        {
            Refuse(Rejection.BodyTooLarge);
        }

        return isFraming || room != BodyRoom.NotNow;
    }

    /// <summary>
    /// Decodes what is there, up to the chunks of a turn; false if it must wait. Only while the
    /// body is not done and its target has room.
    /// </summary>
    public bool TryStep(BodyBuffer? target)
    {
        if (Rejection != Rejection.None)
        {
            return true;
        }

        _pace.End();
        if (IsLate)
        {
            Refuse(Rejection.BodyIncomplete);
            return true;
        }

        if (_decoding is { HasWork: true } decoding)
        {
            Decode(decoding, target!);
            return true;
        }

        MessageChannel channel = loan.Channel;
        if (!channel.TryRead(out ReadResult read))
        {
            return false;
        }

        _mustContinue = false;
        ReadOnlySequence<byte> input = _decoding is not null ? ContentDecoding.Limit(read.Buffer)
            : target?.Limit(read.Buffer) ?? read.Buffer;
        long contentBefore = _decoder.ContentBytes;
        long chunksBefore = _decoder.Chunks;
        int chunksLeft = _turnChunks < ChunksPerTurn ? ChunksPerTurn - _turnChunks : ChunksPerTurn;
        BodyStatus status = _decoder.Read(
            input, (IBufferWriter<byte>?)_decoding ?? target, out SequencePosition consumed,
            chunksLeft);
        long bytesThere = read.Buffer.Length;
        long bytesRead = read.Buffer.Slice(read.Buffer.Start, consumed).Length;
        _pace.Count(bytesRead);
        WireBytes += bytesRead;
        channel.Advance(consumed);
        // Framing is work too: bytes on the wire count.
        _turnBytes += (int)bytesRead;
        _turnChunks += (int)(_decoder.Chunks - chunksBefore);
        if (bytesRead > 0 && target is { IsParking: false, Budget.IsPressed: true })
        {
            target.Budget.NoteProgress();
        }

        // Content that came with the end is given out first.
        bool isCut = status == BodyStatus.NeedMore && read.IsCompleted
            && bytesRead == bytesThere && _decoder.ContentBytes == contentBefore;
        Reported(isCut ? EndOfInput(channel) : status);
        return true;
    }

    /// <summary>
    /// Prepares a wait: sends the 100 response that a client waits for (RFC 9110 10.1.1).
    /// </summary>
    public void BeforeWait()
    {
        BeginTurn();
        if (_mustContinue)
        {
            _mustContinue = false;
            loan.Channel.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
        }
    }

    public OperationAwaitable WaitReadableAsync(bool isHurried)
    {
        OperationAwaitable readable = loan.Channel.WaitReadableAsync();
        BeginWait(isHurried);
        return readable;
    }

    /// <summary>The peer's time begins; idempotent.</summary>
    public void BeginWait(bool isHurried) => _pace.Begin(isHurried);

    public void Hurry() => _pace.Hurry();

    public void BeginPause() => loan.Channel.SetDeadline(
        DeadlineKind.Body, loan.Channel.Loop.MomentAfter(limits.BodyPauseTimeout));

    public void EndPause() => loan.Channel.ClearDeadline(DeadlineKind.Body);

    bool IBodyOwner.IsLate(TimeSpan due) =>
        IsLate || (!IsDone && loan.Channel.DueOf(DeadlineKind.Body) <= due);

    /// <summary>
    /// Moves what came with the head into a block beside the budget: the connection's block is as
    /// large, and managed.
    /// </summary>
    public void Park(BodyBuffer target)
    {
        if (loan.Channel.Connection.UnreadBytes == 0 || !target.TryPark())
        {
            return;
        }

        try
        {
            while (target.Room > 0 && loan.Channel.Connection.UnreadBytes > 0
                && !IsDone && Rejection == Rejection.None)
            {
                TryStep(target);
            }
        }
        finally
        {
            target.EndParking();
        }
    }

    /// <summary>True, once, when <see cref="IsTurnOver"/>.</summary>
    public bool TakeTurnEnd()
    {
        if (!IsTurnOver)
        {
            return false;
        }

        BeginTurn();
        return true;
    }

    private bool IsDecoding => _decoding is { IsEnded: false };

    // Nothing is read from the wire while there is something to decode.
    private void Decode(ContentDecoding decoding, BodyBuffer target)
    {
        long before = decoding.ContentBytes;
        Rejection reason = decoding.Decode(target);
        _turnBytes += (int)(decoding.ContentBytes - before);
        if (reason != Rejection.None)
        {
            Refuse(reason);
        }
        else if (IsDone)
        {
            side.OnRead();
        }
    }

    private void BeginTurn() => (_turnBytes, _turnChunks) = (0, 0);

    // Only an orderly end is the end of a body until the close (RFC 9112 8).
    private BodyStatus EndOfInput(MessageChannel channel) =>
        channel.Connection.CloseReason == CloseReason.PeerClosed
            ? _decoder.ReadEnd()
            : _decoder.Refuse(Rejection.BodyIncomplete);

    private BodyStatus Reported(BodyStatus status)
    {
        if (status == BodyStatus.Rejected)
        {
            loan.Channel.Report(Rejection, _decoder.RejectionOffset);
        }
        else if (status == BodyStatus.Done)
        {
            _decoding?.EndInput();
            if (IsDone)
            {
                side.OnRead();
            }
        }

        return status;
    }
}
