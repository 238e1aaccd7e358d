// The content of one message, out of the bytes that follow its head (RFC 9112 6.3 and 7.1).
//
// Contract: `Read` takes from the front of the buffer whatever it can understand and says how far
// that is; the next buffer begins there. It gives at most one run of content at a time, a slice of
// the caller's own buffer. The place in the grammar is kept in a few fields, so a body that comes a
// byte at a time costs what it costs in one piece. After a rejection nothing resynchronises.
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

    /// <summary>The bytes of content given out so far.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Whether the body is complete.</summary>
    public bool IsDone => _place == Place.Done;

    /// <summary>Why the body was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>The offset of the refused byte from the first byte after the head.</summary>
    public long RejectionOffset { get; private set; }

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

    /// <summary>Reads on.</summary>
    /// <param name="buffer">Begins where the last call stopped.</param>
    /// <param name="content">A slice of the buffer that is content; perhaps empty.</param>
    /// <param name="consumed">How far was read; content included.</param>
    /// <returns>One of the three outcomes; see <see cref="BodyStatus"/>.</returns>
    public BodyStatus Read(
        in ReadOnlySequence<byte> buffer,
        out ReadOnlySequence<byte> content,
        out SequencePosition consumed)
    {
        content = default;
        consumed = buffer.Start;
        if (_place is Place.Sized or Place.UntilClose)
        {
            return ReadPlain(buffer, out content, out consumed);
        }

        ReadOnlySequence<byte> rest = buffer;
        while (_place is not (Place.Done or Place.Rejected) && !rest.IsEmpty)
        {
            if (_place == Place.ChunkData)
            {
                content = TakeContent(ref rest);
                break;
            }

            rest = rest.FirstSpan.IsEmpty
                ? SkipEmpty(rest)
                : rest.Slice(ReadFraming(rest.FirstSpan));
        }

        consumed = rest.Start;
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

    private BodyStatus Status => _place switch
    {
        Place.Done => BodyStatus.Done,
        Place.Rejected => BodyStatus.Rejected,
        _ => BodyStatus.NeedMore,
    };

    private BodyStatus ReadPlain(
        in ReadOnlySequence<byte> buffer,
        out ReadOnlySequence<byte> content,
        out SequencePosition consumed)
    {
        content = default;
        consumed = buffer.Start;
        long length = buffer.Length;
        if (_place == Place.UntilClose && length > _bytesMax - ContentBytes)
        {
            return Reject(Rejection.BodyTooLarge, _bytesMax);
        }

        if (_place == Place.Sized)
        {
            length = Math.Min(length, _left);
            _left -= length;
            _place = _left == 0 ? Place.Done : Place.Sized;
        }

        content = buffer.Slice(0, length);
        consumed = content.End;
        ContentBytes += length;
        _offset += length;
        return Status;
    }

    private ReadOnlySequence<byte> TakeContent(ref ReadOnlySequence<byte> rest)
    {
        long length = Math.Min(rest.Length, _left);
        ReadOnlySequence<byte> content = rest.Slice(0, length);
        rest = rest.Slice(content.End);
        _left -= length;
        _offset += length;
        ContentBytes += length;
        _place = _left == 0 ? Place.ChunkCr : Place.ChunkData;
        return content;
    }

    // Reads framing until content, the end of the body or the end of the span.
    private int ReadFraming(ReadOnlySpan<byte> span)
    {
        int used = 0;
        while (used < span.Length
            && _place is not (Place.ChunkData or Place.Done or Place.Rejected))
        {
            int step = StepFraming(span[used..]);
            _offset += step;
            used += step;
        }

        return used;
    }

    // Reads framing from the front of a non-empty span; gives how many bytes were used.
    private int StepFraming(ReadOnlySpan<byte> span)
    {
        switch (_place)
        {
            case Place.ChunkLine:
                return StepChunkLine(span);
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

    // To the first byte: what was read up to the end of a segment may begin there, and neither
    // `Slice(0)` nor `GetPosition(0)` moves on from such a place.
    private static ReadOnlySequence<byte> SkipEmpty(in ReadOnlySequence<byte> rest)
    {
        SequencePosition at = rest.Start;
        SequencePosition next = at;
        while (rest.TryGet(ref next, out ReadOnlyMemory<byte> memory) && memory.IsEmpty)
        {
            at = next;
        }

        return rest.Slice(at);
    }
}
