using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Blocks outside the managed heap, for content that peers can accumulate. The system gets a
/// returned block back after about a second, without a garbage collection.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Blocks are cut from slabs; free ones release their pages with <c>madvise</c> (Linux), and empty
/// slabs are freed. Rejected: managed arrays, which stay resident in an idle server, and
/// <c>malloc</c> for each block, which keeps freed blocks between used ones.
/// </para>
/// <para>
/// <see cref="KeptBytes"/> of free blocks stay resident: a steady load has no page faults.
/// </para>
/// </remarks>
internal sealed class NativeBlockPool
{
    public const int BlockBytes = BlockPool.BlockBytes;

    /// <summary>Bytes of free blocks that stay resident: one body of the default limit.</summary>
    public const int KeptBytes = 1024 * 1024;

    private const int KeptBlocks = KeptBytes / BlockBytes;

    /// <summary>Slabs trimmed in a turn: releasing 16 MiB takes some 2 ms.</summary>
    private const int SlabsPerTurn = 16;

    private static readonly TimeSpan s_trimDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_trimPause = TimeSpan.FromMilliseconds(1);

    private readonly CoroutineScheduler _scheduler;
    private readonly List<NativeSlab> _slabs = [];
    private readonly Stack<NativeSlab> _open = new();
    private readonly ConcurrentQueue<NativeBlock> _late = new();
    private readonly TrimTimer _timer;
    private int _trimNext;

    public NativeBlockPool(CoroutineScheduler scheduler)
    {
        _scheduler = scheduler;
        _timer = new TrimTimer(this);
    }

    public int RentedBlocks { get; private set; }

    /// <summary>
    /// Bytes of rented blocks and of free ones with pages.
    /// </summary>
    public long ResidentBytes { get; private set; }

    /// <summary>A block with arbitrary content.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public NativeBlock Rent()
    {
        TakeLate();
        var block = new NativeBlock(this); // first: if this throws, nothing was taken
        NativeSlab slab = OpenSlab();
        block.Place(slab, slab.Take(out bool wasResident));
        RentedBlocks++;
        ResidentBytes += wasResident ? 0 : BlockBytes;
        return block;
    }

    /// <summary>Returns a block; its memory is reused when no pin holds it.</summary>
    /// <exception cref="InvalidOperationException">It was returned before.</exception>
    public void Return(NativeBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        bool isFree = block.MarkReturned();
        RentedBlocks--;
        if (isFree)
        {
            Reclaim(block);
        }

        // Also for a pinned block: whether an operation holds a pin may differ between runs.
        if (_timer.Due is null)
        {
            _timer.Set(_scheduler.Time + s_trimDelay);
        }
    }

    /// <summary>Releases every free block to the system now.</summary>
    public void Clear()
    {
        TakeLate();
        _timer.Disarm();
        _trimNext = 0;
        Trim(_slabs.Count, keptBlocks: 0);
    }

    /// <summary>The last pin of a returned block has ended. Any thread.</summary>
    internal void ReturnLate(NativeBlock block)
    {
        _late.Enqueue(block);
        _scheduler.PostThreadSafe(new LateReturn(this)); // or an idle loop would keep its pages
    }

    private NativeSlab OpenSlab()
    {
        while (_open.TryPeek(out NativeSlab? slab))
        {
            if (slab.HasFree)
            {
                return slab;
            }

            slab.IsOpen = false;
            _open.Pop();
        }

        var fresh = new NativeSlab();
        _slabs.Add(fresh);
        _open.Push(fresh);
        fresh.IsOpen = true;
        return fresh;
    }

    private void Reclaim(NativeBlock block)
    {
        NativeSlab slab = block.Slab;
        slab.Give(block.Index);
        if (!slab.IsOpen)
        {
            _open.Push(slab);
            slab.IsOpen = true;
        }
    }

    private void TakeLate()
    {
        while (_late.TryDequeue(out NativeBlock? block))
        {
            Reclaim(block);
        }
    }

    /// <summary>Trims the next slabs; true after the last one.</summary>
    private bool Trim(int slabsMax, int keptBlocks)
    {
        int kept = ResidentFree() - keptBlocks;
        int end = Math.Min(_trimNext + slabsMax, _slabs.Count);
        for (int i = _trimNext; i < end && kept > 0; i++)
        {
            int given = _slabs[i].ReleasePages(kept);
            kept -= given;
            ResidentBytes -= (long)given * BlockBytes;
        }

        _trimNext = end;
        if (end < _slabs.Count && kept > 0)
        {
            return false;
        }

        _trimNext = 0;
        FreeEmptySlabs();
        return true;
    }

    private int ResidentFree() => (int)(ResidentBytes / BlockBytes) - _slabs.Sum(slab => slab.Used);

    private void FreeEmptySlabs()
    {
        if (_slabs.RemoveAll(slab => slab.TryFree()) > 0)
        {
            _open.Clear();
            foreach (NativeSlab slab in _slabs)
            {
                slab.IsOpen = slab.HasFree;
                if (slab.IsOpen)
                {
                    _open.Push(slab);
                }
            }
        }
    }

    private sealed class LateReturn(NativeBlockPool pool) : LoopWork
    {
        // Without a timer: when a pin ends is chance, so it must not read the loop's clock.
        public override void Run()
        {
            pool.TakeLate();
            if (pool._timer.Due is null)
            {
                pool.Trim(pool._slabs.Count, KeptBlocks);
            }
        }

        internal override bool IsIncidental => true;
    }

    private sealed class TrimTimer(NativeBlockPool pool) : DeadlineTimer(pool._scheduler)
    {
        protected override void OnDue(TimeSpan due)
        {
            pool.TakeLate();
            if (!pool.Trim(SlabsPerTurn, KeptBlocks))
            {
                Set(pool._scheduler.Time + s_trimPause);
            }
            else if (pool.ResidentFree() > KeptBlocks)
            {
                // Blocks were returned to slabs that this round had passed.
                Set(pool._scheduler.Time + s_trimDelay);
            }
        }
    }
}

/// <summary>
/// 64 blocks of native memory, each free or not and resident or not. The finalizer frees it.
/// </summary>
/// <remarks>Loop thread only, except the finalizer.</remarks>
internal sealed unsafe class NativeSlab : SafeHandle
{
    private const int Blocks = 64;

    // With pages larger than a block, only whole slabs are released.
    private static readonly bool s_canAdvise = OperatingSystem.IsLinux()
        && NativeBlockPool.BlockBytes % Environment.SystemPageSize == 0;

    private ulong _free = ulong.MaxValue;
    private ulong _resident;

    public NativeSlab()
        : base(invalidHandleValue: 0, ownsHandle: true) =>
        handle = (nint)NativeMemory.AlignedAlloc(
            (nuint)Blocks * NativeBlockPool.BlockBytes, NativeBlockPool.BlockBytes);

    public override bool IsInvalid => handle == 0;

    /// <summary>True while it is on the pool's stack of slabs with free blocks.</summary>
    public bool IsOpen { get; set; }

    public bool HasFree => _free != 0;

    /// <summary>Blocks that are rented, or returned and pinned.</summary>
    public int Used => BitOperations.PopCount(~_free);

    public byte* PointerOf(int index) => (byte*)handle + ((nint)index * NativeBlockPool.BlockBytes);

    public Span<byte> SpanOf(int index) => new(PointerOf(index), NativeBlockPool.BlockBytes);

    /// <summary>Takes a free block, a resident one if there is one.</summary>
    public int Take(out bool wasResident)
    {
        ulong resident = _free & _resident;
        wasResident = resident != 0;
        int index = BitOperations.TrailingZeroCount(wasResident ? resident : _free);
        _free &= ~(1UL << index);
        _resident |= 1UL << index;
        return index;
    }

    public void Give(int index) => _free |= 1UL << index;

    /// <summary>Releases the pages of free blocks, in runs; returns how many blocks.</summary>
    public int ReleasePages(int blocksMax)
    {
        ulong left = _free & _resident;
        int given = 0;
        while (left != 0 && given < blocksMax && (s_canAdvise || _free == ulong.MaxValue))
        {
            int start = BitOperations.TrailingZeroCount(left);
            int run = BitOperations.TrailingZeroCount(~(left >> start));
            ulong mask = run == Blocks ? ulong.MaxValue : ((1UL << run) - 1) << start;
            if (s_canAdvise)
            {
                _ = Libc.AdviseMemory(
                    PointerOf(start), (nuint)run * NativeBlockPool.BlockBytes, Libc.DontNeed);
            }

            left &= ~mask;
            _resident &= ~mask;
            given += run;
        }

        return given;
    }

    /// <summary>Frees it if all its blocks are free and none is resident.</summary>
    public bool TryFree()
    {
        bool isEmpty = _free == ulong.MaxValue && _resident == 0;
        if (isEmpty)
        {
            Dispose();
        }

        return isEmpty;
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
