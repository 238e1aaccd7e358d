// The streams of .NET neither say where coded data ends nor whether it is complete, but they pull:
// a stream that reads no bytes has ended, and one that waits for input has not.
//
// GZipStream goes on with the next member (RFC 1952 2.2) and ends only before a byte that begins
// none. So an end is garbage, and complete data waits like data that is cut off. At the end of the
// input a byte that begins no member tells them apart: it ends the stream behind a whole member,
// and anywhere else it is read.
//
// The data of the coding deflate ends where zlib says. What follows is no part of it (RFC 1950 2.3)
// and is dropped: the stream has read past the end and does not say how far.
using System.Diagnostics;
using System.IO.Compression;

namespace Reactor.Http;

/// <summary>
/// The codings <c>gzip</c>, of any number of members, and <c>deflate</c>: the zlib format (RFC 9110
/// 8.4.1.2), or raw deflate data, which some servers send.
/// </summary>
/// <remarks>Loop thread only; see <see cref="PiecewiseStream"/>.</remarks>
internal sealed class InflateStage(bool isGzip) : ContentStage
{
    /// <summary>No member of gzip begins with it.</summary>
    private static readonly byte[] s_noMember = [0];

    private readonly PiecewiseStream _source = new();
    private Stream? _stream;
    private Task<int>? _reading;
    private bool _isFinished;

    protected override bool TryDecode(
        ReadOnlyMemory<byte> input, bool isLast, Memory<byte> piece, out int consumed,
        out int written)
    {
        (consumed, written) = (input.Length, 0);
        if (_isFinished)
        {
            IsEnded = isLast;
            return true;
        }

        if (_stream is null)
        {
            if (input.IsEmpty)
            {
                return false;
            }

            _stream = Open(input.Span[0]);
        }

        try
        {
            _source.Give(input);
            if (TryRead(piece, out written))
            {
                consumed -= _source.UnreadBytes;
                _isFinished = written == 0;
                IsEnded = _isFinished && isLast;
                return !(isGzip && _isFinished);
            }

            if (isLast && isGzip)
            {
                _source.Give(s_noMember);
                IsEnded = TryRead(piece, out int extra) && extra == 0;
            }

            return IsEnded == isLast;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return false;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _source.End();
        _ = _reading?.Exception; // it is observed
        _stream?.Dispose();
        base.Dispose(disposing);
    }

    // CMF of zlib (RFC 1950 2.2): method 8, a window of at most 32 KiB. Raw data that begins so
    // would be a stored block whose padding is not zero.
    private Stream Open(byte first) =>
        isGzip ? new GZipStream(_source, CompressionMode.Decompress)
        : (first & 0x0F) == 8 && first >> 4 <= 7
            ? new ZLibStream(_source, CompressionMode.Decompress)
        : new DeflateStream(_source, CompressionMode.Decompress);

    // False if it waits for input.
    private bool TryRead(Memory<byte> piece, out int bytes)
    {
        bytes = 0;
        Task<int> reading = _reading ??= _stream!.ReadAsync(piece).AsTask();
        Debug.Assert(reading.IsCompleted || _source.IsWaiting, "it runs on this thread");
        if (!reading.IsCompleted)
        {
            return false;
        }

        _reading = null;
        bytes = reading.GetAwaiter().GetResult();
        return true;
    }
}
