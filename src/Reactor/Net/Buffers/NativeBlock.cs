using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// A rented block of a <see cref="NativeBlockPool"/>. Its memory throws once it was returned: a
/// reader that keeps it too long gets an exception, never the content of another request.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except a pin that ends, which any thread may do.</para>
/// <para>
/// Pins and the mark of the return are one number. The block is free when the mark is there and the
/// last pin is not, and exactly one of <c>Return</c> and <see cref="Unpin"/> sees that. So a pin
/// must not be counted, even for a moment, on a block that has the mark.
/// </para>
/// </remarks>
public sealed class NativeBlock : MemoryManager<byte>
{
    private const int Returned = 1 << 30;

    private readonly NativeBlockPool _pool;
    private NativeSlab? _slab;
    private int _state; // pins, and whether it was returned

    internal NativeBlock(NativeBlockPool pool) => _pool = pool;

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
            _pool.ReturnLate(this);
        }
    }

    /// <summary>Where its memory is.</summary>
    internal void Place(NativeSlab slab, int index) => (_slab, Index) = (slab, index);

    /// <summary>It was returned; false if a pin still holds it.</summary>
    /// <exception cref="InvalidOperationException">It was returned before.</exception>
    internal bool End()
    {
        int before = Interlocked.Or(ref _state, Returned);
        return (before & Returned) == 0
            ? before == 0
            : throw new InvalidOperationException("The block was returned before.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The pool owns the memory: Return gives it back, and a reference to the block does not.
    }
}
