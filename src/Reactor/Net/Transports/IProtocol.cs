namespace Reactor.Net;

/// <summary>
/// The other way to write a connection: not a coroutine that awaits, but an object whose methods
/// the loop calls when something happens (asyncio: <c>Protocol</c>). Made by the factory given to
/// <c>loop.CreateServer</c> or <c>loop.CreateConnection</c>, one for each connection.
/// </summary>
/// <remarks>
/// <para>
/// The order is always: <see cref="ConnectionMade"/> once, any number of
/// <see cref="DataReceived"/>, at most one <see cref="EofReceived"/>, <see cref="ConnectionLost"/>
/// once. <see cref="PauseWriting"/> and <see cref="ResumeWriting"/> take turns in between.
/// </para>
/// <para>
/// Loop thread only, from the ready queue. All of them share one context, a copy of the one in
/// which the connection was made; except that <see cref="PauseWriting"/> runs inside the call that
/// filled the buffer, in the context of that. A method that throws ends its connection with that
/// error, after a report to the loop's exception handler; other connections and the loop go on.
/// </para>
/// </remarks>
public interface IProtocol
{
    /// <summary>
    /// The connection is there; nothing is read before this has returned (asyncio:
    /// <c>connection_made</c>).
    /// </summary>
    /// <param name="transport">The connection. Keep it, in order to write.</param>
    void ConnectionMade(ITransport transport)
    {
    }

    /// <summary>
    /// Bytes arrived, in pieces that mean nothing (asyncio: <c>data_received</c>).
    /// </summary>
    /// <param name="data">Valid during the call only: what is to last must be copied.</param>
    void DataReceived(ReadOnlySpan<byte> data)
    {
    }

    /// <summary>The peer ended its stream (asyncio: <c>eof_received</c>).</summary>
    /// <returns>
    /// False, as when it is not implemented: close, after what is buffered was sent. True: go on
    /// writing, and close by hand.
    /// </returns>
    bool EofReceived() => false;

    /// <summary>
    /// The connection is gone, and nothing more will be called (asyncio:
    /// <c>connection_lost</c>).
    /// </summary>
    /// <param name="error">
    /// What broke it: a <see cref="System.Net.Sockets.SocketException"/> if the network did, or
    /// what a method of the protocol threw; null if either side closed or this side aborted.
    /// </param>
    void ConnectionLost(Exception? error)
    {
    }

    /// <summary>
    /// The write buffer went over its high mark: stop writing (asyncio: <c>pause_writing</c>).
    /// </summary>
    void PauseWriting()
    {
    }

    /// <summary>
    /// The write buffer fell to its low mark: go on writing (asyncio: <c>resume_writing</c>).
    /// </summary>
    void ResumeWriting()
    {
    }
}

/// <summary>
/// A protocol that brings the memory which is received into, and so spares a copy (asyncio:
/// <c>BufferedProtocol</c>). <see cref="IProtocol.DataReceived"/> is not called on it.
/// </summary>
/// <remarks>Loop thread only, as <see cref="IProtocol"/>.</remarks>
public interface IBufferedProtocol : IProtocol
{
    /// <summary>
    /// Where the next bytes go (asyncio: <c>get_buffer</c>). It may be asked for again before
    /// anything was received into it.
    /// </summary>
    /// <param name="sizeHint">How large it had best be; any other size is legal but zero.</param>
    Memory<byte> GetBuffer(int sizeHint);

    /// <summary>
    /// So many bytes, at least one, were received into the buffer that was given last (asyncio:
    /// <c>buffer_updated</c>).
    /// </summary>
    void BufferUpdated(int bytes);

    /// <summary>
    /// Puts bytes that come from elsewhere, such as another protocol, into the buffers of this one.
    /// </summary>
    /// <exception cref="InvalidOperationException">It gave an empty buffer.</exception>
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
