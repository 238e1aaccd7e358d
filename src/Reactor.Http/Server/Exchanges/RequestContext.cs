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
        Body = new MessageBody(
            Loan, server.Limits, limits, server.BudgetOf(loop), RequestBodySide.Instance);
        Writer = new ResponseWriter(server, Loan, Body.Input);
    }

    public ServerContext Server { get; }

    public RequestParser Parser { get; }

    public RequestHead Head { get; } = new();

    public MessageBody Body { get; }

    public ResponseWriter Writer { get; }

    public ServerChannel Channel => _channel!;

    /// <summary>What answers the request; null before its head is parsed or refused.</summary>
    public Endpoint? Endpoint { get; protected set; }

    /// <summary>The pattern of the request's route, or null.</summary>
    public string? Pattern => Endpoint?.Pattern;

    /// <summary>The time for the handler, or null.</summary>
    public TimeSpan? HandlerTimeout =>
        Endpoint?.HandlerTimeout ?? Server.Options.Times.HandlerTimeout;

    /// <summary>Whether the handler is cancelled with its client.</summary>
    public bool CancelsOnDisconnect =>
        Endpoint?.CancelHandlerOnDisconnect ?? Server.Options.CancelHandlerOnDisconnect;

    /// <summary>
    /// True while the outermost middleware of a host runs, which disposes of the request's
    /// services: asked for at another time, nothing would.
    /// </summary>
    public bool HasServices { get; set; }

    public RequestLine Line => new(Head, Pattern, Channel.Loop);

    private ChannelLoan Loan { get; } =
        new("The request has ended: its response was sent, or can never be.");

    /// <summary>The id that a guard gave the request, or null.</summary>
    public abstract string? RequestId { get; }

    /// <summary>Adds a hook that runs before the heads of responses to this request.</summary>
    public abstract void AddHook(Action<Request?, Response> hook);

    protected void Lend(ServerChannel channel)
    {
        _channel = channel;
        HasServices = false;
        Loan.Begin(channel);
    }

    protected void TakeBack()
    {
        _channel = null;
        Loan.End();
    }
}
