using System.Buffers;

namespace Reactor.Http;

/// <summary>
/// A content that a stream has, from the position that it has now. If it can seek, it can be
/// resent.
/// </summary>
/// <remarks>
/// A cancelled sending may leave a read that no loop can end. Its buffer is left to it, and the
/// next sending waits for it, so that one thread at a time uses the stream.
/// </remarks>
internal sealed class StreamedContent : TypedContent
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly IExecutor? _executor;
    private readonly long _start;
    private Task<int>? _reading;

    public StreamedContent(Stream stream, long? length, string contentType, IExecutor? executor)
        : base(contentType, length ?? LengthOf(stream))
    {
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        }

        _stream = stream;
        _executor = executor;
        CanResend = stream.CanSeek;
        _start = CanResend ? stream.Position : 0;
    }

    public override bool CanResend { get; }

    protected internal override async Coroutine WriteAsync(ClientBodyWriter body)
    {
        if (_reading is { IsCompleted: false } abandoned)
        {
            await Task.WhenAny(abandoned).OnLoop(); // whatever its outcome
        }

        if (CanResend)
        {
            _stream.Position = _start;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long left = Length ?? long.MaxValue;
            while (left > 0)
            {
                int wanted = (int)Math.Min(left, buffer.Length);
                _reading = Read(buffer.AsMemory(0, wanted));
                int read = await _reading.OnLoop();
                if (read == 0)
                {
                    break; // the sending finds out that the length was wrong
                }

                await body.WriteAsync(buffer.AsMemory(0, read));
                left -= read;
            }
        }
        finally
        {
            if (_reading is null or { IsCompleted: true })
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    // The runtime reads a file on its pool; the executor of the loop also holds a virtual clock.
    private Task<int> Read(Memory<byte> buffer) => _executor is null && _stream is not FileStream
        ? _stream.ReadAsync(buffer).AsTask()
        : EventLoop.Current.RunInExecutor(() => _stream.Read(buffer.Span), _executor).AsTask();

    private static long? LengthOf(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;
    }
}
