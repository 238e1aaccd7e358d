using System.Buffers;
using System.IO.Compression;

namespace Reactor.Http;

/// <summary>The coding <c>br</c> (RFC 7932). Bytes after its end are invalid.</summary>
/// <remarks>
/// Loop thread only. The sender chooses the decoder's window: its native memory is up to 16 MiB.
/// </remarks>
internal sealed class BrotliStage : ContentStage
{
    private BrotliDecoder _decoder;
    private bool _isFinished;

    protected override bool TryDecode(
        ReadOnlyMemory<byte> input, bool isLast, Memory<byte> piece, out int consumed,
        out int written)
    {
        (consumed, written) = (0, 0);
        if (!_isFinished)
        {
            OperationStatus status =
                _decoder.Decompress(input.Span, piece.Span, out consumed, out written);
            _isFinished = status == OperationStatus.Done;
            bool isCut = status == OperationStatus.NeedMoreData && isLast && written == 0;
            if (isCut || status == OperationStatus.InvalidData)
            {
                return false;
            }
        }

        IsEnded = _isFinished && isLast;
        return !_isFinished || consumed == input.Length;
    }

    protected override void Dispose(bool disposing)
    {
        _decoder.Dispose();
        base.Dispose(disposing);
    }
}
