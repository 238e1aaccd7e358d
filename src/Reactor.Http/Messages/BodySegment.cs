using System.Buffers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A part of a <see cref="BodyBuffer"/>: a small managed array or a native block, and how far it is
/// filled. The buffer owns the memory.
/// </summary>
/// <remarks>Loop thread only. Reused.</remarks>
internal sealed class BodySegment : ReadOnlySequenceSegment<byte>
{
    private Memory<byte> _room;

    /// <summary>The block behind it; null for an array.</summary>
    public NativeBlock? Block { get; private set; }

    public int Capacity => _room.Length;

    public int FreeBytes => _room.Length - Memory.Length;

    public Memory<byte> FreeMemory => _room[Memory.Length..];

    public BodySegment? NextSegment => (BodySegment?)Next;

    public void Fill(byte[] array) => _room = array;

    public void Fill(NativeBlock block)
    {
        Block = block;
        _room = block.Memory;
    }

    public void Extend(int bytes) => Memory = _room[..(Memory.Length + bytes)];

    public void Append(BodySegment next)
    {
        Next = next;
        next.RunningIndex = RunningIndex + Memory.Length;
    }

    public void Reset()
    {
        Memory = default;
        Next = null;
        RunningIndex = 0;
        Block = null;
        _room = default;
    }
}
