using System.Buffers;
using System.Diagnostics;

namespace Reactor.Http;

/// <summary>
/// Decodes one content coding (RFC 9110 8.4.1), a piece at a time: into its own buffer, which its
/// reader empties before the next piece is decoded.
/// </summary>
/// <remarks>
/// Loop thread only. The first byte takes its memory, <see cref="Dispose()"/> returns it.
/// </remarks>
internal abstract class ContentStage : IDisposable
{
    /// <summary>The most that is decoded at once: the buffer that .NET's decoders have.</summary>
    public const int PieceBytes = 8 * 1024;

    private byte[]? _piece;
    private int _start;
    private int _end;

    /// <summary>What was decoded and not taken.</summary>
    public ReadOnlyMemory<byte> Unread => _piece.AsMemory(_start, _end - _start);

    /// <summary>True if it can decode no more before it gets input.</summary>
    public bool NeedsInput { get; private set; } = true;

    /// <summary>True once its input has ended, and the coded data with it.</summary>
    public bool IsEnded { get; protected set; }

    public void Take(int bytes) => _start += bytes;

    /// <summary>Decodes a piece; false if the input is invalid or ends too early.</summary>
    /// <param name="input">May be empty, if it is the end or no more input is needed.</param>
    /// <param name="isLast">Whether the input ends here.</param>
    /// <param name="consumed">How much of the input must not be given again.</param>
    public bool TryDecode(ReadOnlyMemory<byte> input, bool isLast, out int consumed)
    {
        Debug.Assert(Unread.IsEmpty && !IsEnded, "a piece is decoded when the last one was taken");
        _piece ??= ArrayPool<byte>.Shared.Rent(PieceBytes);
        _start = 0;
        bool isValid = TryDecode(
            input, isLast, _piece.AsMemory(0, PieceBytes), out consumed, out _end);
        NeedsInput = _end == 0;
        return isValid;
    }

    /// <summary>Gives the memory back; idempotent.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Decodes into a piece, which is the same in each call.</summary>
    protected abstract bool TryDecode(
        ReadOnlyMemory<byte> input, bool isLast, Memory<byte> piece, out int consumed,
        out int written);

    protected virtual void Dispose(bool disposing)
    {
        if (_piece is { } piece)
        {
            _piece = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
