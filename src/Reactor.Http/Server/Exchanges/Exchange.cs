using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A request and its answer, with all that they need and an idle connection does not: parser, head,
/// body, writer, record. It finds the handler, writes what that returned, and turns what went wrong
/// into the one answer that is still possible, or into a reset.
/// </summary>
/// <remarks>
/// Loop thread only; it waits for nothing. A connection borrows one from its server with the first
/// byte of a request and gives it back when it idles. Its parts know it and not the connection,
/// which is another one each time; what may outlive a request knows the Connection.
/// </remarks>
internal sealed class Exchange
{
    private readonly HttpServer _server;
    private readonly OverloadGuard _guard;
    private HttpConnection? _owner;
    private Request? _request;
    private long _turn;

    public Exchange(HttpServer server, OverloadGuard guard)
    {
        _server = server;
        _guard = guard;
        Parser = new RequestParser(server.Options.Limits);
        Body = new RequestBody(this, server.Options.Limits);
        Writer = new ResponseWriter(server, this);
        Record = new RequestRecorder(server, this);
        Run = new HandlerRun(this, guard);
    }

    public RequestParser Parser { get; }

    public RequestHead Head { get; } = new();

    public RequestBody Body { get; }

    public ResponseWriter Writer { get; }

    public RequestRecorder Record { get; }

    public HandlerRun Run { get; }

    public BodyWait BodyWait { get; } = new();

    /// <summary>The connection that has borrowed it.</summary>
    public HttpConnection Owner => _owner!;

    public Connection Connection => _owner!.Connection;

    /// <summary>The memory of bodies; of its server, on its loop.</summary>
    public BodyBudget Budget => _server.BudgetOf(Owner.Loop);

    /// <summary>The next of those that the server keeps.</summary>
    public Exchange? Next { get; set; }

    /// <summary>The earliest of the request's own deadlines.</summary>
    public TimeSpan EarliestDue => BodyWait.Due < Run.Due ? BodyWait.Due : Run.Due;

    /// <summary>
    /// True if the next request may follow as things are, which is nearly always.
    /// </summary>
    public bool IsSettled => Writer.KeepsAlive && Body.IsDone
        && Connection.Output.UnflushedBytes < _server.Options.FlushBytes;

    /// <summary>
    /// True if nothing of a request is left in it, so that another connection may have it.
    /// </summary>
    public bool IsClean => Parser.IsIdle && Parser.Rejection == Rejection.None && Body.IsQuiet
        && Run.Interruption == Interruption.None;

    /// <summary>True if the body did not come in time: its reader was told that it ended.</summary>
    public bool IsBodyLate { get; set; }

    /// <summary>The response that the handler sends in pieces, once it has begun.</summary>
    public StreamResponse? Stream { get; set; }

    /// <summary>What the handler gets.</summary>
    public Request Request => _request!;

    /// <summary>What answers the request; null before it was found.</summary>
    public Endpoint? Endpoint { get; private set; }

    /// <summary>A connection borrows it.</summary>
    public void Attach(HttpConnection owner)
    {
        _owner = owner;
        IsBodyLate = false;
        BodyWait.BeginRequest();
        Run.Due = TimeSpan.MaxValue;
    }

    /// <summary>It is given back.</summary>
    public void Detach()
    {
        Body.Abandon();
        Body.Trim();
        Head.Trim();
        _owner = null;
        Endpoint = null;
        _request = null;
        Stream = null;
    }

    /// <summary>Gives back what it rented; it is not used again.</summary>
    public void Release()
    {
        Head.Release();
        Body.Release();
    }

    /// <summary>
    /// Finds the handler of the request in the head; null if it is answered already.
    /// </summary>
    public Func<Request, Coroutine<Response>>? Begin()
    {
        HttpConnection owner = Owner;
        _turn = owner.Loop.TurnCount;
        BodyWait.BeginRequest();
        Stream = null;
        Writer.Begin(Head, owner.MayBeKept() && Head.KeepAlive); // the first counts the request
        Endpoint endpoint = _server.Dispatcher.Find(Head, out MatchInfo match);
        Endpoint = endpoint;
        long bodyBytesMax = endpoint.BodyBytesMax ?? _server.Options.Limits.BodyBytesMax;
        if (Body.Start(Head, bodyBytesMax) == BodyStatus.Rejected)
        {
            Refuse(Body.Rejection);
            return null;
        }

        if (_guard.Ask() is var overload and not Overload.None
            && !endpoint.ServesOverloaded)
        {
            HttpMetrics.Shed(overload);
            _server.Lines.Overloaded(overload, owner.Loop);
            Writer.Write(ErrorAnswers.Unavailable(_server.Options.RetryAfter));
            return null;
        }

        _request = new Request(this, match);
        Run.Begin();
        return endpoint.Handler;
    }

    /// <summary>True if the handler did not end in the turn in which it was called.</summary>
    public bool HasWaited => Connection.Loop.TurnCount != _turn;

    /// <summary>The handler has ended, and its answer or failure is dealt with.</summary>
    public void EndRequest()
    {
        Request.End();
        Run.End();
    }

    /// <summary>Writes what the handler returned, or ends what it streamed.</summary>
    public void End(Response? response)
    {
        switch (response)
        {
            case null:
                throw new InvalidOperationException("The handler returned no response.");
            case StreamResponse { IsPrepared: false }:
                throw new InvalidOperationException(
                    "A StreamResponse must be prepared by its handler.");
            case not null when (Writer.HasBegun || response is StreamResponse)
                && !ReferenceEquals(response, Stream):
                throw new InvalidOperationException(
                    "The handler returned another response than the one that it had begun.");
            case StreamResponse { IsComplete: false } when !Writer.IsBodiless
                && Owner.AskForClient() != ClientFate.Present:
                Writer.GiveUp(); // it found out that nothing it writes is sent, and has ended
                break;
            case StreamResponse { IsComplete: false } when !Writer.IsBodiless:
                if (BegunResponse.MayReplace(this))
                {
                    _server.Lines.ResponseShort(this, "its response is 500");
                    Writer.Write(ErrorAnswers.Plain(500));
                }
                else
                {
                    _server.Lines.ResponseShort(this, "the connection is reset");
                    BegunResponse.End(this);
                }

                break;
            case StreamResponse stream:
                stream.End();
                break;
            default:
                Writer.Write(response);
                break;
        }
    }

    /// <summary>The handler ended with an exception.</summary>
    /// <param name="error">What it threw.</param>
    public void Fail(Exception error)
    {
        Interruption why = Run.Interruption;
        if (why != Interruption.None && error is OperationCanceledException)
        {
            FailInterrupted(why);
            return;
        }

        if (Owner.AskForClient() != ClientFate.Present)
        {
            // Most likely that is why the handler failed.
            if (error is not (RequestBodyException or OperationCanceledException))
            {
                _server.Lines.HandlerThrewAlone(this, error);
            }

            Writer.GiveUp();
            return;
        }

        if (error is RequestQueryException && !Writer.HasBegun)
        {
            Writer.Write(ErrorAnswers.OfContent(error, IsDev));
            return;
        }

        if (error is RequestBodyException { Reason: var reason }
            && (reason != Rejection.None || !Writer.HasBegun))
        {
            FailOfBody(error, reason);
            return;
        }

        if (BegunResponse.MayReplace(this))
        {
            _server.Lines.HandlerThrew(this, 500, error);
            Writer.Write(ErrorAnswers.OfException(error, IsDev));
            return;
        }

        if (BegunResponse.IsWhole(this))
        {
            _server.Lines.HandlerThrew(this, Writer.Status, error);
        }
        else
        {
            _server.Lines.HandlerBrokeOff(this, error);
        }

        BegunResponse.End(this);
    }

    /// <summary>
    /// The fault is the client's, and was reported: it is no failure of the handler.
    /// </summary>
    private void FailOfBody(Exception error, Rejection reason)
    {
        if (!BegunResponse.MayReplace(this))
        {
            BegunResponse.End(this);
        }
        else if (reason == Rejection.None)
        {
            Writer.Write(ErrorAnswers.OfContent(error, IsDev));
        }
        else
        {
            Refuse(reason);
        }
    }

    private void FailInterrupted(Interruption why)
    {
        Writer.GiveUp();
        if (why == Interruption.Late)
        {
            _server.Lines.HandlerLate(this, _server.Options.HandlerTimeout);
        }

        if (why == Interruption.ClientGone)
        {
            Owner.Abort();
        }
        else if (!BegunResponse.MayReplace(this))
        {
            BegunResponse.End(this);
        }
        else
        {
            Writer.Write(why == Interruption.Shutdown
                ? ErrorAnswers.Unavailable(_server.Options.RetryAfter)
                : ErrorAnswers.Plain(503));
        }
    }

    /// <summary>Answers what was never a request; the connection ends after it.</summary>
    public void RefuseHead(Rejection reason, long offset)
    {
        Writer.BeginRefusal();
        Report(reason, offset);
        Refuse(reason);
        Record.End();
    }

    /// <summary>
    /// Answers what cannot be served and was reported; the connection ends after it.
    /// </summary>
    public void Refuse(Rejection reason)
    {
        Writer.GiveUp();
        Response answer = ErrorAnswers.OfRejection(RejectionTable.Get(reason), IsDev);
        if (reason == Rejection.BodyNoRoom)
        {
            ErrorAnswers.AskAgain(answer, _server.Options.RetryAfter);
        }

        Writer.Write(answer);
    }

    /// <summary>
    /// Counts what was refused, whatever becomes of the request, and says it, if not too much was
    /// said lately.
    /// </summary>
    public void Report(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        HttpMetrics.Rejected(info.Id);
        _server.Lines.Refused(Connection, offset, info);
    }

    /// <summary>The handler sends its answer in pieces.</summary>
    public void BeginStream(StreamResponse response)
    {
        Writer.BeginStream(response);
        Stream = response;
    }

    private bool IsDev => _server.Options.DevMode;
}
