using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// A rented block of a <see cref="NativeBlockPool"/>. Access after the return throws.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Unpin"/>. Pins and the mark of the return are one number, so
/// exactly one of <c>Return</c> and <see cref="Unpin"/> finds the block free: marked, without pins.
/// A marked block must never get a pin.
/// </remarks>
internal sealed class NativeBlock(NativeBlockPool pool) : MemoryManager<byte>
{
    private const int Returned = 1 << 30;

    private NativeSlab? _slab;
    private int _state; // pins, and whether it was returned

    internal NativeSlab Slab => _slab!;

    internal int Index { get; private set; }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf((Volatile.Read(ref _state) & Returned) != 0, this);
        return Slab.SpanOf(Index);
    }

    /// <inheritdoc/>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, NativeBlockPool.BlockBytes);
        int before;
        do
        {
            before = Volatile.Read(ref _state);
            ObjectDisposedException.ThrowIf((before & Returned) != 0, this);
        }
        while (Interlocked.CompareExchange(ref _state, before + 1, before) != before);
        return new MemoryHandle(Slab.PointerOf(Index) + elementIndex, default, this);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is not pinned.</exception>
    public override void Unpin()
    {
        int before;
        do
        {
            before = Volatile.Read(ref _state);
            if ((before & ~Returned) == 0)
            {
                throw new InvalidOperationException("The block is not pinned.");
            }
        }
        while (Interlocked.CompareExchange(ref _state, before - 1, before) != before);
        if (before - 1 == Returned)
        {
            pool.ReturnLate(this);
        }
    }

    internal void Place(NativeSlab slab, int index) => (_slab, Index) = (slab, index);

    /// <summary>Marks it as returned; false if a pin still holds it.</summary>
    /// <exception cref="InvalidOperationException">It was returned before.</exception>
    internal bool MarkReturned()
    {
        int before = Interlocked.Or(ref _state, Returned);
        return (before & Returned) == 0
            ? before == 0
            : throw new InvalidOperationException("The block was returned before.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The pool owns the memory, and only Return releases it.
    }
}
