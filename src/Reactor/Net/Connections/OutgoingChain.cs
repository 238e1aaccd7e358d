using System.IO.Pipelines;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The outgoing bytes of a connection and the one way to send them, for pipe end, raw socket and
/// transport: queued blocks, the send in flight, the first error, the water marks.
/// </summary>
/// <remarks>
/// Loop thread only. A send in flight cannot be taken back: after a cancelled waiter the next one
/// joins it. A base class, because an object would cost each connection 24 bytes.
/// </remarks>
internal abstract class OutgoingChain(Connection connection) : PipeWriter
{
    // Of the pipe end; a field there would make each connection 8 bytes larger.
    private protected OutputEnds Ends;
    private protected BlockChain Queue;
    private bool _isSending;

    /// <summary>Bytes that the kernel has taken.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes that are queued or in flight.</summary>
    public long UnsentBytes => Queue.Length;

    /// <summary>The first failure of a send or receive.</summary>
    public SocketError Error { get; private set; }

    public bool IsBroken => Error != SocketError.Success;

    /// <summary>True above the high-water mark, until the low-water mark.</summary>
    public bool IsPaused { get; private set; }

    private protected Connection Connection => connection;

    /// <summary>
    /// Gives the kernel what it takes now, bypassing the empty queue; returns how many bytes.
    /// </summary>
    public int SendNow(ReadOnlySpan<byte> data)
    {
        IoResult sent = connection.Socket.Send(data);
        if (sent.IsSuccess)
        {
            SentBytes += sent.Bytes;
        }
        else if (!sent.IsNotNow)
        {
            Fail(sent.Error);
        }

        return sent.Bytes;
    }

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush()
    {
        while (Queue.Length > 0 && !_isSending)
        {
            int sent = SendNow(Queue.HeadBytes);
            if (IsBroken)
            {
                return true;
            }

            if (sent == 0)
            {
                return false;
            }

            Queue.Consume(sent);
        }

        if (Queue.Length == 0)
        {
            Queue.Clear(); // a block may have been requested and not written to
            return true;
        }

        return false;
    }

    /// <summary>Sends until at most so many bytes are left.</summary>
    public async Coroutine FlushAllAsync(int leftBytesMax = 0)
    {
        while (!TryFlush() && UnsentBytes > leftBytesMax)
        {
            long position = SentBytes;
            Settle(position, await BeginSendAsync());
        }
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            BlockSegment tail = Queue.TailWith(connection.Pool, 1);
            int bytes = Math.Min(tail.FreeBytes, data.Length);
            data[..bytes].CopyTo(tail.FreeSpan());
            Queue.Extend(bytes);
            data = data[bytes..];
        }
    }

    /// <summary>
    /// Sends the first block, or joins the send in flight; then call <see cref="Settle"/> with the
    /// earlier <see cref="SentBytes"/>.
    /// </summary>
    public OperationAwaitable BeginSendAsync()
    {
        ConnectionExtras extras = connection.Extras;
        if (!_isSending)
        {
            BlockSegment head = Queue.Head!;
            extras.SendBytes = head.End - Queue.HeadOffset;
            _isSending = true;
            extras.Send = connection.Socket.SendAllAsync(
                head.Block.AsMemory(Queue.HeadOffset, extras.SendBytes));
        }

        return extras.Send;
    }

    /// <summary>
    /// Ends a send, once for all waiters: the position tells it from the next one.
    /// </summary>
    public void Settle(long position, SocketError error)
    {
        if (!_isSending || position != SentBytes)
        {
            return;
        }

        _isSending = false;
        if (IsBroken)
        {
            Queue.Clear(); // closed or found broken meanwhile: nothing follows this send
        }
        else if (error != SocketError.Success)
        {
            Fail(error);
        }
        else
        {
            int bytes = connection.Extras.SendBytes;
            SentBytes += bytes;
            Queue.Consume(bytes);
        }
    }

    /// <summary>
    /// True if <see cref="IsPaused"/> changed.
    /// </summary>
    public bool UpdatePause(int lowBytes, int highBytes)
    {
        bool before = IsPaused;
        IsPaused = UnsentBytes > highBytes || (before && UnsentBytes > lowBytes);
        return IsPaused != before;
    }

    /// <inheritdoc cref="ServedConnection.TryTakeBack"/>
    public bool TryTakeBack(long position)
    {
        long kept = position - SentBytes;
        if (kept < (_isSending ? connection.Extras.SendBytes : 0) || kept > Queue.Length)
        {
            return false;
        }

        Queue.Truncate(kept);
        return true;
    }

    /// <summary>
    /// Drops what is unsent; a block that the kernel reads from is left to <see cref="Settle"/>.
    /// </summary>
    public void Break(SocketError error)
    {
        SetError(error);
        if (!_isSending)
        {
            Queue.Clear();
        }
    }

    public void OnClosed()
    {
        SetError(SocketError.OperationAborted);
        if (_isSending)
        {
            Queue.Abandon();
        }
        else
        {
            Queue.Clear();
        }
    }

    private void Fail(SocketError error)
    {
        Break(error);
        connection.OnSendFailed(error);
    }

    private void SetError(SocketError error) => Error = IsBroken ? Error : error;
}

[Flags]
internal enum OutputEnds : byte
{
    None = 0,

    /// <summary>The pipe end is: writing throws.</summary>
    Completed = 1,

    /// <summary>This side has ended its stream: writing throws.</summary>
    Shutdown = 2,

    /// <summary>The connection is closing: what is written is dropped.</summary>
    Closing = 4,
}
