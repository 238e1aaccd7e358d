using System.Collections.Concurrent;

namespace Reactor.Recording;

/// <summary>
/// Writes the blocks of a recording to its stream on a thread of its own, so that a slow disk never
/// blocks the loop. It ends, with a reason, at the bound of the file, when the disk is too slow for
/// the bounded queue, and when a write fails.
/// </summary>
/// <remarks>
/// The loop thread calls everything. One block may be parked: the writer takes it if the loop does
/// not take it back within <see cref="ParkTime"/>.
/// </remarks>
internal sealed class BlockWriter
{
    /// <summary>64 KiB: a write costs little beside the thousand requests in it.</summary>
    public const int BlockBytes = 64 * 1024;

    public static readonly TimeSpan ParkTime = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<LogBlock> _queue = new();
    private readonly ConcurrentQueue<LogBlock> _free = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Stream _stream;
    private readonly long _bytesMax;
    private readonly long _queueBytesMax;
    private readonly Action<string> _onEnded;
    private readonly Thread _thread;
    private LogBlock? _parked;
    private long _queuedBytes;
    private long _number;
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
        FileBytes = RecordingHeader.PrefixBytes;
        _thread = new Thread(Run) { IsBackground = true, Name = "reactor recording" };
        _thread.UnsafeStart();
    }

    /// <summary>Bytes of the file once all blocks are written.</summary>
    public long FileBytes { get; private set; }

    /// <summary>Why recording has ended early, or null. Any thread.</summary>
    public string? EndReason => _failure ?? Volatile.Read(ref _endReason);

    /// <summary>A block with room for an entry, or null: recording ends.</summary>
    public LogBlock? Take(int entryBytes)
    {
        long room = _bytesMax - FileBytes - LogBlock.FrameBytes - EndBlock.FileBytes;
        if (entryBytes > room)
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
            block.End = LogBlock.HeadBytes;
            block.PayloadMax = (int)Math.Min(Math.Max(BlockBytes, entryBytes), room);
            return block;
        }

        return null;
    }

    /// <summary>Writes the header, unless the bound has no room for it and the end.</summary>
    public bool TryBegin(LogBlock header)
    {
        if (header.FileBytes > _bytesMax - FileBytes - EndBlock.FileBytes)
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

    /// <summary>Lets the writer take a block after <see cref="ParkTime"/>.</summary>
    public void Park(LogBlock block)
    {
        block.Number = _number;
        Volatile.Write(ref _parked, block);
    }

    /// <summary>Takes a parked block back; false if the writer has it.</summary>
    public bool Unpark(LogBlock block)
    {
        if (Interlocked.Exchange(ref _parked, null) is not null)
        {
            return true;
        }

        Count(block);
        return false;
    }

    /// <summary>Ends the file and waits a bounded time for the disk.</summary>
    public bool Complete(LogBlock end, TimeSpan timeout)
    {
        if (_isCompleted)
        {
            return true;
        }

        Enqueue(end);
        _isCompleted = true;
        _signal.Release();
        return _thread.Join(timeout);
    }

    private void Count(LogBlock block)
    {
        block.Number = _number++;
        FileBytes += block.FileBytes;
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
                    if (!_signal.Wait(ParkTime)
                        && Interlocked.Exchange(ref _parked, null) is { } parked)
                    {
                        WriteQueue(parked.Number);
                        Write(parked);
                        _stream.Flush();
                    }

                    WriteQueue(long.MaxValue);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or NotSupportedException or ObjectDisposedException)
        {
            _failure = $"The recording has ended: it cannot be written: {error.Message}";
            _onEnded(_failure);
        }
    }

    private void WriteQueue(long before)
    {
        while (_queue.TryPeek(out LogBlock? block) && block.Number < before)
        {
            _queue.TryDequeue(out _);
            Interlocked.Add(ref _queuedBytes, -block.FileBytes);
            Write(block);
            if (block.Bytes.Length == LogBlock.HeadBytes + BlockBytes + LogBlock.SlackBytes)
            {
                _free.Enqueue(block);
            }
        }
    }

    private void Write(LogBlock block) => _stream.Write(block.Seal());
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
