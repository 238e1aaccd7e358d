using System.Buffers;
using System.Diagnostics;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The content of one request body in memory: a chain of blocks, each reserved in the
/// <see cref="BodyBudget"/> before it is filled. Growing copies nothing.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Reused for each body of its exchange.</para>
/// <para>
/// Up to <see cref="SmallBytesMax"/> it is one managed array, which the handler gets. Larger bodies
/// are in native blocks, which no handler may keep: read whole, they are copied once, into an array
/// that is reserved until the request ends.
/// </para>
/// <para>
/// A body that is read whole reserves all that it can need before its first block: its announced
/// length, or else a block, then 1 MiB, then twice as much each time. Half-read bodies that
/// reserved piece by piece would deadlock. A stream reserves single blocks, because its reader
/// gives them back.
/// </para>
/// </remarks>
internal sealed class BodyBuffer(IBodyOwner owner, BodyBudget budget) : IBufferWriter<byte>
{
    public const int SmallBytesMax = 4096;

    private const int BlockBytes = NativeBlockPool.BlockBytes;
    private const int SmallBytesMin = 64;

    /// <summary>What fits into one array, in whole blocks.</summary>
    private const long WholeBytesMax = 0x7FFFFFC7L / BlockBytes * BlockBytes; // Array.MaxLength

    /// <summary>The second reservation of a body of unknown length.</summary>
    private const long SecondBytes = 1024 * 1024;

    private BodySegment? _head;
    private BodySegment? _tail;
    private BodySegment? _spare;
    private ReadOnlyMemory<byte> _whole;
    private int _headOffset;
    private long _capacity;
    private long _announced;
    private long _expected;
    private long _bytesMax;

    /// <summary>Older bodies have lower numbers; 0 before the first reservation.</summary>
    public long Age { get; set; }

    public long Held { get; set; }

    public long Wanted { get; set; }

    /// <summary>Runs when its wait for room ends; null while it does not wait.</summary>
    public Action? Resume { get; set; }

    /// <summary>True while the budget counts it among the holders.</summary>
    public bool IsCounted { get; set; }

    /// <summary>True if its reader gives back what it consumed.</summary>
    public bool IsStream { get; private set; }

    /// <summary>True while it takes received bytes without room.</summary>
    public bool IsParking { get; private set; }

    public IBodyOwner Owner => owner;

    public BodyBudget Budget => budget;

    /// <summary>Bytes that can be taken without the budget.</summary>
    public long Room => (IsParking ? 0 : Held - _capacity) + (_tail?.FreeBytes ?? 0);

    public ReadOnlySequence<byte> Sequence => _head is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(_head, _headOffset, _tail!, _tail!.Memory.Length);

    public void Begin(long announced, long bytesMax, bool isStream)
    {
        Debug.Assert(_head is null && Held == 0, "the body before was cleared");
        _announced = announced;
        _bytesMax = bytesMax;
        IsStream = isStream;
        Age = 0;
    }

    /// <summary>
    /// Takes a block beside the budget; false if it is a stream or has content.
    /// <see cref="EndParking"/> follows.
    /// </summary>
    public bool TryPark()
    {
        if (_head is not null || IsStream)
        {
            return false;
        }

        BodySegment segment = _spare ?? new BodySegment();
        _spare = null;
        segment.Fill(budget.Blocks.Rent());
        Append(segment);
        IsParking = true;
        return true;
    }

    public void EndParking() => IsParking = false;

    /// <summary>
    /// As much input as there is room for; without room a byte, which may be framing and all that
    /// the body lacks.
    /// </summary>
    public ReadOnlySequence<byte> Limit(in ReadOnlySequence<byte> input)
    {
        _expected = Math.Min(Math.Max(Room, 1), input.Length);
        return _expected == input.Length ? input : input.Slice(0, _expected);
    }

    /// <summary>Reserves room for more content, if there is none.</summary>
    public BodyRoom MakeRoom()
    {
        if (Room > 0)
        {
            return BodyRoom.Some;
        }

        if (Resume is not null)
        {
            return BodyRoom.NotNow; // it waits already
        }

        Wanted = NextBytes() - Held;
        return Wanted <= 0 || Held + Wanted > BytesMax ? BodyRoom.Never
            : budget.TryReserve(this) ? BodyRoom.Some
            : BodyRoom.NotNow;
    }

    /// <summary>Takes a small complete body, if there is room.</summary>
    public bool TryTakeSmall(ReadOnlySpan<byte> content)
    {
        if (Held > 0 || !budget.TryReserveSmall(this, content.Length))
        {
            return false;
        }

        _whole = content.ToArray();
        _capacity = content.Length;
        return true;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => Tail().FreeMemory.Span;

    public Memory<byte> GetMemory(int sizeHint = 0) => Tail().FreeMemory;

    public void Advance(int count) => _tail!.Extend(count);

    public void ConsumeTo(SequencePosition position)
    {
        if (_head is null)
        {
            return; // an empty sequence has no positions
        }

        var segment = (BodySegment)position.GetObject()!;
        while (!ReferenceEquals(_head, segment))
        {
            DropHead();
        }

        _headOffset = position.GetInteger();
        while (_head is not null && _headOffset == _head.Memory.Length)
        {
            DropHead();
        }
    }

    /// <summary>The whole content in one piece; large content is copied once.</summary>
    public ReadOnlyMemory<byte> HandOver()
    {
        if (_head is null)
        {
            return _whole;
        }

        if (_head.Block is null)
        {
            budget.GiveBack(this, Held - _capacity);
            _whole = _head.Memory; // small, and never shared
            return _whole;
        }

        byte[] whole = GC.AllocateUninitializedArray<byte>((int)Sequence.Length);
        Span<byte> rest = whole;
        while (_head is { } segment)
        {
            segment.Memory.Span.CopyTo(rest);
            rest = rest[segment.Memory.Length..];
            DropHead();
        }

        _whole = whole;
        _capacity = whole.Length;
        budget.GiveBack(this, Held - whole.Length);
        return _whole;
    }

    /// <summary>Gives everything back; a waiting reader continues without room.</summary>
    public void Clear()
    {
        _whole = default;
        bool wasStream = IsStream;
        IsStream = false; // all is given back together, below
        while (_head is not null)
        {
            DropHead();
        }

        _spare = wasStream ? null : _spare;
        _capacity = 0;
        EndReservation();
    }

    /// <summary>Ends the reservation; what was handed over stays.</summary>
    public void EndReservation()
    {
        if (Held > 0 || IsCounted || Resume is not null)
        {
            budget.Leave(this);
        }
    }

    /// <summary>The maximum size; a whole body becomes one array.</summary>
    private long BytesMax => IsStream ? budget.BytesMax : Math.Min(budget.BytesMax, WholeBytesMax);

    private long NextBytes()
    {
        bool isSmall = _announced is >= 0 and <= SmallBytesMax;
        if (IsStream)
        {
            return Held + (isSmall ? Math.Max(_announced, 1) : BlockBytes);
        }

        if (_announced >= 0)
        {
            return isSmall ? _announced : Blocks(_announced);
        }

        long next = Held < BlockBytes ? BlockBytes : Math.Max(SecondBytes, Held * 2);
        long most = Math.Min(Blocks(_bytesMax), BytesMax / BlockBytes * BlockBytes);
        return Math.Min(next, Math.Max(most, BlockBytes));
    }

    private BodySegment Tail() => _tail switch
    {
        { FreeBytes: > 0 } tail => tail,
        { Block: null } small when !IsStream => MoveToBlock(small),
        _ => Append(NewSegment()),
    };

    private BodySegment NewSegment()
    {
        BodySegment segment = _spare ?? new BodySegment();
        _spare = null;
        long bytes = _announced >= 0 ? _announced : Math.Max(_expected, SmallBytesMin);
        if (_head is null && bytes <= SmallBytesMax && (_announced >= 0 || !IsStream))
        {
            segment.Fill(new byte[Math.Min(bytes, Held)]);
        }
        else
        {
            segment.Fill(budget.Blocks.Rent());
        }

        return segment;
    }

    private BodySegment Append(BodySegment segment)
    {
        _capacity += segment.Capacity;
        if (_tail is null)
        {
            _head = segment;
            _headOffset = 0;
        }
        else
        {
            _tail.Append(segment);
        }

        _tail = segment;
        return segment;
    }

    /// <summary>A body of unknown length has outgrown its array.</summary>
    private BodySegment MoveToBlock(BodySegment small)
    {
        ReadOnlyMemory<byte> content = small.Memory;
        _capacity -= small.Capacity;
        _head = null;
        _tail = null;
        small.Reset();
        small.Fill(budget.Blocks.Rent());
        content.Span.CopyTo(small.FreeMemory.Span);
        small.Extend(content.Length);
        return Append(small);
    }

    private void DropHead()
    {
        BodySegment head = _head!;
        _head = head.NextSegment;
        _headOffset = 0;
        _tail = _head is null ? null : _tail;
        _capacity -= head.Capacity;
        if (head.Block is { } block)
        {
            budget.Blocks.Return(block);
        }

        if (IsStream)
        {
            budget.GiveBack(this, Math.Min(head.Capacity, Held));
        }

        head.Reset();
        // A stream's reader may still have a sequence of it, which must not change.
        _spare = IsStream ? null : head;
    }

    private static long Blocks(long bytes) => bytes > long.MaxValue - BlockBytes
        ? long.MaxValue / BlockBytes * BlockBytes
        : (bytes + BlockBytes - 1) / BlockBytes * BlockBytes;
}
