using System.IO.Pipelines;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The writing end of a connection: what is written gathers in rented blocks until a flush sends
/// it. <see cref="TryFlush"/> hands the kernel what it takes at once, which is nearly always
/// everything; only what is left becomes an asynchronous send.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// A peer that went away is not an exception here: what is written to it is dropped, and the
/// connection says why. A write after this side has ended its stream is a mistake of the caller's,
/// and throws.
/// </para>
/// </remarks>
internal sealed class ConnectionWriter(Connection connection) : PipeWriter
{
    private const int DrainBytes = 4096;

    private BlockChain _chain;
    private bool _isSending;
    private Ends _ends;

    [Flags]
    private enum Ends : byte
    {
        None = 0,

        /// <summary><see cref="Complete"/> was called: writing throws.</summary>
        Completed = 1,

        /// <summary>This side has ended its stream: writing throws.</summary>
        Shutdown = 2,

        /// <summary>The connection is closing: what is written is dropped.</summary>
        Closing = 4,
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _chain.Length;

    /// <summary>Bytes that the kernel has taken.</summary>
    public long SentBytes { get; private set; }

    /// <summary>True when the peer can be sent nothing more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True if what is written now is dropped.</summary>
    public bool DropsBytes => IsBroken || (_ends & Ends.Closing) != 0;

    /// <summary>True once this side has ended its stream: writing throws.</summary>
    public bool IsShutdown => (_ends & Ends.Shutdown) != 0;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        ThrowIfOver();
        return DropsBytes
            ? Drain(sizeHint)
            : _chain.TailWith(connection.Pool, Math.Max(sizeHint, 1)).FreeSpan();
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfOver();
        return DropsBytes
            ? Drain(sizeHint)
            : _chain.TailWith(connection.Pool, Math.Max(sizeHint, 1)).FreeMemory();
    }

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ThrowIfShutdown(); // the memory was asked for before the end
        if (DropsBytes)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _chain.Tail?.FreeBytes ?? 0);
        _chain.Extend(bytes);
    }

    /// <inheritdoc cref="Connection.TryTakeBack"/>
    public bool TryTakeBack(long position)
    {
        long kept = position - SentBytes;
        if (kept < (_isSending ? connection.Extras.SendBytes : 0) || kept > _chain.Length)
        {
            return false;
        }

        _chain.Truncate(kept);
        return true;
    }

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush()
    {
        while (_chain.Length > 0 && !_isSending)
        {
            BlockSegment head = _chain.Head!;
            IoResult sent = connection.Socket.Send(
                head.Block.AsSpan(_chain.HeadOffset, head.End - _chain.HeadOffset));
            if (sent.IsNotNow)
            {
                return false;
            }

            if (!sent.IsSuccess)
            {
                Break(sent.Error);
                return true;
            }

            SentBytes += sent.Bytes;
            _chain.Consume(sent.Bytes);
        }

        if (_chain.Length == 0)
        {
            _chain.Clear(); // a block that was asked for and not written to
            return true;
        }

        return false;
    }

    /// <summary>From now on what is written is dropped; what was written is still sent.</summary>
    public void StopTaking() => _ends |= Ends.Closing;

    /// <summary>From now on writing throws; what was written is still sent.</summary>
    public void NoteEnd() => _ends |= Ends.Shutdown;

    /// <summary>The same, and ends our stream when everything has been sent.</summary>
    public void SendEnd()
    {
        NoteEnd();
        if (TryFlush())
        {
            connection.Socket.ShutdownSend();
        }
        else
        {
            connection.Loop.CreateTask(FlushAndSendEnd(), "send and shut down");
        }
    }

    /// <summary>A write after this side has ended its stream.</summary>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public void ThrowIfShutdown()
    {
        if (IsShutdown)
        {
            throw AfterShutdown();
        }
    }

    /// <summary>What each way of writing throws after <c>ShutdownSend</c>.</summary>
    public static InvalidOperationException AfterShutdown() =>
        new("Writing is not allowed after ShutdownSend(): this side has ended its stream.");

    /// <summary>
    /// Sends until no more than so many bytes are left, waiting for the peer as long as it takes.
    /// </summary>
    public async Coroutine FlushAll(int leftBytesMax = 0)
    {
        while (!TryFlush() && _chain.Length > leftBytesMax)
        {
            ConnectionExtras state = connection.Extras;
            if (!_isSending)
            {
                BlockSegment head = _chain.Head!;
                state.SendBytes = head.End - _chain.HeadOffset;
                _isSending = true;
                state.Send = connection.Socket.SendAll(
                    head.Block.AsMemory(_chain.HeadOffset, state.SendBytes));
            }

            // A flush that was cancelled leaves its send in flight: the next flush joins it, as a
            // second one at the same time does. Whoever resumes first settles the send for all.
            long number = state.SendNumber;
            SocketError error = await state.Send;
            if (!_isSending || number != state.SendNumber)
            {
                continue;
            }

            _isSending = false;
            state.SendNumber++;
            if (IsBroken)
            {
                // Closed, or found broken by a receive, before this turn: whatever the send came
                // to, nothing follows it.
                _chain.Clear();
                return;
            }

            if (error != SocketError.Success)
            {
                Break(error);
                return;
            }

            SentBytes += state.SendBytes;
            _chain.Consume(state.SendBytes);
        }
    }

    /// <summary>Sends everything, then closes; closes too when it is cancelled.</summary>
    public async Coroutine FlushAndClose(CloseReason reason)
    {
        try
        {
            await FlushAll();
        }
        finally
        {
            connection.Close(reason);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryFlush()
            ? new ValueTask<FlushResult>(new FlushResult(false, IsBroken))
            : Slow();

        async ValueTask<FlushResult> Slow()
        {
            await FlushAll();
            return new FlushResult(false, IsBroken);
        }
    }

    /// <summary>Not supported: a send that has begun cannot be taken back.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void CancelPendingFlush() =>
        throw new NotSupportedException(
            "A flush that has begun cannot be cancelled: abort instead.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _ends |= Ends.Completed;

    /// <summary>
    /// The peer can be sent nothing more: what was not sent is dropped, except what the kernel
    /// reads from, which is dropped when that send has ended.
    /// </summary>
    public void Break()
    {
        IsBroken = true;
        if (!_isSending)
        {
            _chain.Clear();
        }
    }

    /// <summary>The connection is closed: what was not sent is dropped.</summary>
    public void OnClosed()
    {
        IsBroken = true;
        if (_isSending)
        {
            _chain.Abandon();
        }
        else
        {
            _chain.Clear();
        }
    }

    private async Coroutine FlushAndSendEnd()
    {
        await FlushAll();
        if (!connection.IsClosed)
        {
            connection.Socket.ShutdownSend();
        }
    }

    private void ThrowIfOver()
    {
        if (_ends != Ends.None)
        {
            ThrowIfShutdown();
            if ((_ends & Ends.Completed) != 0)
            {
                throw new InvalidOperationException(
                    "Writing is not allowed after the writer was completed.");
            }
        }
    }

    private byte[] Drain(int sizeHint)
    {
        ConnectionExtras state = connection.Extras;
        if (state.Drain.Length == 0 || state.Drain.Length < sizeHint)
        {
            state.Drain = new byte[Math.Max(sizeHint, DrainBytes)];
        }

        return state.Drain;
    }

    private void Break(SocketError error)
    {
        Break();
        connection.OnSendFailed(error);
    }
}
