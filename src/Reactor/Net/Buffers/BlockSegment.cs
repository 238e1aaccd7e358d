using System.Buffers;

namespace Reactor.Net;

/// <summary>A reused block in a chain of bytes, filled up to <see cref="End"/>.</summary>
internal sealed class BlockSegment(BlockPool pool, byte[] block) : ReadOnlySequenceSegment<byte>
{
    public BlockPool Pool => pool;

    public int End { get; private set; }

    public int FreeBytes => Block.Length - End;

    public byte[] Block { get; private set; } = block;

    /// <summary>The state of the chain whose head this is.</summary>
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

    /// <summary>Releases the block; the segment stays in its chain.</summary>
    public void AbandonBlock() => Block = [];

    public Span<byte> FreeSpan() => Block.AsSpan(End);

    public Memory<byte> FreeMemory() => Block.AsMemory(End);

    public void Extend(int bytes)
    {
        End += bytes;
        Memory = Block.AsMemory(0, End);
    }

    /// <summary>Ends the chain at a position of this block.</summary>
    public void Cut(int end)
    {
        Extend(end - End);
        Next = null;
    }

    public void Append(BlockSegment? next)
    {
        Next = next;
        next?.RunningIndex = RunningIndex + End;
    }
}

/// <summary>The state of a chain, kept in its head.</summary>
internal struct ChainState
{
    public BlockSegment Tail;
    public int HeadOffset;
    public long Length;
}

/// <summary>
/// A queue of bytes in segments, for both ends of a connection. Empty, it takes one word: its state
/// is kept in the head segment.
/// </summary>
/// <remarks>
/// Loop thread only. A mutable structure, never copied: saves two objects in each connection.
/// </remarks>
internal struct BlockChain
{
    public BlockSegment? Head { get; private set; }

    public readonly BlockSegment? Tail => Head?.Chain.Tail;

    /// <summary>The position of the first unconsumed byte in the head.</summary>
    public readonly int HeadOffset => Head is { } head ? head.Chain.HeadOffset : 0;

    /// <summary>Unconsumed bytes.</summary>
    public readonly long Length => Head is { } head ? head.Chain.Length : 0;

    public readonly ReadOnlySequence<byte> Sequence => Head is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(
            Head, Head.Chain.HeadOffset, Head.Chain.Tail, Head.Chain.Tail.End);

    /// <summary>True if there are bytes, all in one segment.</summary>
    public readonly bool IsOnePiece => Head is { } head && ReferenceEquals(head, head.Chain.Tail);

    /// <summary>The unconsumed bytes of the head; the chain must not be empty.</summary>
    public readonly ReadOnlySpan<byte> HeadBytes =>
        Head!.Block.AsSpan(HeadOffset, Head.End - HeadOffset);

    /// <summary>The tail, or a new one, with at least so many free bytes.</summary>
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

    /// <summary>Keeps so many bytes from the start and drops the rest.</summary>
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

    public void Clear()
    {
        while (Head is not null)
        {
            DropHead();
        }
    }

    /// <summary>
    /// Drops everything, and leaves the head's block to the kernel, which reads from it.
    /// </summary>
    public void Abandon()
    {
        if (Head is { Block.Length: BlockPool.BlockBytes } head)
        {
            head.Pool.Abandon();
            head.AbandonBlock();
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
