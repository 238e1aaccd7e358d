using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Net;

/// <summary>
/// The buffers of one loop's connections: equal blocks on a stack, the warmest on top, without a
/// lock, because one thread uses them. A connection rents when bytes are there and gives back when
/// they are consumed, so an idle connection holds none.
/// </summary>
/// <remarks>Loop thread only. Blocks are not zeroed.</remarks>
public sealed class BlockPool
{
    /// <summary>
    /// Bytes of a block: one receive of this size takes what a peer sends in a turn, short of a
    /// bulk upload, and a common response fits whole, so that it leaves in one send.
    /// </summary>
    public const int BlockBytes = 16 * 1024;

    /// <summary>
    /// Blocks that are kept for later, with their segments and as many without, 4 MiB in all: what
    /// a burst needs beyond that goes back to the collector when the burst is over.
    /// </summary>
    public const int KeptBlocksMax = 128;

    private static readonly ConditionalWeakTable<EventLoop, BlockPool> s_pools = [];

    private readonly Stack<byte[]> _free = new();
    private BlockSegment? _freeSegments;
    private int _freeSegmentCount;

    private BlockPool(EventLoop loop) => Loop = loop;

    /// <summary>Whose connections these buffers are for.</summary>
    internal EventLoop Loop { get; }

    /// <summary>Blocks that are rented now; a server at rest has none.</summary>
    public int RentedBlocks { get; private set; }

    /// <summary>The pool of a loop.</summary>
    public static BlockPool Of(EventLoop loop) => s_pools.GetValue(loop, static one => new(one));

    /// <summary>A block of <see cref="BlockBytes"/> bytes with arbitrary content.</summary>
    internal byte[] Rent()
    {
        RentedBlocks++;
        // Pinned from birth: the socket calls pin it again and again, and the collector need not
        // walk around it.
        return _free.TryPop(out byte[]? block)
            ? block
            : GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
    }

    /// <summary>Gives a block back.</summary>
    internal void Return(byte[] block)
    {
        Debug.Assert(block.Length == BlockBytes, "only blocks of this pool come back");
        Debug.Assert(!_free.Contains(block), "a block comes back once");
        Forget();
        if (_free.Count < KeptBlocksMax)
        {
            Poison(block);
            _free.Push(block);
        }
    }

    /// <summary>
    /// A segment around a block; around a larger array of its own if a block is too small. Segments
    /// keep their blocks while they are free, in a list of their own links: one step for both.
    /// </summary>
    internal BlockSegment RentSegment(int bytes)
    {
        if (bytes > BlockBytes)
        {
            return new BlockSegment(this, new byte[bytes]);
        }

        if (_freeSegments is not { } segment)
        {
            return new BlockSegment(this, Rent());
        }

        _freeSegments = segment.NextSegment;
        _freeSegmentCount--;
        RentedBlocks++;
        segment.Reset();
        return segment;
    }

    /// <summary>Gives a segment back, with its block if that is one of this pool's.</summary>
    internal void Return(BlockSegment segment)
    {
        if (segment.Block.Length != BlockBytes)
        {
            return; // the kernel still reads from its block, or it was larger
        }

        if (_freeSegmentCount == KeptBlocksMax)
        {
            Return(segment.Block);
            return;
        }

        Forget();
        Poison(segment.Block);
        segment.Reset();
        segment.Append(_freeSegments);
        _freeSegments = segment;
        _freeSegmentCount++;
    }

    /// <summary>Leaves a block to the collector: the kernel may still read from it.</summary>
    internal void Forget()
    {
        Debug.Assert(RentedBlocks > 0, "more blocks came back than were rented");
        RentedBlocks--;
    }

    // In debug builds whoever reads a block after its return reads rubbish at once, not next month.
    [Conditional("DEBUG")]
    private static void Poison(byte[] block) => block.AsSpan().Fill(0xDD);
}
