using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// Sends memory of a caller that may be cancelled. What the kernel does not take at once is copied
/// to a block first: a send in flight cannot be taken back.
/// </summary>
/// <remarks>
/// Loop thread only. A send left in flight by a cancelled caller is joined by the next one.
/// </remarks>
internal sealed class BlockSender(Connection connection)
{
    private readonly OutgoingChain _outgoing = connection.Writer;
    private int _running;
    private bool _isShutdown;

    public async Coroutine SendAllAsync(ReadOnlyMemory<byte> data)
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
            EndIfIdle();
        }
    }

    /// <summary>Ends our stream after the sends that have begun; later sends throw.</summary>
    public void Shutdown()
    {
        _isShutdown = true;
        EndIfIdle();
    }

    private async Coroutine Send(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty || _outgoing.UnsentBytes > 0)
        {
            ThrowIfOver();
            if (_outgoing.UnsentBytes > 0)
            {
                long position = _outgoing.SentBytes;
                _outgoing.Settle(position, await _outgoing.BeginSendAsync());
            }
            else
            {
                data = data[SendOrQueue(data.Span)..];
            }
        }

        ThrowIfOver();
    }

    private int SendOrQueue(ReadOnlySpan<byte> data)
    {
        int bytes = _outgoing.SendNow(data);
        if (bytes == 0 && !_outgoing.IsBroken)
        {
            bytes = Math.Min(data.Length, BlockPool.BlockBytes);
            _outgoing.Append(data[..bytes]);
        }

        return bytes;
    }

    private void EndIfIdle()
    {
        if (_isShutdown && _running == 0)
        {
            connection.ShutdownSend();
        }
    }

    private void ThrowIfOver()
    {
        if (connection.IsClosed || _outgoing.IsBroken)
        {
            throw new SocketException((int)(
                connection.IsClosed ? SocketError.OperationAborted : _outgoing.Error));
        }
    }
}
