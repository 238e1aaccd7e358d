using System.Buffers.Binary;
using System.Text;

namespace Reactor.Recording;

/// <summary>
/// Reads numbers and texts from bytes, with every bound checked: a damaged file gives an exception,
/// never a wild read. One thread.
/// </summary>
internal ref struct SpanDecoder(ReadOnlySpan<byte> bytes, int position = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The next byte to read.</summary>
    public int Position { get; private set; } = position;

    public readonly bool IsAtEnd => Position >= _bytes.Length;

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Damaged();

    /// <summary>LEB128, at most ten bytes.</summary>
    public ulong Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw Damaged();
    }

    /// <summary>A number from 0 to <see cref="int.MaxValue"/>.</summary>
    public int Small()
    {
        ulong number = Number();
        return number <= int.MaxValue ? (int)number : throw Damaged();
    }

    /// <summary>A number with its sign in the lowest bit (zigzag).</summary>
    public long Signed()
    {
        ulong number = Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public long Fixed64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string Text() => Encoding.UTF8.GetString(Take(Small()));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - Position)
        {
            throw Damaged();
        }

        Position += count;
        return _bytes.Slice(Position - count, count);
    }

    private static RecordingException Damaged() => new("The recording is damaged inside a block.");
}
