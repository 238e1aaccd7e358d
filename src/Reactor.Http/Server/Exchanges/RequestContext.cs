using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What serves one request, as seen by the request, its record and the failure policy: head, body,
/// writer, and the connection's channel.
/// </summary>
/// <remarks>Loop thread only. Reused for each request.</remarks>
internal abstract class RequestContext
{
    private ServerChannel? _channel;

    protected RequestContext(ServerContext server, EventLoop loop)
    {
        Server = server;
        ParserLimits limits = server.Options.Parser;
        Parser = new RequestParser(limits);
        Body = new RequestBody(Loan, server.Limits, limits, server.BudgetOf(loop));
        Writer = new ResponseWriter(server, Loan, Body.Input);
    }

    public ServerContext Server { get; }

    public RequestParser Parser { get; }

    public RequestHead Head { get; } = new();

    public RequestBody Body { get; }

    public ResponseWriter Writer { get; }

    public ServerChannel Channel => _channel!;

    /// <summary>What answers the request; null for a malformed or late head.</summary>
    public Endpoint? Endpoint { get; protected set; }

    /// <summary>The pattern of the request's route, or null.</summary>
    public string? Pattern => Endpoint?.Pattern;

    /// <summary>The time for the handler, or null.</summary>
    public TimeSpan? HandlerTimeout =>
        Endpoint?.HandlerTimeout ?? Server.Options.Times.HandlerTimeout;

    /// <summary>Whether the handler is cancelled with its client.</summary>
    public bool CancelsOnDisconnect =>
        Endpoint?.CancelHandlerOnDisconnect ?? Server.Options.CancelHandlerOnDisconnect;

    public RequestLine Line => new(Head, Pattern, Channel.Loop);

    private ChannelLoan Loan { get; } = new();

    /// <summary>The id that a guard gave the request, or null.</summary>
    public abstract string? RequestId { get; }

    /// <summary>Adds a hook that runs before the heads of responses to this request.</summary>
    public abstract void AddHook(Action<Request?, Response> hook);

    /// <summary>Answers what cannot be served; the connection then ends.</summary>
    public void Refuse(Rejection reason)
    {
        Writer.EndConnection();
        Answer(ErrorAnswers.OfRejection(this, reason));
    }

    /// <summary>
    /// Writes a response that the server makes; if it cannot be prepared, 500 takes its place.
    /// </summary>
    public void Answer(Response response)
    {
        try
        {
            Writer.Write(response);
        }
        catch (Exception error)
        {
            Server.Lines.AnswerFailed(Pattern, response.Status, Channel.Loop, error);
            Writer.OnPrepare = null;
            Writer.Write(ErrorAnswers.OfFault(this, error));
        }
    }

    protected void Lend(ServerChannel channel)
    {
        _channel = channel;
        Loan.Begin(channel);
    }

    protected void TakeBack()
    {
        _channel = null;
        Loan.End();
    }
}
