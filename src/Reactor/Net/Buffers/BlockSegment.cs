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

    /// <summary>What its chain is, while it is a head; see <see cref="BlockChain"/>.</summary>
    public ChainState Chain;

    public BlockSegment? NextSegment => (BlockSegment?)Next;

    public void Reset()
    {
        End = 0;
        Memory = default;
        Next = null;
        RunningIndex = 0;
        Chain = default;
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

    /// <summary>Drops what is behind so many bytes of the block; it is the last one now.</summary>
    public void Cut(int end)
    {
        End = end;
        Memory = _block.AsMemory(0, end);
        Next = null;
    }

    public void Append(BlockSegment? next)
    {
        Next = next;
        next?.RunningIndex = RunningIndex + End;
    }
}

/// <summary>The end of a chain, where its bytes begin, and how many they are.</summary>
internal struct ChainState
{
    public BlockSegment Tail;
    public int HeadOffset;
    public long Length;
}

/// <summary>
/// A chain of segments from a start to what was filled last, and the blocks behind it. Both ends of
/// a connection are one: the reader consumes from its start, the writer sends from it. Without
/// bytes it holds nothing, and takes one word of an idle connection: what there is to know of a
/// chain lies in its head, and goes on with the head.
/// </summary>
/// <remarks>
/// Loop thread only. A mutable structure, to be a field and never copied: an object of its own
/// would be two more for each idle connection.
/// </remarks>
internal struct BlockChain
{
    public BlockSegment? Head { get; private set; }

    public readonly BlockSegment? Tail => Head?.Chain.Tail;

    /// <summary>Where the unconsumed bytes begin in the head.</summary>
    public readonly int HeadOffset => Head is { } head ? head.Chain.HeadOffset : 0;

    /// <summary>Unconsumed bytes.</summary>
    public readonly long Length => Head is { } head ? head.Chain.Length : 0;

    public readonly ReadOnlySequence<byte> Sequence => Head is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(
            Head, Head.Chain.HeadOffset, Head.Chain.Tail, Head.Chain.Tail.End);

    /// <summary>True if all bytes lie in one segment, and there are some.</summary>
    public readonly bool IsOnePiece => Head is { } head && ReferenceEquals(head, head.Chain.Tail);

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
        if (Head is { } head)
        {
            head.Chain.Tail.Append(segment);
            head.Chain.Tail = segment;
        }
        else
        {
            Head = segment;
            segment.Chain.Tail = segment;
        }

        return segment;
    }

    public void Extend(int bytes)
    {
        ref ChainState chain = ref Head!.Chain;
        chain.Tail.Extend(bytes);
        chain.Length += bytes;
    }

    /// <summary>Drops everything before a position; a chain without bytes holds no block.</summary>
    public void ConsumeTo(BlockSegment segment, int offset)
    {
        while (!ReferenceEquals(Head, segment))
        {
            DropHead();
        }

        ref ChainState chain = ref segment.Chain;
        chain.Length -= offset - chain.HeadOffset;
        chain.HeadOffset = offset;
        if (chain.Length == 0)
        {
            Clear();
        }
    }

    /// <summary>Drops so many bytes from the start.</summary>
    public void Consume(int bytes)
    {
        while (bytes > 0)
        {
            BlockSegment head = Head!;
            ref ChainState chain = ref head.Chain;
            int here = Math.Min(bytes, head.End - chain.HeadOffset);
            chain.HeadOffset += here;
            chain.Length -= here;
            bytes -= here;
            if (chain.HeadOffset == head.End && !ReferenceEquals(head, chain.Tail))
            {
                DropHead();
            }
        }

        if (Length == 0)
        {
            Clear();
        }
    }

    /// <summary>Drops everything behind so many bytes from the start.</summary>
    public void Truncate(long bytes)
    {
        if (bytes == 0)
        {
            Clear();
            return;
        }

        BlockSegment last = Head!;
        long end = HeadOffset + bytes;
        while (end > last.End)
        {
            end -= last.End;
            last = last.NextSegment!;
        }

        BlockSegment? dropped = last.NextSegment;
        last.Cut((int)end);
        Head!.Chain.Tail = last;
        Head.Chain.Length = bytes;
        while (dropped is { } segment)
        {
            dropped = segment.NextSegment;
            segment.Pool.Return(segment);
        }
    }

    /// <summary>Gives every block back.</summary>
    public void Clear()
    {
        while (Head is not null)
        {
            DropHead();
        }
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
        if (Head is { } next)
        {
            int dropped = head.End - head.Chain.HeadOffset;
            next.Chain = head.Chain with { HeadOffset = 0, Length = head.Chain.Length - dropped };
        }

        head.Pool.Return(head);
    }
}
