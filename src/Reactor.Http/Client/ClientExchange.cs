using System.Runtime.ExceptionServices;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// One request and its response on a connection: sends the request, reads the head, then decodes
/// the body as the response asks for it. Ends when both are complete, or with the connection.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// The content is sent by a task of its own while the response is read, because a server may answer
/// before it has read all. A response of 300 or more, or one that ends the connection, stops the
/// content (RFC 9112 9.5); any other lets it continue.
/// </para>
/// </remarks>
internal sealed class ClientExchange : BodySide, IClientExchange
{
    /// <summary>
    /// Reads in a row before other tasks run: interim responses have no bound but time.
    /// </summary>
    private const int ReadsPerTurn = 16;

    private readonly ClientContext _context;
    private readonly ClientConnection _connection;
    private readonly ClientCall _call;
    private readonly ChannelLoan _loan =
        new("The response has ended: it was disposed of, or its connection was given back.");

    private readonly ClientUpload? _upload;
    private readonly HeadPace _headPace;
    private Func<Exception>? _failure;
    private SendingState _request;
    private bool _hasHead;
    private bool _isRead;
    private bool _keepsAlive = true;
    private bool _hasEnded;

    public ClientExchange(ClientContext context, ClientConnection connection, ClientCall call)
    {
        _context = context;
        _connection = connection;
        _call = call;
        _headPace = new HeadPace(connection, context.Options.HeadTimeout);
        Body = new MessageBody(
            _loan, context.Limits, context.Options.HeadLimits, context.Budget, this);
        if (call.Request.Content is { } content)
        {
            _upload = new ClientUpload(this, connection, content, call.ContentLength);
        }
    }

    public MessageBody Body { get; }

    public ClientOptions Options => _context.Options;

    public bool HasResponseBytes { get; private set; }

    /// <summary>True once the connection was given back or closed.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>True if the content was asked to write itself.</summary>
    public bool HasContentBegun => _upload is { HasBegun: true };

    /// <summary>
    /// True if a kept connection ended without a byte of a response: its server may have closed it
    /// while it was idle.
    /// </summary>
    public bool WasLost { get; private set; }

    /// <summary>True if the connection can be used again once all is read and sent.</summary>
    public bool KeepsAlive => _keepsAlive && _request != SendingState.Stopped;

    /// <summary>
    /// The head of the response; valid until <see cref="StartBody"/>, which may end the exchange.
    /// </summary>
    public ResponseHead Head => _connection.Head;

    /// <summary>What undoes the codings of the content; null if it stays as it is.</summary>
    public ContentDecoding? MakeDecoding() =>
        ContentCodings.DecodingOf(Head, ContentCodings.AskedBy(_call.Request, Options));

    /// <summary>The trailer fields, once the body was read.</summary>
    public ClientResponseHeaders? Trailers { get; private set; }

    /// <summary>Sends the request; returns when the head of the response is read.</summary>
    /// <exception cref="ClientException">It failed; the connection is closed.</exception>
    public async Coroutine ReadHeadAsync()
    {
        _connection.Begin(this);
        try
        {
            ClientRequestHead.Write(_connection.Output, _call, Options);
            _upload?.Start(_call.ExpectsContinue);
            _connection.FlushSoon();
            if (_upload is null)
            {
                OnSent();
            }

            await ReadFinalHead();
            BeginBody();
        }
        finally
        {
            if (!_hasHead)
            {
                Abort();
            }
        }
    }

    /// <summary>Ends a response that was not read to its end, and its connection.</summary>
    public void Abort()
    {
        if (_hasEnded)
        {
            return;
        }

        _connection.Abort();
        End(isWhole: false);
    }

    /// <summary>Gives back the memory; what was not read is lost.</summary>
    public void Dispose()
    {
        Body.Abandon();
        if (!_isRead)
        {
            Abort();
        }

        _loan.End();
    }

    public override bool GivesBodyAway => true;

    public override Exception Refused(Rejection reason) =>
        _failure?.Invoke() ?? ClientFailures.OfBody(reason, Options);

    public override void OnRead()
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        if (Body.Trailers.Count > 0)
        {
            Trailers = ClientResponseHeaders.Of(Body.Trailers);
        }

        Body.Input.Release();
        EndIfWhole();
    }

    public void OnSent()
    {
        _request = SendingState.Sent;
        ExpectHead();
        EndIfWhole();
    }

    public void OnUploadBroken()
    {
        _request = SendingState.Stopped;
        ExpectHead();
        EndIfWhole();
    }

    public void OnUploadFailed(Exception error)
    {
        if (_isRead) // no read is left that could throw it
        {
            ClientFailures.Report(_context.Loop, error);
        }

        Fail(() => _hasHead
            ? new ClientException("The content of the request has failed.", error)
            : error);
    }

    public void OnRefused() => Abort();

    public void OnLate(DeadlineKind kind)
    {
        switch (kind)
        {
            case DeadlineKind.Body when Body.IsPaused:
                Body.RefusePaused();
                break;
            case DeadlineKind.Body:
                Body.Input.EndLate();
                _connection.Connection.ReleaseReader();
                break;
            case DeadlineKind.Send:
                Fail(() => ClientFailures.Late(ClientPhase.Send, Options));
                break;
            case DeadlineKind.Phase when !_hasHead && !_headPace.IsLate():
                break;
            default:
                ClientPhase phase = _hasHead ? ClientPhase.Total : ClientPhase.Head;
                Fail(() => ClientFailures.Late(phase, Options));
                break;
        }
    }

    private void Fail(Func<Exception> failure)
    {
        _failure ??= failure;
        if (Body.IsPaused)
        {
            Body.RefusePaused();
        }

        _connection.Abort();
        if (_hasHead)
        {
            End(isWhole: false);
        }
    }

    // From the end of the request on: while it is sent, the server may wait for the rest.
    private void ExpectHead()
    {
        if (!_hasHead && !_hasEnded)
        {
            _headPace.Begin();
        }
    }

    private async Coroutine ReadFinalHead()
    {
        for (int reads = 1; ; reads++)
        {
            bool hasHead = TryReadHead();
            if (hasHead && !Head.IsInterim)
            {
                return;
            }

            if (reads % ReadsPerTurn == 0)
            {
                await EventLoop.Yield();
            }

            if (!hasHead)
            {
                await _connection.WaitReadableAsync();
            }
        }
    }

    // False if it must wait for input.
    private bool TryReadHead()
    {
        ParseStatus status =
            _connection.ReadHead(_call.Method, out bool hasBytes, out bool isOver);
        HasResponseBytes |= hasBytes;
        if (status == ParseStatus.Done)
        {
            _keepsAlive &= Head.KeepAlive;
            _upload?.OnInterim(Head.Status);
            return true;
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure());
        }

        WasLost = isOver && !HasResponseBytes && _connection.IsReused;
        return status == ParseStatus.Rejected
            ? throw ClientFailures.Malformed(_connection.Parser.Rejection)
            : isOver
            ? throw ClientFailures.Disconnected(HasResponseBytes)
            : false;
    }

    private void BeginBody()
    {
        if (Head.Status == 101) // no upgrade was asked for
        {
            throw ClientFailures.Switched();
        }

        _hasHead = true;
        _loan.Begin(_connection);
        _connection.SetDeadline(DeadlineKind.Phase, _call.Due);
        if (_request == SendingState.Sending
            && (Head.Status >= 300 || !_keepsAlive || _upload is { IsHeldBack: true }))
        {
            _request = SendingState.Stopped;
            _upload?.Stop();
        }
    }

    /// <summary>
    /// Begins the body, after the head was copied: without one the connection is given back now.
    /// </summary>
    public void StartBody(ContentDecoding? decoding)
    {
        BodyStatus status = Body.Start(
            Head.BodyKind, Head.ContentLength, mustContinue: false, long.MaxValue, decoding);
        if (status == BodyStatus.Done)
        {
            OnRead();
        }
    }

    private void EndIfWhole()
    {
        if (_isRead && _request != SendingState.Sending)
        {
            End(isWhole: _request == SendingState.Sent && _keepsAlive);
        }
    }

    private void End(bool isWhole)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        Body.Input.EndWait();
        Body.Input.EndDecoding();
        Body.Leave(isGivenUp: _failure is not null && _hasHead && !_isRead);
        _upload?.Stop();
        _connection.End(isWhole);
        if (!isWhole && _request == SendingState.Sent)
        {
            _connection.Close();
        }
        else if (!isWhole)
        {
            _connection.Abort(); // a reset: the kernel drops what it did not send
        }

        _context.Pool.Return(_connection);
    }
}
