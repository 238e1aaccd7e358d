using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Undoes the content codings of one body (RFC 9110 8.4), between its framing and its memory: it
/// takes what the framing's decoder writes, and gives out a piece in each step.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// It is pulled: the wire is read only if nothing is left to decode, so a body that decodes to much
/// more than it is holds two pieces for each coding and no more. This memory is not in the <see
/// cref="BodyBudget"/>; the first byte takes it, and <see cref="Dispose"/> or the end returns it.
/// </para>
/// </remarks>
/// <param name="stages">A stage for each coding; the first one decodes what was received.</param>
internal sealed class ContentDecoding(ContentStage[] stages) : IBufferWriter<byte>, IDisposable
{
    /// <summary>
    /// Bytes that all stages take for one piece of content. Empty members and blocks decode to
    /// nothing for ever; the largest extra field of a gzip header is 64 KiB.
    /// </summary>
    private const int BarrenBytesMax = 128 * 1024;

    private const int PieceBytes = ContentStage.PieceBytes;

    private byte[]? _input;
    private int _start;
    private int _end;
    private int _barrenBytes;
    private bool _isDry = true;
    private bool _isLast;

    /// <summary>Decoded bytes that were given out.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>The limit of decoded bytes.</summary>
    public long BytesMax { get; set; } = long.MaxValue;

    /// <summary>True once all is decoded, valid and given out.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True if a step may decode something, or find the end, without input.</summary>
    public bool HasWork => !_isDry && !IsEnded;

    /// <summary>As much input as it takes at once.</summary>
    public static ReadOnlySequence<byte> Limit(in ReadOnlySequence<byte> input) =>
        input.Length <= PieceBytes ? input : input.Slice(0, PieceBytes);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        _input ??= ArrayPool<byte>.Shared.Rent(PieceBytes);
        return _input.AsMemory(_end, PieceBytes - _end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        _end += count;
        _isDry &= count == 0;
    }

    /// <summary>The input has ended. A body without a byte has no coding to undo.</summary>
    public void EndInput()
    {
        _isLast = true;
        _isDry = false;
        IsEnded = _input is null;
    }

    /// <summary>Decodes a piece, or gives out of it what there is room for.</summary>
    public Rejection Decode(BodyBuffer target)
    {
        ContentStage last = stages[^1];
        if (!TryFill(stages.Length - 1))
        {
            return Rejection.ContentCodingInvalid;
        }

        if (last.Unread.Length > BytesMax - ContentBytes)
        {
            return Rejection.BodyTooLarge;
        }

        if (!last.Unread.IsEmpty)
        {
            _barrenBytes = 0;
            GiveOut(last, target);
        }

        IsEnded = last is { IsEnded: true, Unread.IsEmpty: true };
        if (IsEnded)
        {
            Dispose();
        }

        return Rejection.None;
    }

    public void Dispose()
    {
        _isDry = true;
        foreach (ContentStage stage in stages)
        {
            stage.Dispose();
        }

        if (_input is { } input)
        {
            _input = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    // Decodes until the stage has something, has ended, or the input is used up; false if it is
    // invalid. The depth is the number of codings.
    private bool TryFill(int index)
    {
        ContentStage stage = stages[index];
        ContentStage? source = index > 0 ? stages[index - 1] : null;
        while (stage is { IsEnded: false, Unread.IsEmpty: true } && !_isDry)
        {
            if (source is { IsEnded: false, Unread.IsEmpty: true } && stage.NeedsInput)
            {
                if (!TryFill(index - 1))
                {
                    return false;
                }

                continue;
            }

            ReadOnlyMemory<byte> input = source?.Unread ?? _input.AsMemory(_start, _end - _start);
            bool isLast = source?.IsEnded ?? _isLast;
            if (input.IsEmpty && !isLast && stage.NeedsInput)
            {
                _isDry = true;
            }
            else if (_barrenBytes > BarrenBytesMax
                || !stage.TryDecode(input, isLast, out int consumed))
            {
                return false;
            }
            else
            {
                _barrenBytes += consumed;
                Take(source, consumed);
            }
        }

        return true;
    }

    private void Take(ContentStage? source, int bytes)
    {
        if (source is null)
        {
            _start += bytes;
        }
        else
        {
            source.Take(bytes);
        }
    }

    private void GiveOut(ContentStage stage, BodyBuffer target)
    {
        if (target.Room > 0)
        {
            ReadOnlySpan<byte> piece =
                target.Limit(new ReadOnlySequence<byte>(stage.Unread)).FirstSpan;
            target.Write(piece);
            stage.Take(piece.Length);
            ContentBytes += piece.Length;
        }
    }
}
