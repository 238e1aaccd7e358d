using System.Diagnostics;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Sends memory of a caller who may be cancelled. The kernel gets at once what it takes; what it
/// does not take goes on its way in a block of our own, because a send that has begun cannot be
/// taken back and the caller's memory is the caller's again after a cancellation.
/// </summary>
/// <remarks>
/// Loop thread only. A send that its caller left in flight is joined by the next one, which gets
/// its error, if it had one.
/// </remarks>
internal sealed class BlockSender(DriverSocket socket, BlockPool pool)
{
    private byte[]? _block;
    private OperationAwaitable _send;
    private long _sendNumber;
    private int _running;
    private bool _isClosed;
    private bool _isShutdown;

    public async Coroutine SendAll(ReadOnlyMemory<byte> data)
    {
        if (_isShutdown)
        {
            throw ConnectionWriter.AfterShutdown();
        }

        _running++;
        try
        {
            await Send(data);
        }
        finally
        {
            _running--;
            if (_isShutdown)
            {
                EndIfIdle();
            }
        }
    }

    /// <summary>
    /// Ends our stream when the sends that have begun are over; from now on a send throws.
    /// </summary>
    public void Shutdown()
    {
        if (!_isShutdown && !_isClosed)
        {
            _isShutdown = true;
            EndIfIdle();
        }
    }

    /// <summary>The socket was closed; the kernel may still read from the block.</summary>
    public void OnClosed()
    {
        _isClosed = true;
        if (_block is not null)
        {
            _block = null;
            pool.Forget();
        }
    }

    private async Coroutine Send(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty || _block is not null)
        {
            ThrowIfClosed();
            if (_block is not null)
            {
                await Settle();
                continue;
            }

            IoResult sent = socket.Send(data.Span);
            if (sent.IsSuccess)
            {
                data = data[sent.Bytes..];
            }
            else if (sent.IsNotNow)
            {
                data = data[Begin(data.Span)..];
            }
            else
            {
                throw new SocketException((int)sent.Error);
            }
        }
    }

    private void EndIfIdle()
    {
        if (_running > 0 || _isClosed)
        {
            return;
        }

        if (_block is null)
        {
            socket.ShutdownSend();
        }
        else
        {
            pool.Loop.CreateTask(SettleAndEnd(), "send and shut down");
        }
    }

    private async Coroutine SettleAndEnd()
    {
        try
        {
            await Settle();
        }
        catch (SocketException)
        {
            // The connection has failed or was closed: the next receive tells.
        }

        EndIfIdle();
    }

    private int Begin(ReadOnlySpan<byte> data)
    {
        Debug.Assert(_block is null, "one send is in flight on a socket");
        int bytes = Math.Min(data.Length, BlockPool.BlockBytes);
        _block = pool.Rent();
        data[..bytes].CopyTo(_block);
        _send = socket.SendAll(_block.AsMemory(0, bytes));
        return bytes;
    }

    // Whoever resumes first settles the send for all who joined it. Told by its number: the next
    // send may already be under way in the same block.
    private async Coroutine Settle()
    {
        long number = _sendNumber;
        SocketError error = await _send;
        ThrowIfClosed();
        if (number == _sendNumber)
        {
            _sendNumber++;
            pool.Return(_block!);
            _block = null;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new SocketException((int)SocketError.OperationAborted);
        }
    }
}
