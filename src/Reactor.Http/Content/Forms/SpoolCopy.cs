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
    /// <summary>As much as a connection reads in a turn.</summary>
    private const int BufferBytes = 64 * 1024;

    private byte[]? _filling;
    private byte[]? _other;
    private int _filled;
    private Future<Unit>? _writing;

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
                _writing?.Cancel();
                (_writing, _filling, _other) = (null, null, null);
                files.Delete(file);
            }
        }
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> chunk)
    {
        _filling ??= GC.AllocateUninitializedArray<byte>(BufferBytes);
        int length = Math.Min(chunk.Length, BufferBytes - _filled);
        chunk.Span[..length].CopyTo(_filling.AsSpan(_filled));
        _filled += length;
        return chunk[length..];
    }

    // Begins a write, once the one before has ended.
    private async Coroutine WriteAsync(SpoolFile file)
    {
        await EndWriteAsync();
        _writing = file.Write(_filling.AsMemory(0, _filled));
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
}
