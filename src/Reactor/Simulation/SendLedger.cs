namespace Reactor.Simulation;

/// <summary>
/// Byte counts of one direction of an in-memory connection, as in the sender's kernel: the send
/// buffer, the peer's window, the acknowledged bytes.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class SendLedger(InMemoryOptions options)
{
    private int _outstandingBytes;
    private int _unannouncedBytes;

    /// <summary>Taken bytes without room in the window.</summary>
    public ByteQueue Buffer { get; } = new();

    public long SentBytes { get; private set; }

    public long AcknowledgedBytes { get; private set; }

    public long UnacknowledgedBytes => Buffer.Length + SentBytes - AcknowledgedBytes;

    public int BufferRoom => options.SendBufferBytes - Buffer.Length;

    /// <summary>Bytes that may be sent now.</summary>
    /// <param name="sentBytesMax">The limit of all bytes, or null.</param>
    public int WindowRoom(long? sentBytesMax)
    {
        int room = Math.Max(0, options.WindowBytes - _outstandingBytes);
        return sentBytesMax is { } most ? (int)Math.Clamp(most - SentBytes, 0, room) : room;
    }

    public void Send(int bytes)
    {
        SentBytes += bytes;
        _outstandingBytes += bytes;
    }

    public void Acknowledge(int bytes) => AcknowledgedBytes += bytes;

    /// <summary>Counts bytes that the peer read. Returns true if the window opens again.</summary>
    public bool OpensWindow(int bytes)
    {
        _unannouncedBytes += bytes;
        if (_unannouncedBytes < options.WindowStepBytes)
        {
            return false;
        }

        _outstandingBytes -= _unannouncedBytes;
        _unannouncedBytes = 0;
        return true;
    }
}
