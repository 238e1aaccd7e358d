using System.Buffers;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The bytes of the last complete response, if they can be recognised as a whole: final, framed by
/// its length, short, in one segment. What a response means is a function of its bytes, so equal
/// bytes need not be parsed again. One thread at a time.
/// </summary>
internal sealed class RepeatedResponse
{
    /// <summary>
    /// Longest response that is kept: comparing more would cost as much as parsing its head.
    /// </summary>
    public const int BytesMax = 1024;

    private readonly byte[] _bytes = new byte[BytesMax];
    private int _length;

    /// <summary>The length, 0 if none is kept.</summary>
    public int Length => _length;

    /// <summary>Whether a buffer begins with it, in its first segment.</summary>
    public bool IsAtStartOf(in ReadOnlySequence<byte> buffer) => _length > 0
        && buffer.FirstSpan is var first
        && first.Length >= _length
        && first[.._length].SequenceEqual(_bytes.AsSpan(0, _length));

    /// <summary>Keeps the first bytes of a buffer, if they are in one segment.</summary>
    public void Keep(in ReadOnlySequence<byte> buffer, long length)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        _length = length <= Math.Min(first.Length, BytesMax) ? (int)length : 0;
        first[.._length].CopyTo(_bytes);
    }

    /// <summary>Keeps none.</summary>
    public void Clear() => _length = 0;
}
