namespace Reactor.Net;

/// <summary>
/// The stream helpers of a <see cref="Connection"/>, for protocols that a person writes by hand
/// (asyncio: <c>StreamReader</c> and <c>StreamWriter</c>). A parser that wants every byte in place
/// uses <c>Input</c> and <c>Output</c> instead.
/// </summary>
/// <remarks>
/// Loop thread only, and one read at a time. Results are arrays of the caller's own: nothing refers
/// to the connection's buffers. A read that is cancelled loses no byte: the next one gets it.
/// </remarks>
public static class ConnectionStreams
{
    extension(Connection connection)
    {
        /// <summary>
        /// Reads what is there, and waits only if that is nothing (asyncio: <c>read(n)</c>).
        /// </summary>
        /// <param name="buffer">Gets the bytes; as many as fit.</param>
        /// <returns>How many; 0 at the end of the stream.</returns>
        /// <exception cref="ConnectionResetException">The connection was reset.</exception>
        /// <exception cref="InvalidOperationException">Another task reads.</exception>
        public Coroutine<int> ReadAsync(Memory<byte> buffer) => connection.Reads.Read(buffer);

        /// <summary>Reads so many bytes (asyncio: <c>readexactly</c>).</summary>
        /// <exception cref="IncompleteReadException">The stream ended before.</exception>
        /// <exception cref="ConnectionResetException">The connection was reset.</exception>
        /// <exception cref="InvalidOperationException">Another task reads.</exception>
        public Coroutine<byte[]> ReadExactlyAsync(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes);
            return connection.Reads.ReadExactly(bytes);
        }

        /// <summary>Fills a buffer (asyncio: <c>readexactly</c>).</summary>
        /// <inheritdoc cref="ReadExactlyAsync(Connection, int)"/>
        public Coroutine ReadExactlyAsync(Memory<byte> buffer) =>
            connection.Reads.ReadExactly(buffer);

        /// <summary>
        /// Reads up to and including a separator (asyncio: <c>readuntil</c>). Of several, the one
        /// that ends first counts.
        /// </summary>
        /// <param name="separators">One or more, none of them empty.</param>
        /// <exception cref="LimitOverrunException">
        /// More than <see cref="StreamOptions.LimitBytes"/> stand before it; they stay buffered.
        /// </exception>
        /// <exception cref="IncompleteReadException">The stream ended before.</exception>
        /// <exception cref="ConnectionResetException">The connection was reset.</exception>
        /// <exception cref="InvalidOperationException">Another task reads.</exception>
        public Coroutine<byte[]> ReadUntilAsync(params ReadOnlyMemory<byte>[] separators)
        {
            ArgumentNullException.ThrowIfNull(separators);
            if (separators.Length == 0 || separators.Any(static one => one.IsEmpty))
            {
                throw new ArgumentException(
                    "Give one separator or more, of one byte or more each.", nameof(separators));
            }

            return connection.Reads.ReadUntil(separators);
        }

        /// <summary>
        /// Reads a line with its <c>\n</c> (asyncio: <c>readline</c>). The last line may have none;
        /// an empty result is the end of the stream.
        /// </summary>
        /// <exception cref="LimitOverrunException">
        /// The line is longer than <see cref="StreamOptions.LimitBytes"/>. It is dropped: the next
        /// call passes over the rest of it and reads the line after it.
        /// </exception>
        /// <exception cref="ConnectionResetException">The connection was reset.</exception>
        /// <exception cref="InvalidOperationException">Another task reads.</exception>
        public Coroutine<byte[]> ReadLineAsync() => connection.Reads.ReadLine();

        /// <summary>Reads until the peer's end (asyncio: <c>read()</c>).</summary>
        /// <param name="bytesMax">
        /// The most bytes that it may be; give one where the peer is not trusted.
        /// </param>
        /// <exception cref="LimitOverrunException">It is more; the bytes stay buffered.</exception>
        /// <exception cref="ConnectionResetException">The connection was reset.</exception>
        /// <exception cref="InvalidOperationException">Another task reads.</exception>
        public Coroutine<byte[]> ReadToEndAsync(int? bytesMax = null)
        {
            int limit = bytesMax ?? Array.MaxLength;
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(bytesMax));
            return connection.Reads.ReadToEnd(limit);
        }

        /// <summary>
        /// Writes bytes, which are copied, and has them sent in the next turn, together with what
        /// else is written in this one (asyncio: <c>write</c>). It never waits: await
        /// <c>DrainAsync</c> now and then. After the peer has gone it does nothing.
        /// </summary>
        /// <exception cref="InvalidOperationException">
        /// This side has ended its stream (<see cref="Connection.ShutdownSend"/>).
        /// </exception>
        public void Write(ReadOnlySpan<byte> data) => connection.Writes.Write(data);

        /// <summary>
        /// Sends what was written, as far as the kernel takes it, and waits while more than
        /// <see cref="StreamOptions.WriteHighBytes"/> are unsent, until
        /// <see cref="StreamOptions.WriteLowBytes"/> are left (asyncio: <c>drain</c>). Many tasks
        /// may wait at once. After <see cref="Connection.ShutdownSend"/> too: it waits for what is
        /// still on its way.
        /// </summary>
        /// <exception cref="ConnectionResetException">
        /// The peer is gone, or this side has closed the connection.
        /// </exception>
        public Coroutine DrainAsync() => connection.Writes.Drain();

        /// <summary>
        /// <c>Write</c> and <c>DrainAsync</c>; the data may be used again as soon as the coroutine
        /// has begun to run.
        /// </summary>
        /// <exception cref="ConnectionResetException">
        /// The peer is gone, or this side has closed the connection.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// This side has ended its stream (<see cref="Connection.ShutdownSend"/>).
        /// </exception>
        public Coroutine WriteAsync(ReadOnlyMemory<byte> data) =>
            WriteAndDrain(connection.Writes, data);

        /// <summary>
        /// The connection as a stream, for code that knows nothing of loops. Its asynchronous
        /// members may be called on any thread and finish on the loop's, its synchronous reads are
        /// refused: they would block the loop.
        /// </summary>
        /// <param name="leaveOpen">True: disposing of the stream does not close.</param>
        public Stream AsStream(bool leaveOpen = false) =>
            new ConnectionStream(connection, leaveOpen);
    }

    private static async Coroutine WriteAndDrain(StreamWrites writes, ReadOnlyMemory<byte> data)
    {
        writes.Write(data.Span);
        await writes.Drain();
    }
}
