using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What the exchange asks of its connection: bytes of the body, ways to send, news of the client.
/// </summary>
internal sealed partial class HttpConnection
{
    /// <summary>Writes the answer to the present request.</summary>
    /// <exception cref="InvalidOperationException">There is no request any more.</exception>
    public ResponseWriter Writer => _exchange?.Writer ?? throw new InvalidOperationException(
        "The request has ended: its response was sent, or can never be.");

    /// <summary>
    /// For the body: reads what is there; one that is late ends here, whatever still comes.
    /// </summary>
    public bool TryRead(out ReadResult read)
    {
        EndBodyWait();
        _extras?.Watch?.HasReceived = false;
        if (_exchange!.IsBodyLate)
        {
            read = new ReadResult(default, isCanceled: false, isCompleted: true);
            return true;
        }

        return Input.TryRead(out read);
    }

    /// <summary>
    /// What was read of a body is taken; behind it the next request may stand already.
    /// </summary>
    /// <returns>The bytes that were taken.</returns>
    public long AdvanceBody(in ReadResult read, SequencePosition consumed)
    {
        if (_exchange!.IsBodyLate)
        {
            return 0; // nothing was read
        }

        long bytes = read.Buffer.Slice(read.Buffer.Start, consumed).Length;
        _exchange.BodyWait.Count(bytes);
        _exchange.Record.CountIn(bytes);
        Input.AdvanceTo(consumed);
        _mayRead = _connection.UnreadBytes > 0;
        _extras?.Watch?.Resume();
        return bytes;
    }

    /// <summary>
    /// For a small body: looks whether so many bytes are there, in one piece. Takes nothing.
    /// </summary>
    public bool TryPeekBody(int bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (_connection.UnreadBytes < bytes || _exchange!.IsBodyLate
            || !_connection.TryReadPiece(out ReadOnlySpan<byte> piece) || piece.Length < bytes)
        {
            return false;
        }

        content = piece[..bytes];
        return true;
    }

    /// <summary>Takes bytes that were looked at.</summary>
    public void TakeBody(int bytes)
    {
        _extras?.Watch?.HasReceived = false;
        _exchange!.BodyWait.Count(bytes);
        _exchange.Record.CountIn(bytes);
        _connection.Consume(bytes);
        _mayRead = _connection.UnreadBytes > 0;
        _extras?.Watch?.Resume();
    }

    /// <summary>Whether the client is there, as far as this server has seen.</summary>
    public ClientFate Client
    {
        get
        {
            bool isLeft = _connection.IsPeerGone || (Options.HalfCloseIsDisconnect
                && _connection.CloseReason == CloseReason.PeerClosed);
            return isLeft ? ClientFate.Left
                : _connection.IsOutputBroken ? ClientFate.CutOff
                : ClientFate.Present;
        }
    }

    /// <summary>The same, after a look: for what is rare enough for some system calls.</summary>
    public ClientFate AskForClient()
    {
        ClientWatch.Ask(this, _connection);
        return Client;
    }

    /// <summary>Cancelled when the client has gone while its request is answered.</summary>
    public CancellationToken Aborted
    {
        get
        {
            BeginWatch();
            return Extras.Watch!.Token;
        }
    }

    /// <summary>Watches whether the client stays, for the present request.</summary>
    public void BeginWatch()
    {
        ClientWatch watch = Extras.Watch ??= new ClientWatch(this, _connection);
        watch.Begin();
    }

    /// <summary>The present request has ended.</summary>
    public void EndWatch() => _extras?.Watch?.End();

    /// <summary>
    /// Bytes, or the end, have been received that no reader knows of: it must not wait for them.
    /// </summary>
    public void OnReadAhead()
    {
        _mayRead = true;
        _extras?.Watch?.HasReceived = true;
    }

    public bool TryFlush()
    {
        bool isFlushed = _connection.TryFlush();
        if (_connection.IsOutputBroken)
        {
            _extras?.Watch?.NoteFate();
        }
        else if (_state < ConnectionState.Ending)
        {
            _exchange?.Record.OnSent();
        }

        return isFlushed;
    }

    /// <summary>
    /// Hands the kernel what it takes; a task in the background sends the rest, if there is one.
    /// </summary>
    public void FlushSoon()
    {
        if (!TryFlush() && _extras?.Rest is not { IsDone: false })
        {
            Extras.Rest = Loop.CreateTask(FlushOutput(), "send");
        }
    }

    public OperationAwaitable WaitReadable()
    {
        if (_extras?.Watch is { HasReceived: true })
        {
            return OperationAwaitable.Done;
        }

        BeginBodyWait();
        return _connection.WaitReadable();
    }

    /// <inheritdoc/>
    string? IWorkDescription.DescribeWork() =>
        _exchange is { Endpoint.Pattern: { } pattern } exchange
            ? $"{Encoding.Latin1.GetString(exchange.Head.MethodBytes)} "
                + $"{Encoding.Latin1.GetString(exchange.Head.Path)} (route {pattern})"
            : null;

    public void WriteContinue() => _connection.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);

    /// <summary>Says what was refused, whatever becomes of the request.</summary>
    public void Report(Rejection reason, long offset) => _exchange!.Report(reason, offset);

    public Coroutine FlushOutput() => TimedFlush.Run(this);

    public void BeginStream(StreamResponse response)
    {
        TryFlush(); // answers that are whole leave before one that may break
        _exchange!.BeginStream(response);
    }
}
