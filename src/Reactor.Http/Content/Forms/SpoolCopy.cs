using System.Buffers;
using System.Numerics;

namespace Reactor.Http;

/// <summary>
/// Copies the content of parts into files: one buffer fills while another is written.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. The content is copied, because its memory is lent by the body of the request,
/// and a thread may still be writing when the request has ended.
/// </para>
/// <para>
/// The buffers are no part of the memory limit of all bodies. Therefore each grows with its content
/// and is given back when it is written: a client holds less than twice the bytes that it has
/// sent since the last write, or 16 KiB.
/// </para>
/// </remarks>
internal sealed class SpoolCopy(EventLoop loop, IExecutor? executor)
{
    /// <summary>
    /// Each write is a job of the executor and allocates about a kilobyte: with buffers of 64 KiB
    /// that would be 16 MiB for a file of a gigabyte.
    /// </summary>
    private const int BufferBytesMax = 256 * 1024;

    /// <summary>Room for most small files; growing to the most takes four copies.</summary>
    private const int BufferBytesMin = 16 * 1024;

    private byte[]? _filling;
    private byte[]? _written;
    private int _filled;
    private Future<Unit>? _writing;

    /// <summary>Bytes of the buffers.</summary>
    public int HeldBytes => (_filling?.Length ?? 0) + (_written?.Length ?? 0);

    private Action<Future> WrittenCallback => field ??= OnWritten;

    /// <summary>Gives back the buffers; nothing is copied afterwards.</summary>
    public void End()
    {
        Return(ref _filling);
        Return(ref _written);
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
                    if (_filled == BufferBytesMax)
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
                // A thread may still be writing from its buffer: that one is left to it.
                _writing?.Cancel();
                (_writing, _written) = (null, null);
                files.Delete(file);
            }
        }
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> chunk)
    {
        int length = Math.Min(chunk.Length, BufferBytesMax - _filled);
        MakeRoom(_filled + length);
        chunk.Span[..length].CopyTo(_filling.AsSpan(_filled));
        _filled += length;
        return chunk[length..];
    }

    private void MakeRoom(int bytes)
    {
        if (bytes > (_filling?.Length ?? 0))
        {
            uint size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, BufferBytesMin));
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)size);
            _filling.AsSpan(0, _filled).CopyTo(larger);
            Return(ref _filling);
            _filling = larger;
        }
    }

    // Begins a write, once the one before has ended.
    private async Coroutine WriteAsync(SpoolFile file)
    {
        await EndWriteAsync();
        _writing = file.WriteAsync(_filling.AsMemory(0, _filled));
        (_filling, _written) = (null, _filling);
        _filled = 0;
        _writing.AddDoneCallback(WrittenCallback); // the next chunk may be long in coming
    }

    private async Coroutine EndWriteAsync()
    {
        if (_writing is { } writing)
        {
            await writing;
            _writing = null;
            Return(ref _written);
        }
    }

    // After a cancellation a thread may still be writing.
    private void OnWritten(Future job)
    {
        if (ReferenceEquals(job, _writing) && !job.IsCancelled)
        {
            Return(ref _written);
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
