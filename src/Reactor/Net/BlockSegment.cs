using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// A block in a chain of bytes. <see cref="End"/> is how far it is filled; the sequence that a
/// reader sees ends there. Segments are reused as the blocks are.
/// </summary>
/// <param name="pool">Where it comes from and goes back to.</param>
/// <param name="block">What it is filled into.</param>
internal sealed class BlockSegment(BlockPool pool, byte[] block) : ReadOnlySequenceSegment<byte>
{
    private byte[] _block = block;

    public BlockPool Pool => pool;

    public int End { get; private set; }

    public int FreeBytes => _block.Length - End;

    public byte[] Block => _block;

    public BlockSegment? NextSegment => (BlockSegment?)Next;

    public void Reset()
    {
        End = 0;
        Memory = default;
        Next = null;
        RunningIndex = 0;
    }

    /// <summary>Lets go of the block; the segment stays in its chain.</summary>
    public void ForgetBlock() => _block = [];

    public Span<byte> FreeSpan() => _block.AsSpan(End);

    public Memory<byte> FreeMemory() => _block.AsMemory(End);

    public void Extend(int bytes)
    {
        End += bytes;
        Memory = _block.AsMemory(0, End);
    }

    public void Append(BlockSegment? next)
    {
        Next = next;
        next?.RunningIndex = RunningIndex + End;
    }
}

/// <summary>
/// A chain of segments from a start to what was filled last, and the blocks behind it. Both ends of
/// a connection are one: the reader consumes from its start, the writer sends from it. Without
/// bytes it holds nothing.
/// </summary>
/// <remarks>
/// Loop thread only. A mutable structure, to be a field and never copied: an object of its own
/// would be two more for each idle connection.
/// </remarks>
internal struct BlockChain
{
    public BlockSegment? Head { get; private set; }

    public BlockSegment? Tail { get; private set; }

    /// <summary>Where the unconsumed bytes begin in the head.</summary>
    public int HeadOffset { get; private set; }

    /// <summary>Unconsumed bytes.</summary>
    public long Length { get; private set; }

    public readonly ReadOnlySequence<byte> Sequence => Head is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(Head, HeadOffset, Tail!, Tail!.End);

    /// <summary>True if all bytes lie in one segment, and there are some.</summary>
    public readonly bool IsOnePiece => Head is not null && ReferenceEquals(Head, Tail);

    /// <summary>The unconsumed bytes of the head, which there must be.</summary>
    public readonly ReadOnlySpan<byte> HeadBytes =>
        Head!.Block.AsSpan(HeadOffset, Head.End - HeadOffset);

    /// <summary>The tail, with at least so many free bytes, or a new one.</summary>
    public BlockSegment TailWith(BlockPool pool, int freeBytes)
    {
        if (Tail is { } tail && tail.FreeBytes >= freeBytes)
        {
            return tail;
        }

        BlockSegment segment = pool.RentSegment(freeBytes);
        if (Tail is null)
        {
            Head = segment;
            HeadOffset = 0;
        }
        else
        {
            Tail.Append(segment);
        }

        Tail = segment;
        return segment;
    }

    public void Extend(int bytes)
    {
        Tail!.Extend(bytes);
        Length += bytes;
    }

    /// <summary>Drops everything before a position; a chain without bytes holds no block.</summary>
    public void ConsumeTo(BlockSegment segment, int offset)
    {
        while (!ReferenceEquals(Head, segment))
        {
            Length -= Head!.End - HeadOffset;
            DropHead();
        }

        Length -= offset - HeadOffset;
        HeadOffset = offset;
        if (Length == 0)
        {
            Clear();
        }
    }

    /// <summary>Drops so many bytes from the start.</summary>
    public void Consume(int bytes)
    {
        while (bytes > 0)
        {
            int here = Math.Min(bytes, Head!.End - HeadOffset);
            HeadOffset += here;
            Length -= here;
            bytes -= here;
            if (HeadOffset == Head.End && !ReferenceEquals(Head, Tail))
            {
                DropHead();
            }
        }

        if (Length == 0)
        {
            Clear();
        }
    }

    /// <summary>Gives every block back.</summary>
    public void Clear()
    {
        while (Head is not null)
        {
            DropHead();
        }

        Length = 0;
    }

    /// <summary>
    /// Lets go of everything, and of the head's block for good: the kernel reads from it.
    /// </summary>
    public void Abandon()
    {
        if (Head is { Block.Length: BlockPool.BlockBytes } head)
        {
            head.Pool.Forget();
            head.ForgetBlock();
        }

        Clear();
    }

    private void DropHead()
    {
        BlockSegment head = Head!;
        Head = head.NextSegment;
        HeadOffset = 0;
        if (Head is null)
        {
            Tail = null;
        }

        head.Pool.Return(head);
    }
}
