namespace Reactor.Simulation;

/// <summary>
/// A FIFO queue of bytes: a receive queue or send buffer of the in-memory network. Added memory
/// must not change afterwards.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ByteQueue
{
    private readonly Queue<ReadOnlyMemory<byte>> _rest = new();

    public int Length { get; private set; }

    /// <summary>The first piece; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Head { get; private set; }

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Length += bytes.Length;
        if (Head.IsEmpty)
        {
            Head = bytes;
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
            int count = Math.Min(Head.Length, target.Length - taken);
            Head.Span[..count].CopyTo(target[taken..]);
            taken += count;
            Drop(count);
        }

        return taken;
    }

    public void Drop(int bytes)
    {
        Head = Head[bytes..];
        Length -= bytes;
        if (Head.IsEmpty && _rest.Count > 0)
        {
            Head = _rest.Dequeue();
        }
    }

    public void Clear()
    {
        Head = default;
        _rest.Clear();
        Length = 0;
    }
}
