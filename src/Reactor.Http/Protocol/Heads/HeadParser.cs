// How bytes reach the scanners: the part that request and response parsers share.
//
// Contract of every head parser: given a buffer that begins at the first byte of a message, it says
// Done and where the head ends; or NeedMore, consuming nothing, and the next buffer must begin at
// the same byte and have more; or Rejected, for good, with a reason and an offset. It never throws
// for what a peer sent, and it holds no state of an earlier message once it said Done. (The head
// may: it recognises itself, see RequestHead.)
//
// A head that lies in the first segment is scanned where it lies and copied once, when it is whole.
// One that spans segments is copied piece by piece into the head and scanned there. Offsets are the
// same in both, so a message may change from one to the other between calls. New bytes that lie in
// the last segment are found without walking the sequence: 32 KiB in one-byte segments stay linear.
using System.Buffers;
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>What <see cref="RequestParser"/> and <c>ResponseParser</c> have in common.</summary>
/// <remarks>One connection's; one thread at a time.</remarks>
public abstract class HeadParser
{
    // What follows a head in the same segment may be a large body: copy a little at a time.
    private const int PieceBytes = 2048;

    private bool _begun;
    private int _seen;
    private int _end;

    private protected HeadParser(ParserLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Limits = limits;
    }

    /// <summary>The bounds that this parser keeps.</summary>
    public ParserLimits Limits { get; }

    /// <summary>Why the message was refused, or <see cref="Rejection.None"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>
    /// The offset of the refused byte from the first byte of the message; for a fault of the head
    /// as a whole, that of the field at fault or of the head's end.
    /// </summary>
    public long RejectionOffset { get; private set; }

    /// <summary>True between messages: nothing of the next one has been seen.</summary>
    public bool IsIdle => !_begun;

    /// <summary>
    /// Forgets a rejection or a part of a message: the next buffer begins a message.
    /// </summary>
    public virtual void Reset()
    {
        _begun = false;
        Rejection = Rejection.None;
        RejectionOffset = 0;
    }

    private protected ParseStatus ParseHead(
        in ReadOnlySequence<byte> buffer, MessageHead head, out SequencePosition consumed)
    {
        consumed = buffer.Start;
        if (!TryBegin(head))
        {
            return ParseStatus.Rejected;
        }

        ReadOnlySpan<byte> first = buffer.FirstSpan;
        ParseStatus status = ParseStatus.NeedMore;
        if (first.Length > _seen)
        {
            status = ScanInPlace(first, head);
        }

        if (status == ParseStatus.NeedMore && buffer.Length > _seen)
        {
            status = ScanCopied(buffer, head);
        }

        if (status == ParseStatus.Done)
        {
            consumed = buffer.GetPosition(_end);
            _begun = false;
        }

        return status;
    }

    private protected ParseStatus ParseHead(
        ReadOnlySpan<byte> data, MessageHead head, out int consumed)
    {
        consumed = 0;
        if (!TryBegin(head))
        {
            return ParseStatus.Rejected;
        }

        // What was copied of an earlier piece is copied again when the head is whole.
        ParseStatus status = data.Length > _seen ? ScanInPlace(data, head) : ParseStatus.NeedMore;
        if (status == ParseStatus.Done)
        {
            consumed = _end;
            _begun = false;
        }

        return status;
    }

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
            _seen = 0;
            head.Reset();
            Begin();
        }

        return true;
    }

    // Starts a new message.
    private protected abstract void Begin();

    // Scans on; `data` begins at the first byte of the message and is longer than before.
    private protected abstract ParseStatus Scan(
        ReadOnlySpan<byte> data, MessageHead head, out int end);

    // The head is whole and copied: decides what it means.
    private protected abstract ParseStatus Complete(MessageHead head);

    private protected ParseStatus Reject(Rejection reason, int offset)
    {
        Debug.Assert(reason != Rejection.None, "A rejection has a reason.");
        Rejection = reason;
        RejectionOffset = offset;
        return ParseStatus.Rejected;
    }

    private ParseStatus ScanInPlace(ReadOnlySpan<byte> data, MessageHead head)
    {
        ParseStatus status = Scan(data, head, out _end);
        _seen = data.Length;
        if (status != ParseStatus.Done)
        {
            return status;
        }

        head.Adopt(data[.._end]);
        return Complete(head);
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
            ParseStatus status = Scan(head.Bytes, head, out _end);
            if (status == ParseStatus.Done)
            {
                head.Truncate(_end);
                return Complete(head);
            }

            if (status == ParseStatus.Rejected)
            {
                return status;
            }
        }

        return ParseStatus.NeedMore;
    }
}
