using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Recording;

/// <summary>
/// Reads the file of a recording: its header, then its blocks in order. A block that is incomplete
/// or damaged ends the file, so a recording of a killed process is read up to there.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class RecordingFile : IDisposable
{
    /// <summary>A larger length is not that of a block: 1 GiB.</summary>
    private const int PayloadBytesMax = 1 << 30;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private long _offset;
    private long _blockOffset;
    private bool _isAtEnd;

    private RecordingFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>What ran, and how it was recorded.</summary>
    public RecordingHeader Header { get; private set; } = new();

    /// <summary>True if the last block was read: the recording was closed in order.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True if the recording ended before its loop, as at its bound.</summary>
    public bool HasEndedEarly { get; private set; }

    /// <summary>
    /// The first byte of the block that is incomplete or damaged; null: none was read yet.
    /// </summary>
    public long? DamagedAt { get; private set; }

    /// <summary>Why what was read is not the whole run, in one sentence; null: it is.</summary>
    public string? Shortfall =>
        DamagedAt is { } place
            ? $"The file is damaged or incomplete from byte {place} on: nothing behind it was read."
        : !IsComplete ? "The file has no end: its process was killed, or writes it still."
        : HasEndedEarly ? "The recording ended before its loop: at its bound, or because the disk "
            + "failed or was too slow."
        : null;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="RecordingException">
    /// It is no recording, or one of another version of the format, or has no header yet.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static RecordingFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new RecordingFile(path);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes a trace to a stream as a recording that can be drawn and stepped through, but not
    /// replayed.
    /// </summary>
    /// <param name="stream">Gets the file; it stays open.</param>
    /// <param name="trace">The events and their texts.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Save(Stream stream, LoopTrace trace)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(trace);
        TraceFile.Save(stream, trace);
    }

    /// <summary>
    /// Reads the events; none if the file has none (<see cref="RecordingHeader.HasEvents"/>). Then
    /// <see cref="IsComplete"/> and <see cref="DamagedAt"/> tell how the file ends.
    /// </summary>
    /// <param name="part">The part that is read, and its bound; null: the defaults.</param>
    /// <exception cref="RecordingException">
    /// A block is damaged, or the part has more than <see cref="TracePart.EventsMax"/> events.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public LoopTrace ReadTrace(TracePart? part = null)
    {
        using RecordingFile fork = Open(_path);
        LoopTrace trace = TraceFile.Read(fork, part ?? new TracePart());
        (IsComplete, HasEndedEarly, DamagedAt) =
            (fork.IsComplete, fork.HasEndedEarly, fork.DamagedAt);
        return trace;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Another reader of the same file, at the same place.</summary>
    internal RecordingFile Fork() => new(_path)
    {
        Header = Header,
        _offset = _offset,
    };

    /// <summary>The last block that was read cannot be decoded, so it ends the file.</summary>
    internal void MarkDamaged()
    {
        DamagedAt = _blockOffset;
        _isAtEnd = true;
    }

    /// <summary>Reads the next block into a buffer that may be replaced by a larger one.</summary>
    /// <returns>False at the end.</returns>
    internal bool TryRead(ref byte[] buffer, out BlockType type, out int payloadBytes)
    {
        type = default;
        payloadBytes = 0;
        Span<byte> head = stackalloc byte[LogBlock.HeadBytes];
        if (_isAtEnd || _offset == RandomAccess.GetLength(_handle))
        {
            return false;
        }

        int length = TryReadAt(head, _offset)
            ? BinaryPrimitives.ReadInt32LittleEndian(head[1..]) : -1;
        if (length is < 0 or > PayloadBytesMax)
        {
            DamagedAt = _offset;
            return false;
        }

        int size = length + LogBlock.FrameBytes;
        if (_offset + size > RandomAccess.GetLength(_handle))
        {
            DamagedAt = _offset;
            return false;
        }

        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        int end = LogBlock.HeadBytes + length;
        if (!TryReadAt(buffer.AsSpan(0, size), _offset)
            || Checksum.Of(buffer.AsSpan(0, end))
            != BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(end)))
        {
            DamagedAt = _offset;
            return false;
        }

        _blockOffset = _offset;
        _offset += size;
        type = (BlockType)buffer[0];
        payloadBytes = length;
        if (type == BlockType.End)
        {
            _isAtEnd = true;
            IsComplete = true;
            HasEndedEarly = length > 0 && buffer[LogBlock.HeadBytes] != 0;
        }

        return true;
    }

    private void ReadHeader()
    {
        Span<byte> magic = stackalloc byte[RecordingHeader.PrefixBytes];
        if (!TryReadAt(magic, 0) || !magic.StartsWith(RecordingHeader.Magic))
        {
            throw new RecordingException($"{_path} is not a recording of a loop.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(magic[RecordingHeader.MagicBytes..]);
        if (version != RecordingHeader.FormatVersion)
        {
            throw new RecordingException(
                $"{_path} has version {version} of the format; this library reads version "
                + $"{RecordingHeader.FormatVersion}.");
        }

        _offset = magic.Length;
        byte[] block = [];
        if (!TryRead(ref block, out BlockType type, out int length) || type != BlockType.Header)
        {
            throw new RecordingException(
                $"{_path} has no complete header: the recording ended before its loop ran.");
        }

        Header = RecordingHeader.Read(block.AsSpan(LogBlock.HeadBytes, length));
    }

    private bool TryReadAt(Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            int count = RandomAccess.Read(_handle, buffer, offset);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
            offset += count;
        }

        return true;
    }
}
