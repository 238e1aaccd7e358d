using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Net;

/// <summary>
/// The buffers of a loop's connections: equal blocks, rented when bytes arrive and returned when
/// they are consumed, so an idle connection holds none.
/// </summary>
/// <remarks>Loop thread only. Blocks are not zeroed.</remarks>
public sealed class BlockPool
{
    /// <summary>
    /// Bytes of a block: a common request or response fits.
    /// </summary>
    public const int BlockBytes = 16 * 1024;

    /// <summary>
    /// Free blocks that are kept, as many with segments as without, 4 MiB in all.
    /// </summary>
    public const int KeptBlocksMax = 128;

    private static readonly ConditionalWeakTable<EventLoop, BlockPool> s_pools = [];

    private readonly Stack<byte[]> _free = new();
    private BlockSegment? _freeSegments;
    private int _freeSegmentCount;

    private BlockPool(EventLoop loop) => Loop = loop;

    internal EventLoop Loop { get; }

    /// <summary>Blocks that are rented now; an idle server has none.</summary>
    public int RentedBlocks { get; private set; }

    /// <summary>The pool of a loop.</summary>
    public static BlockPool Of(EventLoop loop) => s_pools.GetValue(loop, static loop => new(loop));

    /// <summary>A block of <see cref="BlockBytes"/> bytes with arbitrary content.</summary>
    internal byte[] Rent()
    {
        RentedBlocks++;
        // Allocated pinned, because socket calls pin it all the time.
        return _free.TryPop(out byte[]? block)
            ? block
            : GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
    }

    internal void Return(byte[] block)
    {
        Debug.Assert(block.Length == BlockBytes, "only blocks of this pool come back");
        Debug.Assert(!_free.Contains(block), "a block comes back once");
        Abandon();
        if (_free.Count < KeptBlocksMax)
        {
            Poison(block);
            _free.Push(block);
        }
    }

    /// <summary>
    /// A segment around a block, or a larger array. Free segments keep their blocks, so that one
    /// step rents both.
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

    /// <summary>Returns a segment, with its block if that is from this pool.</summary>
    internal void Return(BlockSegment segment)
    {
        if (segment.Block.Length != BlockBytes)
        {
            return; // abandoned to the kernel, or larger than a block
        }

        if (_freeSegmentCount == KeptBlocksMax)
        {
            Return(segment.Block);
            return;
        }

        Abandon();
        Poison(segment.Block);
        segment.Reset();
        segment.Append(_freeSegments);
        _freeSegments = segment;
        _freeSegmentCount++;
    }

    /// <summary>Leaves a block that the kernel may still read to the garbage collector.</summary>
    internal void Abandon()
    {
        Debug.Assert(RentedBlocks > 0, "more blocks came back than were rented");
        RentedBlocks--;
    }

    // A read after the return fails at once in debug builds.
    [Conditional("DEBUG")]
    private static void Poison(byte[] block) => block.AsSpan().Fill(0xDD);
}
