using System.Buffers.Binary;
using System.Numerics;

namespace Reactor.Recording;

/// <summary>The types of blocks in a recording's file.</summary>
internal enum BlockType : byte
{
    Header = 1,
    Entries = 2,
    Names = 3,
    Events = 4,
    End = 5,
}

/// <summary>
/// A block of a recording's file: type, length, payload and CRC32C, built in place so that it is
/// written with one call. One thread at a time: the loop's fills it, the writer's seals it.
/// </summary>
internal sealed class LogBlock(int payloadBytes)
{
    /// <summary>Bytes before the payload: the type and the length.</summary>
    public const int HeadBytes = 5;

    /// <summary>Bytes of a block beside its payload.</summary>
    public const int FrameBytes = HeadBytes + sizeof(uint);

    /// <summary>Room for the entry that crosses the limit, which then moves.</summary>
    public const int SlackBytes = 128;

    private int _committed = HeadBytes;

    public byte[] Bytes { get; private set; } = new byte[HeadBytes + payloadBytes + SlackBytes];

    /// <summary>The limit of the payload; an entry that crosses it moves to the next.</summary>
    public int PayloadMax { get; set; } = payloadBytes;

    public BlockType Type { get; set; } = BlockType.Entries;

    /// <summary>The end of the payload in <see cref="Bytes"/>.</summary>
    public int End { get; set; } = HeadBytes;

    /// <summary>The end of the last whole entry while the loop adds more. Any thread.</summary>
    public int Committed
    {
        get => Volatile.Read(ref _committed);
        set => Volatile.Write(ref _committed, value);
    }

    /// <summary>What the writer has written before the block was full. Writer's thread.</summary>
    public int Written { get; set; } = HeadBytes;

    public int FileBytes => End + sizeof(uint);

    /// <summary>Empties the block for its next use.</summary>
    public void Reset(int payloadMax)
    {
        PayloadMax = payloadMax;
        End = HeadBytes;
        Written = HeadBytes;
        Committed = HeadBytes;
    }

    /// <summary>A block of its own with the bytes from <see cref="Written"/> to an end.</summary>
    public LogBlock Rest(int end)
    {
        int count = end - Written;
        var rest = new LogBlock(count) { Type = Type, End = HeadBytes + count };
        Bytes.AsSpan(Written, count).CopyTo(rest.Bytes.AsSpan(HeadBytes));
        return rest;
    }

    /// <summary>Makes room beyond a position.</summary>
    public byte[] Grow(int bytes)
    {
        byte[] grown = Bytes;
        Array.Resize(ref grown, bytes);
        return Bytes = grown;
    }

    /// <summary>Writes type, length and check sum; returns the whole block.</summary>
    public ReadOnlySpan<byte> Seal()
    {
        Bytes[0] = (byte)Type;
        BinaryPrimitives.WriteInt32LittleEndian(Bytes.AsSpan(1), End - HeadBytes);
        uint sum = Checksum.Of(Bytes.AsSpan(0, End));
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(End), sum);
        return Bytes.AsSpan(0, FileBytes);
    }
}

/// <summary>CRC32C (Castagnoli), which processors compute eight bytes at a time.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }
}
