namespace Reactor.Simulation;

/// <summary>
/// Bytes in the order in which they were put in: a receive queue or a send buffer of the in-memory
/// network. What is put in must not change afterwards.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ByteQueue
{
    private readonly Queue<ReadOnlyMemory<byte>> _rest = new();
    private ReadOnlyMemory<byte> _head;

    /// <summary>Bytes that are in it.</summary>
    public int Length { get; private set; }

    /// <summary>The first piece; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Head => _head;

    /// <summary>Puts bytes behind those that are there.</summary>
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

    /// <summary>Moves as many bytes as fit; returns how many there were.</summary>
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

    /// <summary>Drops bytes of the first piece.</summary>
    public void Drop(int bytes)
    {
        _head = _head[bytes..];
        Length -= bytes;
        if (_head.IsEmpty && _rest.Count > 0)
        {
            _head = _rest.Dequeue();
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _head = default;
        _rest.Clear();
        Length = 0;
    }
}
