using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// How a connection comes to its next request: what was received is parsed where it lies, and what
/// is to be done next follows from it.
/// </summary>
internal sealed partial class HttpConnection
{
    private enum Step
    {
        Wait,
        Answer,
        End,
    }

    /// <summary>What is to be done next: reads and parses what is there, without waiting.</summary>
    private Step TakeStep()
    {
        if (_state == ConnectionState.Ending || _connection.IsClosed)
        {
            return Step.End;
        }

        if (_connection.IsOutputBroken)
        {
            Move(ConnectionEvent.OutputBroken);
            return Step.End;
        }

        if (_isHeadLate)
        {
            Move(ConnectionEvent.HeadTimeout);
            _exchange!.RefuseHead(Rejection.HeadTooSlow, 0);
            return Step.End;
        }

        // Asking the kernel again before it said that there is more would be a wasted system call.
        if (!_mayRead)
        {
            return Step.Wait;
        }

        return _connection.TryReadPiece(out ReadOnlySpan<byte> piece)
            ? TakePiece(piece)
            : TakeSequence();
    }

    /// <summary>The way of nearly every request: all that is there lies in one piece.</summary>
    private Step TakePiece(ReadOnlySpan<byte> piece)
    {
        Exchange exchange = BeginExchange();
        ParseStatus status = exchange.Parser.Parse(piece, exchange.Head, out int consumed);
        if (status == ParseStatus.NeedMore)
        {
            return TakeSequence(); // which may know of the end, or of more in another piece
        }

        if (status == ParseStatus.Rejected)
        {
            exchange.Record.KeepLine(piece);
            consumed = piece.Length;
        }

        exchange.Record.CountIn(consumed);
        _mayRead = consumed < piece.Length;
        _connection.Consume(consumed);
        return Conclude(exchange, status);
    }

    /// <summary>The same for what lies in several pieces, or is the end.</summary>
    private Step TakeSequence()
    {
        if (!Input.TryRead(out ReadResult read))
        {
            return Step.Wait;
        }

        if (read.Buffer.IsEmpty)
        {
            Input.AdvanceTo(read.Buffer.End);
            Move(ConnectionEvent.InputEnded);
            return Step.End;
        }

        Exchange exchange = BeginExchange();
        ParseStatus status = exchange.Parser.Parse(
            read.Buffer, exchange.Head, out SequencePosition consumed);
        if (status != ParseStatus.Done)
        {
            exchange.Record.KeepLine(read.Buffer);
            consumed = read.Buffer.End;
        }

        if (status == ParseStatus.NeedMore && !read.IsCompleted)
        {
            _mayRead = false;
            Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return Step.Wait;
        }

        _mayRead = !read.Buffer.End.Equals(consumed);
        exchange.Record.CountIn(read.Buffer.Slice(0, consumed).Length);
        Input.AdvanceTo(consumed);
        return Conclude(exchange, status);
    }

    private Exchange BeginExchange()
    {
        Exchange exchange = _exchange ??= _server.RentExchange(this);
        exchange.Record.Begin();
        Move(ConnectionEvent.Bytes);
        return exchange;
    }

    /// <summary>A head is whole, or will never be.</summary>
    private Step Conclude(Exchange exchange, ParseStatus status)
    {
        switch (status)
        {
            case ParseStatus.Done:
                Move(ConnectionEvent.HeadDone);
                _isHeadTimed = false;
                ClearDeadline(DeadlineKind.Phase);
                return Step.Answer;
            case ParseStatus.Rejected:
                Move(ConnectionEvent.Refused);
                exchange.RefuseHead(exchange.Parser.Rejection, exchange.Parser.RejectionOffset);
                return Step.End;
            default:
                Move(ConnectionEvent.InputEnded);
                return Step.End;
        }
    }
}
