using System.Buffers;
using System.IO.Pipelines;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The reading end of a connection: a read receives into a rented block, never ahead.
/// </summary>
/// <remarks>
/// Loop thread only. A failure completes the read (<see cref="Connection.CloseReason"/>).
/// </remarks>
internal sealed class ConnectionReader(Connection connection) : PipeReader
{
    /// <summary>With less free space, a receive uses a new block.</summary>
    private const int ReceiveBytesMin = 1024;

    /// <summary>
    /// Reads without a wait before other tasks have a turn: 256 KiB of a fast peer.
    /// </summary>
    private const int ReadsPerTurn = 16;

    private const int DropBytes = 4096;

    /// <summary>1 MiB: a fast peer must not hold up a close.</summary>
    private const int DropsMax = 256;

    private BlockChain _chain;
    private byte _turnReads;
    private bool _isExamined = true;

    private bool _isCompleted;
    private bool _isCancelled;

    /// <summary>True once the stream has ended or failed; bytes may be buffered.</summary>
    public bool HasEnded { get; private set; }

    public long BufferedBytes => _chain.Length;

    public ReadOnlySequence<byte> Buffered => _chain.Sequence;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_isExamined && !HasEnded && !_isCancelled)
        {
            TryReceive();
        }

        if (_isExamined && !HasEnded && !_isCancelled)
        {
            result = default;
            return false;
        }

        result = new ReadResult(_chain.Sequence, _isCancelled, HasEnded);
        _isCancelled = false;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Loop.ThrowIfCancelled(cancellationToken);
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
            _isExamined = true; // an empty result has no positions
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

    public void OnClosed()
    {
        HasEnded = true;
        _chain.Clear();
        _isExamined = true;
        connection.ExtrasIfAny?.Read?.TrySetResult(default);
    }

    /// <summary>
    /// Receives a block at most; true if bytes came or the stream has ended. Not after the end.
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
            HasEnded = true;
            connection.OnReceiveEnded(received.Error);
        }

        if (_chain.Length == 0)
        {
            _chain.Clear();
        }

        return HasEnded;
    }

    /// <summary>Drops up to 1 MiB before a close without a reset.</summary>
    public void EmptyReceiveQueue()
    {
        Span<byte> dropped = stackalloc byte[DropBytes];
        int drops = 0;
        while (drops++ < DropsMax && connection.Socket.Receive(dropped).Bytes > 0)
        {
        }
    }

    /// <summary>The buffered bytes in one piece, after a receive if there are none.</summary>
    public bool TryReadPiece(out ReadOnlySpan<byte> piece)
    {
        ThrowIfCompleted();
        if (_isExamined && !HasEnded && !_isCancelled)
        {
            TryReceive();
        }

        bool isThere = !_isExamined && !HasEnded && !_isCancelled && _chain.IsOnePiece;
        piece = isThere ? _chain.HeadBytes : default;
        return isThere;
    }

    /// <summary>Drops buffered bytes; the rest counts as not examined.</summary>
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

        var watch = TokenWatch<ConnectionReader>.Begin(
            Loop, static reader => reader.CancelPendingRead(), this, cancellationToken);
        try
        {
            ReadResult result;
            while (!TryRead(out result))
            {
                var wake = new Promise<Unit>(Loop);
                connection.Extras.Read = wake;
                connection.Extras.WakeWhenReadable(connection.WaitReadableAsync(), wake);
                await wake;
                connection.Extras.Read = null;
            }

            Loop.ThrowIfCancelled(cancellationToken);
            return result;
        }
        finally
        {
            watch?.End();
        }
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
