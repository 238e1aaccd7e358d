using System.Buffers;
using System.IO.Pipelines;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The reading end of a connection, pull-based: bytes are received when somebody asks for them,
/// into a rented block, and nothing is read ahead. <see cref="TryRead"/> does what the kernel has
/// now; before it, await <see cref="Connection.WaitReadable"/>.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// A failed connection is not an exception here: the result says that it is completed, and the
/// connection says why (<see cref="Connection.CloseReason"/>).
/// </para>
/// </remarks>
internal sealed class ConnectionReader(Connection connection) : PipeReader
{
    /// <summary>A receive into less than this is not worth a system call; a new block is.</summary>
    private const int ReceiveBytesMin = 1024;

    /// <summary>
    /// Reads in a row that need not wait before other tasks have a turn: 256 KiB of a peer that
    /// sends fast. A reader that consumes nothing, or reads on behind the end of the stream, would
    /// else keep the loop for itself.
    /// </summary>
    private const int ReadsPerTurn = 16;

    /// <summary>On the stack: a close rents nothing.</summary>
    private const int DropBytes = 4096;

    /// <summary>1 MiB: a peer that sends as fast as it is read must not hold up a close.</summary>
    private const int DropsMax = 256;

    private BlockChain _chain;
    private byte _turnReads;
    private bool _isExamined = true;
    private bool _hasEnded;
    private bool _isCompleted;
    private bool _isCancelled;

    /// <summary>True once the stream has ended or failed, whatever is still buffered.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>How many bytes were received and not consumed.</summary>
    public long BufferedBytes => _chain.Length;

    /// <summary>What was received and not consumed.</summary>
    public ReadOnlySequence<byte> Buffered => _chain.Sequence;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_isExamined && !_hasEnded && !_isCancelled)
        {
            TryReceive();
        }

        if (_isExamined && !_hasEnded && !_isCancelled)
        {
            result = default;
            return false;
        }

        result = new ReadResult(_chain.Sequence, _isCancelled, _hasEnded);
        _isCancelled = false;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool isTurnOver = ++_turnReads > ReadsPerTurn;
        if (!isTurnOver && TryRead(out ReadResult result))
        {
            return new ValueTask<ReadResult>(result);
        }

        _turnReads = 0;
        return WaitAndRead(isTurnOver, cancellationToken);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_chain.Head is null)
        {
            _isExamined = true; // an empty result has no positions of its own
            return;
        }

        ReadOnlySequence<byte> buffer = _chain.Sequence;
        _isExamined = buffer.GetOffset(examined) >= buffer.GetOffset(buffer.End);
        _chain.ConsumeTo((BlockSegment)consumed.GetObject()!, consumed.GetInteger());
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        _isCancelled = true;
        connection.ExtrasIfAny?.Read?.TrySetResult(default);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        _chain.Clear();
    }

    /// <summary>
    /// The connection is closed: nothing more comes, and what was buffered goes back.
    /// </summary>
    public void OnClosed()
    {
        _hasEnded = true;
        _chain.Clear();
        _isExamined = true;
        connection.ExtrasIfAny?.Read?.TrySetResult(default);
    }

    /// <summary>
    /// Receives what the kernel has, a block at most; true if bytes came or the stream has ended.
    /// The stream must not have ended before.
    /// </summary>
    public bool TryReceive()
    {
        BlockSegment tail = _chain.TailWith(connection.Pool, ReceiveBytesMin);
        IoResult received = connection.Socket.Receive(tail.FreeSpan());
        if (received.Bytes > 0)
        {
            _chain.Extend(received.Bytes);
            _isExamined = false;
            return true;
        }

        if (!received.IsNotNow)
        {
            _hasEnded = true;
            connection.OnReceiveEnded(received.Error);
        }

        if (_chain.Length == 0)
        {
            _chain.Clear();
        }

        return _hasEnded;
    }

    /// <summary>
    /// Receives and drops what the kernel has, up to 1 MiB: before a close that is no reset.
    /// </summary>
    public void EmptyReceiveQueue()
    {
        Span<byte> dropped = stackalloc byte[DropBytes];
        int left = DropsMax;
        while (left > 0 && connection.Socket.Receive(dropped).Bytes > 0)
        {
            left--;
        }
    }

    /// <summary>
    /// What there is, if it lies in one piece and nothing but bytes is to be told; a receive if
    /// there is nothing.
    /// </summary>
    public bool TryReadPiece(out ReadOnlySpan<byte> piece)
    {
        ThrowIfCompleted();
        if (_isExamined && !_hasEnded && !_isCancelled)
        {
            TryReceive();
        }

        bool isThere = !_isExamined && !_hasEnded && !_isCancelled && _chain.IsOnePiece;
        piece = isThere ? _chain.HeadBytes : default;
        return isThere;
    }

    /// <summary>Drops so many buffered bytes; what is left counts as not looked at.</summary>
    public void Consume(int bytes)
    {
        _chain.Consume(bytes);
        _isExamined = _chain.Length == 0;
    }

    private async ValueTask<ReadResult> WaitAndRead(
        bool isTurnOver, CancellationToken cancellationToken)
    {
        if (isTurnOver)
        {
            await EventLoop.Yield();
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (reader, _) =>
            {
                var self = (ConnectionReader)reader!;
                self.Loop.CallSoonThreadSafe(self.CancelPendingRead);
            },
            this);
        ReadResult result;
        while (!TryRead(out result))
        {
            var wake = new Promise<Unit>(Loop);
            connection.Extras.Read = wake;
            connection.Extras.WakeWhenReadable(connection.WaitReadable(), wake);
            await wake;
            connection.Extras.Read = null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private EventLoop Loop => connection.Loop;

    public void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException(
                "Reading is not allowed after the reader was completed.");
        }
    }
}
