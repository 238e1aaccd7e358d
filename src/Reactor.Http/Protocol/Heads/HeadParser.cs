// Contract of every head parser: the buffer begins at the first byte of a message. Done says where
// the head ends. NeedMore consumes nothing; the next buffer begins at the same byte and is longer.
// Rejected is final. The parser never throws for what a peer sent.
//
// A head in the first segment is scanned in place and copied once. A head that spans segments is
// copied piece by piece and scanned in the copy. Bytes of the last segment are found without
// walking the sequence, so that many small segments cost linear time.
using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

/// <summary>The base of <see cref="RequestParser"/> and <see cref="ResponseParser"/>.</summary>
/// <remarks>Serves one connection, on one thread at a time.</remarks>
public abstract class HeadParser
{
    // A large body may follow a head in the same segment, so the copy is made in pieces.
    private const int PieceBytes = 2048;

    private FieldScanner _fields;
    private bool _begun;
    private int _seen;

    private protected HeadParser(ParserLimits limits, bool isTolerant = false)
    {
        Limits = limits;
        _fields = new FieldScanner(limits, trailers: false, isTolerant);
    }

    /// <summary>The bounds that this parser enforces.</summary>
    public ParserLimits Limits { get; }

    /// <summary>Why the message was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>
    /// The offset of the refused byte, the field at fault or the end of the head.
    /// </summary>
    public long RejectionOffset { get; private set; }

    /// <summary>True between messages: no byte of the next one was parsed.</summary>
    public bool IsIdle => !_begun;

    /// <summary>Forgets a rejection or a partial message.</summary>
    public virtual void Reset()
    {
        _begun = false;
        Rejection = Rejection.None;
        RejectionOffset = 0;
    }

    /// <summary>
    /// The end of the start line if it was in order, even if the head is rejected later; else 0.
    /// </summary>
    internal int LineBytes { get; private set; }

    private protected ResponseDeviations FieldDeviations => _fields.Deviations;

    private protected ParseStatus ParseHead(
        in ReadOnlySequence<byte> buffer, MessageHead head, out SequencePosition consumed)
    {
        ParseStatus status = ParseHead(buffer.FirstSpan, head, out _);
        if (status == ParseStatus.NeedMore && buffer.Length > _seen)
        {
            status = ScanCopied(buffer, head);
        }

        consumed = status == ParseStatus.Done
            ? buffer.GetPosition(_fields.Position)
            : buffer.Start;
        return status;
    }

    private protected ParseStatus ParseHead(
        ReadOnlySpan<byte> data, MessageHead head, out int consumed)
    {
        ParseStatus status =
            !TryBegin(head) ? ParseStatus.Rejected
            : data.Length > _seen ? ScanInPlace(data, head)
            : ParseStatus.NeedMore;
        consumed = status == ParseStatus.Done ? _fields.Position : 0;
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBegin(MessageHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (Rejection != Rejection.None)
        {
            return false;
        }

        if (!_begun)
        {
            _begun = true;
            LineBytes = 0;
            _seen = 0;
            head.Reset();
        }

        return true;
    }

    // Continues the start line. `data` begins with the message and is longer than before.
    private protected abstract ParseStatus ScanLine(
        ReadOnlySpan<byte> data, MessageHead head, out int end);

    // Decides what the whole head means, from bytes that need not be copied yet.
    private protected abstract ParseStatus Complete(ReadOnlySpan<byte> bytes, MessageHead head);

    private protected ParseStatus Reject(Rejection reason, int offset)
    {
        Debug.Assert(reason != Rejection.None, "A rejection has a reason.");
        Rejection = reason;
        RejectionOffset = offset;
        return ParseStatus.Rejected;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ParseStatus Scan(ReadOnlySpan<byte> data, MessageHead head)
    {
        if (LineBytes == 0)
        {
            ParseStatus line = ScanLine(data, head, out int end);
            if (line != ParseStatus.Done)
            {
                return line;
            }

            LineBytes = end;
            _fields.Begin(end);
        }

        ParseStatus status = _fields.Scan(data, head);
        return status == ParseStatus.Rejected
            ? Reject(_fields.Rejection, _fields.Position)
            : status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ParseStatus ScanInPlace(ReadOnlySpan<byte> data, MessageHead head)
    {
        ParseStatus status = Scan(data, head);
        _seen = data.Length;
        if (status != ParseStatus.Done)
        {
            return status;
        }

        // The copy is not read here: bytes that were just written come slowly.
        ReadOnlySpan<byte> bytes = data[.._fields.Position];
        status = Finish(bytes, head);
        head.Adopt(bytes);
        return status;
    }

    private ParseStatus Finish(ReadOnlySpan<byte> bytes, MessageHead head)
    {
        ParseStatus status = Complete(bytes, head);
        _begun = status != ParseStatus.Done;
        return status;
    }

    private ParseStatus ScanCopied(in ReadOnlySequence<byte> buffer, MessageHead head)
    {
        if (buffer.End.GetObject() is ReadOnlySequenceSegment<byte> last)
        {
            long lastStart = buffer.Length - buffer.End.GetInteger();
            if (head.Length >= lastStart)
            {
                ReadOnlySpan<byte> used = last.Memory.Span[..buffer.End.GetInteger()];
                return ScanPieces(used[(int)(head.Length - lastStart)..], head);
            }
        }

        foreach (ReadOnlyMemory<byte> segment in buffer.Slice(head.Length))
        {
            ParseStatus status = ScanPieces(segment.Span, head);
            if (status != ParseStatus.NeedMore)
            {
                return status;
            }
        }

        return ParseStatus.NeedMore;
    }

    private ParseStatus ScanPieces(ReadOnlySpan<byte> rest, MessageHead head)
    {
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> piece = rest[..Math.Min(rest.Length, PieceBytes)];
            rest = rest[piece.Length..];
            head.Append(piece);
            if (head.Length <= _seen)
            {
                continue;
            }

            _seen = head.Length;
            ParseStatus status = Scan(head.Bytes, head);
            if (status == ParseStatus.Done)
            {
                head.Truncate(_fields.Position);
                return Finish(head.Bytes, head);
            }

            if (status == ParseStatus.Rejected)
            {
                return status;
            }
        }

        return ParseStatus.NeedMore;
    }
}
