namespace Reactor.Net;

/// <summary>
/// The stream helpers of a <see cref="Connection"/>, for protocols written by hand (asyncio:
/// <c>StreamReader</c> and <c>StreamWriter</c>). A parser that works in place uses <c>Input</c> and
/// <c>Output</c> instead.
/// </summary>
/// <remarks>
/// Loop thread only, and one read at a time. Results belong to the caller. A cancelled read loses
/// no byte: the next one gets it.
/// </remarks>
public static class ConnectionStreams
{
    extension(Connection connection)
    {
        /// <summary>
        /// Reads what is there, and waits only if there is nothing (asyncio: <c>read(n)</c>).
        /// </summary>
        /// <param name="buffer">Gets the bytes; as many as fit.</param>
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
        /// Reads up to and including a separator, of several the one that ends first (asyncio:
        /// <c>readuntil</c>).
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
        /// Reads a line with its <c>\n</c> (asyncio: <c>readline</c>). The last line may have none;
        /// an empty result is the end of the stream.
        /// </summary>
        /// <exception cref="LimitOverrunException">
        ///  The line is longer than <see cref="StreamOptions.LineBytesMax"/>. It is dropped: the
        /// next call passes over the rest of it and reads the line after it.
        /// </exception>
        public Coroutine<byte[]> ReadLineAsync() => StreamReads.Of(connection).ReadLineAsync();

        /// <summary>Reads until the peer's end (asyncio: <c>read()</c>).</summary>
        /// <param name="bytesMax">
        /// The most bytes that it may be; give one where the peer is not trusted.
        /// </param>
        /// <exception cref="LimitOverrunException">It is more; the bytes stay buffered.</exception>
        public Coroutine<byte[]> ReadToEndAsync(int? bytesMax = null)
        {
            int limit = bytesMax ?? Array.MaxLength;
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(bytesMax));
            return StreamReads.Of(connection).ReadToEndAsync(limit);
        }

        /// <summary>
        /// Copies bytes, which are sent in the next turn with what else is written in this one
        /// (asyncio: <c>write</c>). Never waits: await <c>DrainAsync</c> regularly. Does nothing
        /// once the peer is gone.
        /// </summary>
        /// <exception cref="InvalidOperationException">This side has ended its stream.</exception>
        public void Write(ReadOnlySpan<byte> data) => StreamWrites.Of(connection).Write(data);

        /// <summary>
        /// Sends what the kernel takes, and while more than <see
        /// cref="StreamOptions.WriteBufferHighBytes"/> are unsent, waits until <see
        /// cref="StreamOptions.WriteBufferLowBytes"/> are left (asyncio: <c>drain</c>). Many tasks
        /// may wait at once, also after <see cref="Connection.ShutdownSend"/>.
        /// </summary>
        /// <exception cref="ConnectionResetException">
        /// The peer is gone, or this side has closed the connection.
        /// </exception>
        public Coroutine DrainAsync() => StreamWrites.Of(connection).DrainAsync();

        /// <summary>
        /// <c>Write</c> and <c>DrainAsync</c>; the data can be reused once the coroutine has begun.
        /// </summary>
        /// <inheritdoc cref="DrainAsync(Connection)" path="/exception"/>
        /// <exception cref="InvalidOperationException">This side has ended its stream.</exception>
        public Coroutine WriteAsync(ReadOnlyMemory<byte> data) =>
            WriteAndDrain(StreamWrites.Of(connection), data);

        /// <summary>
        /// The connection as a stream. Asynchronous members may be called on any thread and
        /// complete on the loop's; synchronous reads throw, as they would block the loop.
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
