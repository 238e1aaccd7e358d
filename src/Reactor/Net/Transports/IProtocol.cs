namespace Reactor.Net;

/// <summary>
/// The callbacks of a connection (asyncio: <c>Protocol</c>). The factory given to
/// <c>loop.CreateServer</c> or <c>loop.CreateConnection</c> makes one for each connection.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="ConnectionMade"/> is first, <see cref="ConnectionLost"/> last;
/// <see cref="EofReceived"/> comes once after all data, if at all. <see cref="PauseWriting"/> and
/// <see cref="ResumeWriting"/> alternate.
/// </para>
/// <para>
/// Loop thread only, from the ready queue, in a copy of the context in which the connection was
/// made; <see cref="PauseWriting"/> runs inside the call that filled the buffer. An exception is
/// reported and ends the connection.
/// </para>
/// </remarks>
public interface IProtocol
{
    /// <summary>
    /// The connection is made; nothing is read before this returns (asyncio:
    /// <c>connection_made</c>). Keep the transport to write.
    /// </summary>
    void ConnectionMade(ITransport transport)
    {
    }

    /// <summary>
    /// Bytes arrived, valid during the call (asyncio: <c>data_received</c>).
    /// </summary>
    void DataReceived(ReadOnlySpan<byte> data)
    {
    }

    /// <summary>The peer ended its stream (asyncio: <c>eof_received</c>).</summary>
    /// <returns>
    /// False, the default: close after everything is sent. True: the protocol closes the transport.
    /// </returns>
    bool EofReceived() => false;

    /// <summary>
    /// The connection is closed; the last call (asyncio: <c>connection_lost</c>).
    /// </summary>
    /// <param name="error">
    /// A <see cref="System.Net.Sockets.SocketException"/>, or an exception of the protocol; null
    /// after a close or <see cref="ITransport.Abort"/>.
    /// </param>
    void ConnectionLost(Exception? error)
    {
    }

    /// <summary>
    /// The write buffer is above its high-water mark: stop writing (asyncio:
    /// <c>pause_writing</c>).
    /// </summary>
    void PauseWriting()
    {
    }

    /// <summary>
    /// The write buffer is down to its low-water mark: write again (asyncio:
    /// <c>resume_writing</c>).
    /// </summary>
    void ResumeWriting()
    {
    }
}

/// <summary>
/// A protocol that provides the memory to receive into (asyncio: <c>BufferedProtocol</c>). The loop
/// does not call <see cref="IProtocol.DataReceived"/> on it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public interface IBufferedProtocol : IProtocol
{
    /// <summary>
    /// The memory for the next bytes (asyncio: <c>get_buffer</c>). May be called repeatedly.
    /// </summary>
    /// <param name="sizeHint">The best size; any other is allowed but zero.</param>
    Memory<byte> GetBuffer(int sizeHint);

    /// <summary>
    /// One byte or more was received into the last buffer (asyncio: <c>buffer_updated</c>).
    /// </summary>
    void BufferUpdated(int bytes);

    /// <summary>
    /// Copies bytes of another source into this protocol's buffers.
    /// </summary>
    /// <exception cref="InvalidOperationException">GetBuffer returned an empty one.</exception>
    void IProtocol.DataReceived(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            Memory<byte> buffer = GetBuffer(data.Length);
            if (buffer.IsEmpty)
            {
                throw new InvalidOperationException("GetBuffer() returned an empty buffer.");
            }

            int bytes = Math.Min(buffer.Length, data.Length);
            data[..bytes].CopyTo(buffer.Span);
            BufferUpdated(bytes);
            data = data[bytes..];
        }
    }
}
