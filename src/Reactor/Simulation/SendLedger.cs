namespace Reactor.Simulation;

/// <summary>
/// The accounts of one direction of an in-memory connection, as the sender's kernel keeps them:
/// what waits in the send buffer, what is in the peer's window, what is acknowledged.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class SendLedger(int windowBytes, int stepBytes, int bufferBytes)
{
    private long _sentBytes;
    private long _acknowledgedBytes;
    private int _outstandingBytes;
    private int _unannouncedBytes;

    /// <summary>What a send has taken and the window had no room for.</summary>
    public ByteQueue Buffer { get; } = new();

    /// <summary>Bytes that were put on the way; they are in no buffer of ours.</summary>
    public long SentBytes => _sentBytes;

    /// <summary>Bytes that have arrived at the other end.</summary>
    public long AcknowledgedBytes => _acknowledgedBytes;

    /// <summary>Bytes that a send has taken and that have not arrived.</summary>
    public long UnacknowledgedBytes => Buffer.Length + _sentBytes - _acknowledgedBytes;

    /// <summary>Bytes that the buffer could take.</summary>
    public int BufferRoom => bufferBytes - Buffer.Length;

    /// <summary>Bytes that could be put on the way now.</summary>
    /// <param name="sentBytesMax">How many there may be in all; null: no such bound.</param>
    public int WindowRoom(long? sentBytesMax)
    {
        int room = Math.Max(0, windowBytes - _outstandingBytes);
        return sentBytesMax is { } most ? (int)Math.Clamp(most - _sentBytes, 0, room) : room;
    }

    /// <summary>Bytes are put on the way.</summary>
    public void Send(int bytes)
    {
        _sentBytes += bytes;
        _outstandingBytes += bytes;
    }

    /// <summary>Bytes have arrived.</summary>
    public void Acknowledge(int bytes) => _acknowledgedBytes += bytes;

    /// <summary>The other end has read bytes; true if it opens its window again.</summary>
    public bool OpensWindow(int bytes)
    {
        _unannouncedBytes += bytes;
        if (_unannouncedBytes < stepBytes)
        {
            return false;
        }

        _outstandingBytes -= _unannouncedBytes;
        _unannouncedBytes = 0;
        return true;
    }
}
