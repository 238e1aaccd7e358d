// The content of one message, out of the bytes that follow its head (RFC 9112 6.3 and 7.1).
//
// Contract: `Read` takes from the front of the buffer whatever it can understand and says how far
// that is; the next buffer begins there. All content in it is copied to the caller's target in the
// same call, however many chunks it came in: a call for each chunk costs 50 times what a chunk of a
// byte does. The place in the grammar is kept in a few fields, so a body that comes a byte at a
// time costs what it costs in one piece. After a rejection nothing resynchronises.
//
// Limits count across reads. A size is compared with what is left of the limit by subtraction,
// before anything of it is waited for, so nothing overflows and nothing is buffered that will be
// refused.
using System.Buffers;
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>
/// An incremental decoder of bodies. One connection's; one thread at a time. Reusable.
/// </summary>
public sealed class BodyDecoder
{
    private enum Place : byte
    {
        Sized,
        UntilClose,
        ChunkLine,
        ChunkData,
        ChunkCr,
        ChunkLf,
        TrailerStart,
        TrailerLf,
        Trailer,
        Done,
        Rejected,
    }

    private readonly ParserLimits _limits;
    private ChunkLineScanner _line;
    private FieldScanner _fields;
    private Place _place = Place.Done;
    private long _left;
    private long _bytesMax;
    private long _offset;
    private int _chunksLeft;

    /// <summary>Makes a decoder with the default limits.</summary>
    public BodyDecoder()
        : this(ParserLimits.Default)
    {
    }

    /// <summary>Makes a decoder.</summary>
    /// <param name="limits">Its bounds.</param>
    public BodyDecoder(ParserLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
    }

    /// <summary>The bytes of content read so far.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>The chunks whose lines were read so far, the last one included.</summary>
    public long Chunks { get; private set; }

    /// <summary>Whether the body is complete.</summary>
    public bool IsDone => _place == Place.Done;

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>The offset of the refused byte from the first byte after the head.</summary>
    public long RejectionOffset { get; private set; }

    /// <summary>
    /// True if the next byte is content; false where it is framing, or nothing follows.
    /// </summary>
    public bool IsInContent => _place is Place.Sized or Place.UntilClose or Place.ChunkData;

    /// <summary>The trailer fields; complete when the body is, and empty for most bodies.</summary>
    public TrailerSection Trailers { get; } = new();

    /// <summary>Begins the body of a request.</summary>
    /// <param name="head">Its head.</param>
    /// <returns>Done if there is no body, Rejected if it is announced too large.</returns>
    public BodyStatus Start(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return Start(head.BodyKind, head.ContentLength, _limits.BodyBytesMax);
    }

    /// <summary>Begins a body.</summary>
    /// <param name="kind">How its end is found.</param>
    /// <param name="contentLength">Its length in bytes, if that is how.</param>
    /// <param name="bodyBytesMax">The most content to take, in bytes.</param>
    /// <returns>Done if there is no body, Rejected if it is announced too large.</returns>
    public BodyStatus Start(BodyKind kind, long contentLength, long bodyBytesMax)
    {
        Trailers.Reset();
        _line.BeginBody();
        _offset = 0;
        _left = 0;
        _bytesMax = bodyBytesMax;
        ContentBytes = 0;
        Chunks = 0;
        Rejection = Rejection.None;
        RejectionOffset = 0;
        switch (kind)
        {
            case BodyKind.None:
                _place = Place.Done;
                return BodyStatus.Done;
            case BodyKind.ContentLength when contentLength > bodyBytesMax:
                return Reject(Rejection.BodyTooLarge, 0);
            case BodyKind.ContentLength:
                Debug.Assert(contentLength > 0, "A length of 0 is no body.");
                _left = contentLength;
                _place = Place.Sized;
                return BodyStatus.NeedMore;
            default:
                _place = kind == BodyKind.Chunked ? Place.ChunkLine : Place.UntilClose;
                return BodyStatus.NeedMore;
        }
    }

    /// <summary>Gives the rented buffers back, as before a connection idles.</summary>
    public void Release() => Trailers.Release();

    /// <summary>
    /// Reads all that is there, or up to so many chunks, and copies the content out of the buffer.
    /// </summary>
    /// <param name="buffer">Begins where the last call stopped.</param>
    /// <param name="target">Gets the content; null drops it.</param>
    /// <param name="consumed">
    /// How far was read. When more bytes are needed this is the end of the buffer, unless
    /// <paramref name="chunksMax"/> ended the call: then it is the start of the next chunk.
    /// </param>
    /// <param name="chunksMax">
    /// Chunks to begin in this call; at least 1. Chunks of a byte cost more than their bytes, so a
    /// caller that shares its thread bounds both.
    /// </param>
    /// <returns>One of the three outcomes; see <see cref="BodyStatus"/>.</returns>
    /// <remarks>
    /// What <paramref name="target"/> throws passes through, for which memory that it lacks is the
    /// usual reason. The body is refused then: content is lost, and its end is not found any more.
    /// </remarks>
    public BodyStatus Read(
        in ReadOnlySequence<byte> buffer,
        IBufferWriter<byte>? target,
        out SequencePosition consumed,
        int chunksMax = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunksMax);
        long start = _offset;
        try
        {
            if (_place is Place.Sized or Place.UntilClose)
            {
                ReadPlain(buffer, target);
            }
            else
            {
                ReadChunks(buffer, target, chunksMax);
            }
        }
        catch
        {
            // Where the next message begins is not known to the caller, who was told no position.
            Reject(Rejection.BodyNoRoom, start);
            throw;
        }

        consumed = buffer.GetPosition(_offset - start);
        return Status;
    }

    /// <summary>The input has ended: says whether the body ended too (RFC 9112 8).</summary>
    /// <returns>Done, or Rejected because the message is incomplete.</returns>
    public BodyStatus ReadEnd()
    {
        if (_place == Place.UntilClose)
        {
            _place = Place.Done;
        }

        return _place is Place.Done or Place.Rejected
            ? Status
            : Reject(Rejection.BodyIncomplete, _offset);
    }

    /// <summary>
    /// Refuses the body for a reason outside of its bytes; what still comes is not read.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <returns>Rejected, or Done if the body was complete before.</returns>
    public BodyStatus Refuse(Rejection reason) =>
        _place is Place.Done or Place.Rejected ? Status : Reject(reason, _offset);

    /// <summary>All the content of a body of known length was taken past the decoder.</summary>
    internal void Skip()
    {
        Debug.Assert(_place == Place.Sized, "only there the length is known");
        ContentBytes += _left;
        _offset += _left;
        _left = 0;
        _place = Place.Done;
    }

    private BodyStatus Status => _place switch
    {
        Place.Done => BodyStatus.Done,
        Place.Rejected => BodyStatus.Rejected,
        _ => BodyStatus.NeedMore,
    };

    private void ReadPlain(in ReadOnlySequence<byte> buffer, IBufferWriter<byte>? target)
    {
        long length = buffer.Length;
        if (_place == Place.UntilClose && length > _bytesMax - ContentBytes)
        {
            Reject(Rejection.BodyTooLarge, _bytesMax);
            return;
        }

        if (_place == Place.Sized)
        {
            length = Math.Min(length, _left);
            _left -= length;
            _place = _left == 0 ? Place.Done : Place.Sized;
        }

        ContentBytes += length;
        _offset += length;
        if (target is not null)
        {
            foreach (ReadOnlyMemory<byte> piece in buffer.Slice(0, length))
            {
                target.Write(piece.Span);
            }
        }
    }

    private void ReadChunks(
        in ReadOnlySequence<byte> buffer, IBufferWriter<byte>? target, int chunksMax)
    {
        var content = new ContentRuns(target, stackalloc byte[ContentRuns.GatheredBytes]);
        _chunksLeft = chunksMax;
        foreach (ReadOnlyMemory<byte> piece in buffer)
        {
            if (!ReadPiece(piece.Span, ref content))
            {
                break;
            }
        }

        content.Flush();
    }

    // True if all of the span was read and more may follow.
    private bool ReadPiece(ReadOnlySpan<byte> span, ref ContentRuns content)
    {
        while (!span.IsEmpty)
        {
            if (_place is Place.Done or Place.Rejected
                || (_place == Place.ChunkLine && _chunksLeft == 0))
            {
                return false;
            }

            int used = _place == Place.ChunkData
                ? TakeContent(span, ref content)
                : StepFraming(span);
            _offset += used;
            span = span[used..];
        }

        return true;
    }

    private int TakeContent(ReadOnlySpan<byte> span, ref ContentRuns content)
    {
        int length = (int)Math.Min(span.Length, _left);
        content.Add(span[..length]);
        _left -= length;
        ContentBytes += length;
        _place = _left == 0 ? Place.ChunkCr : Place.ChunkData;
        return length;
    }

    // Reads framing from the front of a non-empty span; gives how many bytes were used.
    private int StepFraming(ReadOnlySpan<byte> span)
    {
        switch (_place)
        {
            case Place.ChunkLine:
                return StepChunkLine(span);
            case Place.ChunkCr when span is [Grammar.Cr, Grammar.Lf, ..]:
                _place = Place.ChunkLine;
                return 2;
            case Place.ChunkCr:
                return Expect(span[0], Grammar.Cr, Place.ChunkLf, Rejection.ChunkDataEnding);
            case Place.ChunkLf:
                return Expect(span[0], Grammar.Lf, Place.ChunkLine, Rejection.ChunkDataEnding);
            case Place.TrailerStart when span[0] == Grammar.Cr:
                _place = Place.TrailerLf;
                return 1;
            case Place.TrailerStart:
                _fields.Begin(0, _limits, trailers: true);
                _place = Place.Trailer;
                return StepTrailers(span);
            case Place.TrailerLf:
                return Expect(span[0], Grammar.Lf, Place.Done, Rejection.BareCarriageReturn);
            default:
                return StepTrailers(span);
        }
    }

    private int Expect(byte b, byte wanted, Place next, Rejection otherwise)
    {
        if (b != wanted)
        {
            Reject(otherwise, _offset);
            return 0;
        }

        _place = next;
        return 1;
    }

    private int StepChunkLine(ReadOnlySpan<byte> span)
    {
        ParseStatus status = _line.Scan(span, _limits, out int used);
        if (status == ParseStatus.Rejected)
        {
            Reject(_line.Rejection, _offset + used);
        }
        else if (status == ParseStatus.Done)
        {
            _left = _line.Size;
            _chunksLeft--;
            Chunks++;
            _line.BeginLine();
            _place = _left == 0 ? Place.TrailerStart : Place.ChunkData;
            if (_left > _bytesMax - ContentBytes)
            {
                Reject(Rejection.BodyTooLarge, _offset + used);
            }
        }

        return used;
    }

    // A trailer section is small and rare: its bytes are copied as they come and scanned there.
    private int StepTrailers(ReadOnlySpan<byte> span)
    {
        int before = Trailers.Length;
        int room = _limits.TrailerBytesMax + 1 - before;
        Trailers.Append(span[..Math.Min(span.Length, room)]);
        ParseStatus status = _fields.Scan(Trailers.Bytes, Trailers);
        if (status == ParseStatus.NeedMore)
        {
            return Trailers.Length - before;
        }

        if (status == ParseStatus.Rejected)
        {
            long start = _offset - before;
            Reject(_fields.Rejection, start + _fields.Position);
            return 0;
        }

        int used = _fields.Position - before;
        Trailers.Truncate(_fields.Position);
        Trailers.DropForbidden();
        _place = Place.Done;
        return used;
    }

    private BodyStatus Reject(Rejection reason, long offset)
    {
        Rejection = reason;
        RejectionOffset = offset;
        _place = Place.Rejected;
        return BodyStatus.Rejected;
    }
}
