namespace Reactor.Net;

/// <summary>
/// The stream helpers of a <see cref="Connection"/> (asyncio: <c>StreamReader</c> and
/// <c>StreamWriter</c>). A parser that works in place uses <c>Input</c> and <c>Output</c>.
/// </summary>
/// <remarks>
/// Loop thread only, one read at a time. A cancelled read loses no byte.
/// </remarks>
public static class ConnectionStreams
{
    extension(Connection connection)
    {
        /// <summary>
        /// Reads what is there, and waits only if there is nothing (asyncio: <c>read(n)</c>).
        /// </summary>

        /// <returns>How many; 0 at the end of the stream.</returns>
        public Coroutine<int> ReadAsync(Memory<byte> buffer) =>
            StreamReads.Of(connection).ReadAsync(buffer);

        /// <summary>Reads so many bytes (asyncio: <c>readexactly</c>).</summary>
        /// <exception cref="IncompleteReadException">The stream ended before.</exception>
        public Coroutine<byte[]> ReadExactlyAsync(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes);
            return StreamReads.Of(connection).ReadExactlyAsync(bytes);
        }

        /// <summary>Fills a buffer (asyncio: <c>readexactly</c>).</summary>
        /// <inheritdoc cref="ReadExactlyAsync(Connection, int)"/>
        public Coroutine ReadExactlyAsync(Memory<byte> buffer) =>
            StreamReads.Of(connection).ReadExactlyAsync(buffer);

        /// <summary>
        /// Reads up to and including the separator that ends first (asyncio: <c>readuntil</c>).
        /// </summary>
        /// <param name="separators">One or more, none of them empty.</param>
        /// <exception cref="LimitOverrunException">
        /// More than <see cref="StreamOptions.LineBytesMax"/> precede it; they stay buffered.
        /// </exception>
        /// <exception cref="IncompleteReadException">The stream ended before.</exception>
        public Coroutine<byte[]> ReadUntilAsync(params ReadOnlyMemory<byte>[] separators)
        {
            ArgumentNullException.ThrowIfNull(separators);
            if (separators.Length == 0 || separators.Any(static one => one.IsEmpty))
            {
                throw new ArgumentException(
                    "Give one separator or more, of one byte or more each.", nameof(separators));
            }

            return StreamReads.Of(connection).ReadUntilAsync(separators);
        }

        /// <summary>
        /// Reads a line with its <c>\n</c>, which the last may lack (asyncio: <c>readline</c>).
        /// Empty at the end of the stream.
        /// </summary>
        /// <exception cref="LimitOverrunException">
        /// The line exceeds <see cref="StreamOptions.LineBytesMax"/> and is dropped; the next call
        /// reads the line after it.
        /// </exception>
        public Coroutine<byte[]> ReadLineAsync() => StreamReads.Of(connection).ReadLineAsync();

        /// <summary>Reads until the peer's end (asyncio: <c>read()</c>).</summary>
        /// <param name="bytesMax">
        /// Give one where the peer is not trusted.
        /// </param>
        /// <exception cref="LimitOverrunException">It is more; the bytes stay buffered.</exception>
        public Coroutine<byte[]> ReadToEndAsync(int? bytesMax = null)
        {
            int limit = bytesMax ?? Array.MaxLength;
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(bytesMax));
            return StreamReads.Of(connection).ReadToEndAsync(limit);
        }

        /// <summary>
        /// Copies bytes, which are sent in the next turn (asyncio: <c>write</c>). Never waits:
        /// await <c>DrainAsync</c> regularly. Does nothing once the peer is gone.
        /// </summary>
        /// <exception cref="InvalidOperationException">This side has ended its stream.</exception>
        public void Write(ReadOnlySpan<byte> data) => StreamWrites.Of(connection).Write(data);

        /// <summary>
        /// Waits while more than <see cref="StreamOptions.WriteBufferHighBytes"/> are unsent, until
        /// <see cref="StreamOptions.WriteBufferLowBytes"/> are left (asyncio: <c>drain</c>). Many
        /// tasks may wait at once.
        /// </summary>
        /// <exception cref="ConnectionResetException">
        /// The peer is gone, or this side has closed the connection.
        /// </exception>
        public Coroutine DrainAsync() => StreamWrites.Of(connection).DrainAsync();

        /// <summary>
        /// <c>Write</c>, then <c>DrainAsync</c>; the data is copied when the coroutine begins.
        /// </summary>
        /// <inheritdoc cref="DrainAsync(Connection)" path="/exception"/>
        /// <exception cref="InvalidOperationException">This side has ended its stream.</exception>
        public Coroutine WriteAsync(ReadOnlyMemory<byte> data) =>
            WriteAndDrain(StreamWrites.Of(connection), data);

        /// <summary>
        /// The connection as a stream for any thread. Awaits complete on the loop thread;
        /// synchronous reads throw.
        /// </summary>
        /// <param name="leaveOpen">True: disposing of the stream does not close.</param>
        public Stream AsStream(bool leaveOpen = false) =>
            new ConnectionStream(connection, leaveOpen);
    }

    private static async Coroutine WriteAndDrain(StreamWrites writes, ReadOnlyMemory<byte> data)
    {
        writes.Write(data.Span);
        await writes.DrainAsync();
    }
}
