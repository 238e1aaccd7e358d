using System.Collections.Concurrent;
using System.Diagnostics;

namespace Reactor.Recording;

/// <summary>
/// Writes the blocks of a recording to its stream on a thread of its own, so that a slow disk never
/// blocks the loop. It ends, with a reason, at the bound of the file, when the disk is too slow for
/// the bounded queue, and when a write fails.
/// </summary>
/// <remarks>
/// The loop thread calls everything. The entries of the open block, which the loop fills, are
/// written every <see cref="OpenTime"/>: a process that hangs and is killed loses no more.
/// </remarks>
internal sealed class BlockWriter
{
    /// <summary>64 KiB: a write costs little beside the thousand requests in it.</summary>
    public const int BlockBytes = 64 * 1024;

    public static readonly TimeSpan OpenTime = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<LogBlock> _queue = new();
    private readonly ConcurrentQueue<LogBlock> _free = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Stream _stream;
    private readonly long _bytesMax;
    private readonly long _queueBytesMax;
    private readonly Action<string> _onEnded;
    private readonly Thread _thread;
    private LogBlock? _open;
    private long _openWrittenAt = Stopwatch.GetTimestamp();
    private long _queuedBytes;
    private long _fileBytes = RecordingHeader.PrefixBytes;
    private Action? _collect;
    private TimeSpan _wait = OpenTime;
    private volatile bool _isCompleted;
    private volatile string? _failure;
    private string? _endReason;

    /// <summary>Starts the thread of a stream, which the writer owns.</summary>
    /// <param name="stream">Where the blocks go: empty.</param>
    /// <param name="bytesMax">The bound of the file, with everything in it.</param>
    /// <param name="queueBytesMax">Bytes that may wait for the disk.</param>
    /// <param name="onEnded">Gets the reason if recording ends early. Any thread, once.</param>
    public BlockWriter(Stream stream, long bytesMax, long queueBytesMax, Action<string> onEnded)
    {
        _stream = stream;
        _bytesMax = bytesMax;
        _queueBytesMax = queueBytesMax;
        _onEnded = onEnded;
        _thread = new Thread(Run) { IsBackground = true, Name = "reactor recording" };
        _thread.UnsafeStart();
    }

    /// <summary>Bytes of the file, with the block that is being filled as full.</summary>
    public long FileBytes => Interlocked.Read(ref _fileBytes);

    /// <summary>Why recording has ended early, or null. Any thread.</summary>
    public string? EndReason => _failure ?? Volatile.Read(ref _endReason);

    /// <summary>A block with room for an entry, or null: recording ends.</summary>
    public LogBlock? Take(int entryBytes)
    {
        int payload = Math.Max(BlockBytes, entryBytes);
        if (!TryReserve(ref payload, entryBytes))
        {
            EndEarly($"The recording has reached its bound of {_bytesMax} bytes.");
        }
        else if (Interlocked.Read(ref _queuedBytes) > _queueBytesMax)
        {
            EndEarly(
                $"The recording has ended: the disk is slower than the loop, and {_queueBytesMax} "
                + "bytes wait for it.");
        }
        else if (_failure is null)
        {
            LogBlock block = _free.TryDequeue(out LogBlock? free) ? free : new LogBlock(BlockBytes);
            block.Reset(payload);
            return block;
        }

        return null;
    }

    /// <summary>Writes the header, unless the bound has no room for it and the end.</summary>
    public bool TryBegin(LogBlock header)
    {
        int payload = header.End - LogBlock.HeadBytes;
        header.PayloadMax = payload;
        if (!TryReserve(ref payload, payload))
        {
            EndEarly($"The bound of {_bytesMax} bytes has no room for the header.");
            return false;
        }

        Enqueue(header);
        return true;
    }

    /// <summary>Hands over a block, even beyond the queue's bound.</summary>
    public void Enqueue(LogBlock block)
    {
        Count(block);
        Interlocked.Add(ref _queuedBytes, block.FileBytes);
        _queue.Enqueue(block);
        _signal.Release();
    }

    /// <summary>The block that the loop fills from now on; blocks before it are queued.</summary>
    public void Open(LogBlock? block) => Volatile.Write(ref _open, block);

    /// <summary>Gives a block from <see cref="Take"/> back without entries.</summary>
    public void Return(LogBlock block)
    {
        Interlocked.Add(ref _fileBytes, -(LogBlock.FrameBytes + block.PayloadMax));
        Recycle(block);
    }

    /// <summary>Ends the file and waits a bounded time for the disk.</summary>
    public bool Complete(TimeSpan timeout)
    {
        _isCompleted = true;
        _signal.Release();
        return _thread.Join(timeout);
    }

    /// <summary>Calls a collector on the writer's thread again and again, and at the end.</summary>
    /// <param name="collect">May call <see cref="TryWrite"/>.</param>
    /// <param name="every">The time between two calls.</param>
    public void CollectEvery(Action collect, TimeSpan every)
    {
        _wait = every;
        Volatile.Write(ref _collect, collect);
        _signal.Release();
    }

    /// <summary>Writes a block at once; false at the bound. The writer's thread only.</summary>
    public bool TryWrite(LogBlock block)
    {
        int payload = block.End - LogBlock.HeadBytes;
        if (!TryReserve(ref payload, payload))
        {
            EndEarly($"The recording has reached its bound of {_bytesMax} bytes.");
            return false;
        }

        Write(block);
        return true;
    }

    /// <summary>Takes room for a block from the bound: all of it, or what is left.</summary>
    private bool TryReserve(ref int payload, int payloadMin)
    {
        while (true)
        {
            long used = Interlocked.Read(ref _fileBytes);
            long room = _bytesMax - used - LogBlock.FrameBytes - EndBlock.FileBytes;
            if (payloadMin > room)
            {
                return false;
            }

            int given = (int)Math.Min(payload, room);
            long now = used + LogBlock.FrameBytes + given;
            if (Interlocked.CompareExchange(ref _fileBytes, now, used) == used)
            {
                payload = given;
                return true;
            }
        }
    }

    private void Count(LogBlock block)
    {
        int payload = block.End - LogBlock.HeadBytes;
        Interlocked.Add(ref _fileBytes, payload - block.PayloadMax);
    }

    private void EndEarly(string reason)
    {
        if (Interlocked.CompareExchange(ref _endReason, reason, null) is null)
        {
            _onEnded(reason);
        }
    }

    private void Run()
    {
        try
        {
            using (_stream)
            {
                _stream.Write(RecordingHeader.Prefix());
                while (!_isCompleted || !_queue.IsEmpty)
                {
                    _signal.Wait(_wait);
                    WriteOpen();
                    WriteQueue(null);
                    Volatile.Read(ref _collect)?.Invoke();
                }

                Volatile.Read(ref _collect)?.Invoke();
                Write(EndBlock.Make(isEarly: EndReason is not null));
            }
        }
        // The last is how .NET reports a file beyond the limit of sizes (EFBIG).
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or NotSupportedException or ObjectDisposedException or ArgumentOutOfRangeException)
        {
            _failure = $"The recording has ended: it cannot be written: {error.Message}";
            _onEnded(_failure);
        }
    }

    private void WriteOpen()
    {
        if (Stopwatch.GetElapsedTime(_openWrittenAt) < OpenTime
            || Volatile.Read(ref _open) is not { } open)
        {
            return;
        }

        int end = open.Committed;
        // All blocks before it were queued before it was opened. It may be full and queued by now.
        if (!WriteQueue(open) && end > open.Written && TryReserveFrame())
        {
            _stream.Write(open.Rest(end).Seal());
            open.Written = end;
            _stream.Flush();
        }

        _openWrittenAt = Stopwatch.GetTimestamp();
    }

    private bool TryReserveFrame()
    {
        int payload = 0;
        return TryReserve(ref payload, payloadMin: 0);
    }

    /// <summary>Writes what is queued; true if a block was among it.</summary>
    private bool WriteQueue(LogBlock? sought)
    {
        bool isFound = false;
        while (_queue.TryDequeue(out LogBlock? block))
        {
            isFound |= block == sought;
            Interlocked.Add(ref _queuedBytes, -block.FileBytes);
            Write(block);
            Recycle(block);
        }

        return isFound;
    }

    private void Recycle(LogBlock block)
    {
        if (block.Bytes.Length == LogBlock.HeadBytes + BlockBytes + LogBlock.SlackBytes)
        {
            _free.Enqueue(block);
        }
    }

    private void Write(LogBlock block)
    {
        if (block.Written == LogBlock.HeadBytes)
        {
            _stream.Write(block.Seal());
        }
        else if (block.End > block.Written)
        {
            _stream.Write(block.Rest(block.End).Seal());
        }
    }
}

/// <summary>The last block of a complete recording: why it has ended.</summary>
internal static class EndBlock
{
    /// <summary>One byte: 0 the loop was closed, 1 the recording ended early.</summary>
    public const int FileBytes = LogBlock.FrameBytes + 1;

    public static LogBlock Make(bool isEarly)
    {
        var block = new LogBlock(1) { Type = BlockType.End };
        block.Bytes[block.End++] = isEarly ? (byte)1 : (byte)0;
        return block;
    }
}
