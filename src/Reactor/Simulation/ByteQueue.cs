namespace Reactor.Simulation;

/// <summary>
/// A FIFO queue of bytes: a receive queue or send buffer of the in-memory network. Added memory
/// must not change afterwards.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ByteQueue
{
    private readonly Queue<ReadOnlyMemory<byte>> _rest = new();
    private ReadOnlyMemory<byte> _head;

    public int Length { get; private set; }

    /// <summary>The first piece; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Head => _head;

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Length += bytes.Length;
        if (_head.IsEmpty)
        {
            _head = bytes;
        }
        else
        {
            _rest.Enqueue(bytes);
        }
    }

    /// <summary>Moves as many bytes as fit and returns their number.</summary>
    public int Take(Span<byte> target)
    {
        int taken = 0;
        while (taken < target.Length && Length > 0)
        {
            int count = Math.Min(_head.Length, target.Length - taken);
            _head.Span[..count].CopyTo(target[taken..]);
            taken += count;
            Drop(count);
        }

        return taken;
    }

    /// <summary>Drops bytes of <see cref="Head"/>.</summary>
    public void Drop(int bytes)
    {
        _head = _head[bytes..];
        Length -= bytes;
        if (_head.IsEmpty && _rest.Count > 0)
        {
            _head = _rest.Dequeue();
        }
    }

    public void Clear()
    {
        _head = default;
        _rest.Clear();
        Length = 0;
    }
}
