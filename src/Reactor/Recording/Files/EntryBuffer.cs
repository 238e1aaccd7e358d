using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Reactor.Recording;

/// <summary>
/// Encodes the entries of a recording into blocks, which it hands to the writer. An entry never
/// crosses a block, so a file that was cut ends between two entries.
/// </summary>
/// <remarks>
/// Loop thread only. An entry is written beyond the limit of its block if need be, and then moves
/// into the next one: this costs one comparison for an entry.
/// </remarks>
internal sealed class EntryBuffer
{
    /// <summary>A byte of this value and more is a clock reading with a small difference.</summary>
    public const int SmallClock = 0x80;

    /// <summary>The object is that of the last entry with one.</summary>
    public const int SameObject = 0x40;

    // Receives the entry that finds no block; its limit of zero makes each entry move on.
    private readonly LogBlock _scratch = new(0);
    private readonly Dictionary<string, int> _names = [];
    private readonly BlockWriter _writer;
    private LogBlock _block;
    private byte[] _bytes;
    private int _position;
    private int _limit;
    private int _start;
    private long _clock;
    private int _object;

    public EntryBuffer(BlockWriter writer)
    {
        _writer = writer;
        _block = _scratch;
        _bytes = _scratch.Bytes;
        _position = LogBlock.HeadBytes;
        _limit = LogBlock.HeadBytes;
    }

    /// <summary>False once the recording has ended: entries are dropped.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The last reading of the clock in the log.</summary>
    public long LastClock => _clock;

    public void Clock(long ticks)
    {
        long change = ticks - _clock;
        if ((ulong)change < SmallClock)
        {
            _start = _position;
            _bytes[_position++] = (byte)(SmallClock | (int)change);
        }
        else
        {
            Begin(EntryKind.Clock);
            Signed(change);
        }

        _clock = ticks;
        Commit();
    }

    public void Begin(EntryKind kind)
    {
        _start = _position;
        _bytes[_position++] = (byte)kind;
    }

    public void Begin(EntryKind kind, int number)
    {
        _start = _position;
        if (number == _object)
        {
            _bytes[_position++] = (byte)((int)kind | SameObject);
            return;
        }

        _object = number;
        _bytes[_position++] = (byte)kind;
        Number((ulong)number);
    }

    public void Number(ulong number)
    {
        while (number >= 0x80)
        {
            _bytes[_position++] = (byte)(number | 0x80);
            number >>= 7;
        }

        _bytes[_position++] = (byte)number;
    }

    public void Signed(long number) => Number((ulong)((number << 1) ^ (number >> 63)));

    public void Fixed32(uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_position), number);
        _position += sizeof(uint);
    }

    public void Fixed64(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_position), number);
        _position += sizeof(long);
    }

    public void Error(SocketError error) =>
        Signed(error == SocketError.WouldBlock ? 1 : (long)error << 1);

    /// <summary>A text that comes again and again: its number, and itself the first time.</summary>
    public void Name(string name)
    {
        if (_names.TryGetValue(name, out int number))
        {
            Number((ulong)number);
            return;
        }

        number = _names.Count;
        _names.Add(name, number);
        Number((ulong)number);
        Text(name);
    }

    public void Text(string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        Number((ulong)count);
        MakeRoom(count);
        _position += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_position));
    }

    public void Data(ReadOnlySpan<byte> data)
    {
        Number((ulong)data.Length);
        MakeRoom(data.Length);
        data.CopyTo(_bytes.AsSpan(_position));
        _position += data.Length;
    }

    /// <summary>Ends an entry; one that does not fit moves to the next block.</summary>
    public void Commit()
    {
        if (_position > _limit)
        {
            Spill(more: 0);
        }

        _block.Committed = _position;
    }

    /// <summary>Ends the log, and hands over what is left.</summary>
    public void Close()
    {
        IsOpen = false;
        LogBlock left = _block;
        left.End = _position;
        Use(_scratch, LogBlock.HeadBytes);
        _writer.Open(null);
        if (left != _scratch)
        {
            _writer.Enqueue(left);
        }
    }

    private void MakeRoom(int count)
    {
        if (_position + count + LogBlock.SlackBytes > _bytes.Length && _start > LogBlock.HeadBytes)
        {
            Spill(count); // so that only an entry longer than a block makes a longer block
        }

        int needed = _position + count + LogBlock.SlackBytes;
        if (needed > _bytes.Length)
        {
            _bytes = _block.Grow(needed);
        }
    }

    /// <summary>Moves the entry, of which more bytes may follow, to a block with room.</summary>
    private void Spill(int more)
    {
        ReadOnlySpan<byte> entry = _bytes.AsSpan(_start, _position - _start);
        LogBlock? full = null;
        if (_start > LogBlock.HeadBytes)
        {
            full = _block;
            full.End = _start;
        }
        else if (_block != _scratch)
        {
            _writer.Return(_block); // the entry fills it, and is longer
        }

        LogBlock? next = _writer.Take(entry.Length + more);
        IsOpen &= next is not null;
        Use(next ?? _scratch, LogBlock.HeadBytes);
        Append(entry);
        if (full is not null)
        {
            _writer.Enqueue(full); // not before: its check sum goes where the entry was
        }

        _writer.Open(next);
    }

    private void Append(ReadOnlySpan<byte> entry)
    {
        _start = _position;
        int needed = _position + entry.Length + LogBlock.SlackBytes;
        if (needed > _bytes.Length)
        {
            _bytes = _block.Grow(needed);
        }

        entry.CopyTo(_bytes.AsSpan(_position));
        _position += entry.Length;
    }

    private void Use(LogBlock block, int position)
    {
        _block = block;
        _bytes = block.Bytes;
        _position = position;
        _limit = LogBlock.HeadBytes + block.PayloadMax;
    }
}
