using System.Buffers;

namespace Reactor.Http;

/// <summary>
/// Copies the content of parts into files: one buffer fills while the other is written.
/// </summary>
/// <remarks>
/// Loop thread only. The content is copied, because its memory is lent by the body of the request,
/// and a thread may still be writing when the request has ended.
/// </remarks>
internal sealed class SpoolCopy(EventLoop loop, IExecutor? executor)
{
    /// <summary>
    /// Each write is a job of the executor and allocates about a kilobyte: with buffers of 64 KiB
    /// that would be 16 MiB for a file of a gigabyte.
    /// </summary>
    private const int BufferBytes = 256 * 1024;

    private byte[]? _filling;
    private byte[]? _other;
    private int _filled;
    private Future<Unit>? _writing;

    /// <summary>Gives back the buffers; nothing is copied afterwards.</summary>
    public void End()
    {
        Return(ref _filling);
        Return(ref _other);
    }

    /// <summary>Writes the rest of a part into a file; deletes the file if that fails.</summary>
    public async Coroutine<SpoolFile> RunAsync(
        MultipartPart part, string directory, RequestFiles files)
    {
        var file = new SpoolFile(loop, executor, directory);
        files.Add(file);
        _filled = 0;
        bool isWhole = false;
        try
        {
            while (await part.NextChunkAsync() is { IsEmpty: false } chunk)
            {
                while (!chunk.IsEmpty)
                {
                    chunk = Fill(chunk);
                    if (_filled == BufferBytes)
                    {
                        await WriteAsync(file);
                    }
                }
            }

            await WriteAsync(file); // also an empty file is made
            await EndWriteAsync();
            isWhole = true;
            return file;
        }
        finally
        {
            if (!isWhole)
            {
                // A thread may still be writing from the other buffer: that one is left to it.
                _writing?.Cancel();
                (_writing, _other) = (null, null);
                files.Delete(file);
            }
        }
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> chunk)
    {
        _filling ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
        int length = Math.Min(chunk.Length, BufferBytes - _filled);
        chunk.Span[..length].CopyTo(_filling.AsSpan(_filled));
        _filled += length;
        return chunk[length..];
    }

    // Begins a write, once the one before has ended.
    private async Coroutine WriteAsync(SpoolFile file)
    {
        await EndWriteAsync();
        _writing = file.WriteAsync(_filling.AsMemory(0, _filled));
        (_filling, _other) = (_other, _filling);
        _filled = 0;
    }

    private async Coroutine EndWriteAsync()
    {
        if (_writing is { } writing)
        {
            await writing;
            _writing = null;
        }
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }
}
