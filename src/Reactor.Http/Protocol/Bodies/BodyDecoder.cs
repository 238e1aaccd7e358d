// The content of one message, from the bytes behind its head (RFC 9112 6.3 and 7.1).
//
// `Read` copies all content to the target in the same call, because a call for each chunk costs 50
// times as much as a chunk of one byte. No byte is looked at twice.
//
// Limits count across reads. A size is compared with the rest of the limit by subtraction before
// any of its bytes are awaited, so nothing overflows.
using System.Buffers;
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>
/// An incremental decoder of bodies. Reusable, by one connection and one thread at a time.
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
    private Place _place = Place.Done;
    private long _left;
    private long _bytesMax;
    private long _offset;
    private int _chunksLeft;

    /// <summary>Makes a decoder.</summary>
    /// <param name="limits">Null for <see cref="ParserLimits.Default"/>.</param>
    public BodyDecoder(ParserLimits? limits = null)
    {
        _limits = limits ?? ParserLimits.Default;
        Trailers = new TrailerSection(_limits);
    }

    /// <summary>The bytes of content read so far.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>The chunk lines read so far, including that of the last chunk.</summary>
    public long Chunks { get; private set; }

    /// <summary>Whether the body is complete.</summary>
    public bool IsDone => _place == Place.Done;

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>The offset of the refused byte from the first byte after the head.</summary>
    public long RejectionOffset { get; private set; }

    /// <summary>Whether the next byte is content, and not framing or the end.</summary>
    public bool IsInContent => _place is Place.Sized or Place.UntilClose or Place.ChunkData;

    /// <summary>The trailer fields, complete when the body is.</summary>
    public TrailerSection Trailers { get; }

    /// <summary>Begins the body of a request.</summary>
    /// <returns>Done if there is no body, Rejected if its length exceeds the limit.</returns>
    public BodyStatus Start(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return Start(head.BodyKind, head.ContentLength, _limits.BodyBytesMax);
    }

    /// <summary>Begins a body; the limit is in bytes of content.</summary>
    /// <inheritdoc cref="Start(RequestHead)"/>
    public BodyStatus Start(BodyKind kind, long contentLength, long bodyBytesMax)
    {
        Trailers.Reset();
        _line.BeginBody();
        _bytesMax = bodyBytesMax;
        (_offset, _left, ContentBytes, Chunks) = (0, 0, 0, 0);
        (Rejection, RejectionOffset) = (Rejection.None, 0);
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

    /// <summary>Lowers the limit of a body of which nothing was read.</summary>
    public BodyStatus LimitTo(long bytesMax)
    {
        Debug.Assert(ContentBytes == 0, "A limit cannot refuse what was given out.");
        _bytesMax = Math.Min(_bytesMax, bytesMax);
        return _place == Place.Sized && _left > _bytesMax
            ? Reject(Rejection.BodyTooLarge, 0)
            : BodyStatus.NeedMore;
    }

    /// <summary>Returns the rented arrays to the pool.</summary>
    public void Release() => Trailers.Release();

    /// <summary>
    /// Reads the buffer, or up to a number of chunks, and copies the content to the target.
    /// </summary>
    /// <param name="buffer">Begins where the last call stopped reading.</param>
    /// <param name="target">Receives the content; null discards it.</param>
    /// <param name="consumed">
    /// The end of what was read: for NeedMore the end of the buffer, or the start of the next chunk
    /// if <paramref name="chunksMax"/> ended the call.
    /// </param>
    /// <param name="chunksMax">
    /// Chunks to begin in this call; at least 1. Tiny chunks cost more than their bytes.
    /// </param>
    /// <remarks>
    /// An exception of <paramref name="target"/> passes through and refuses the body, because
    /// content is lost.
    /// </remarks>
    public BodyStatus Read(
        in ReadOnlySequence<byte> buffer, IBufferWriter<byte>? target,
        out SequencePosition consumed, int chunksMax = int.MaxValue)
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
            // The caller gets no position, so it cannot know where the next message begins.
            Reject(Rejection.BodyNoRoom, start);
            throw;
        }

        consumed = buffer.GetPosition(_offset - start);
        return Status;
    }

    /// <summary>Tells the decoder that the input has ended (RFC 9112 8).</summary>
    /// <returns>Done, or Rejected if the body is incomplete.</returns>
    public BodyStatus ReadEnd()
    {
        if (_place == Place.UntilClose)
        {
            _place = Place.Done;
        }

        return Refuse(Rejection.BodyIncomplete);
    }

    /// <summary>Refuses the rest of the body for a reason outside of its bytes.</summary>
    /// <returns>Rejected, or Done if the body was already complete.</returns>
    public BodyStatus Refuse(Rejection reason) =>
        _place is Place.Done or Place.Rejected ? Status : Reject(reason, _offset);

    /// <summary>Refuses the content of a body, which may be complete on the wire.</summary>
    internal BodyStatus RefuseContent(Rejection reason) => Reject(reason, _offset);

    /// <summary>Ends a body of known length whose content the caller took itself.</summary>
    internal void Skip()
    {
        Debug.Assert(_place == Place.Sized, "Only then is the length known.");
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

    // True if the whole span was read and more may follow.
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

    // Reads framing from the front of a non-empty span; returns the bytes used.
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

    private int StepTrailers(ReadOnlySpan<byte> span)
    {
        ParseStatus status = Trailers.Read(span, out int used);
        if (status == ParseStatus.Rejected)
        {
            Reject(Trailers.Rejection, _offset + used);
            return 0;
        }

        _place = status == ParseStatus.Done ? Place.Done : Place.Trailer;
        return used;
    }

    private BodyStatus Reject(Rejection reason, long offset)
    {
        (Rejection, RejectionOffset, _place) = (reason, offset, Place.Rejected);
        return BodyStatus.Rejected;
    }
}
