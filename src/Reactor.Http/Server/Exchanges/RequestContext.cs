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

    /// <summary>The pattern of the request's route, or null.</summary>
    public string? Pattern { get; protected set; }

    public RequestLine Line => new(Head, Pattern, Channel.Loop);

    private ChannelLoan Loan { get; } = new();

    /// <summary>Answers what cannot be served; the connection then ends.</summary>
    public void Refuse(Rejection reason)
    {
        Writer.EndConnection();
        Response answer = ErrorAnswers.OfRejection(
            RejectionTable.Get(reason), Server.Options.DevMode);
        if (reason == Rejection.BodyNoRoom)
        {
            ErrorAnswers.AskAgain(answer, Server.Options.Overload.RetryAfter);
        }

        Writer.Write(answer);
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
