using Microsoft.Extensions.Logging;

namespace Reactor.Http;

/// <summary>
/// What every connection and exchange of one server shares: options, log, caches and limits.
/// </summary>
/// <remarks>Loop thread only, with the exception of the options.</remarks>
internal sealed class ServerContext
{
    private OverloadGuard? _guard;
    private BodyBudget? _budget;

    public ServerContext(
        HttpServerOptions options, ILogger logger, ResponseHeaders? defaultHeaders)
    {
        Options = options;
        Lines = new ClientLines(logger, options);
        AccessLog = options.Log.MakeAccessLog();
        Defaults = new DefaultFields(options.ServerName, defaultHeaders);
        Heads = new HeadCache(Date, Defaults);
        Limits = new ChannelLimits
        {
            BytesPerSecondMin = options.Times.BytesPerSecondMin,
            RateGrace = options.Times.RateGrace,
            BodyIdleTimeout = options.Times.BodyIdleTimeout,
            BodyPauseTimeout = options.Times.BodyPauseTimeout,
            SendIdleTimeout = options.Times.SendIdleTimeout,
            StreamHighBytes = options.Limits.StreamHighBytes,
            StreamBytesPerTurn = options.Limits.StreamBytesPerTurn,
            HalfCloseIsDisconnect = options.HalfCloseIsDisconnect,
        };
    }

    public HttpServerOptions Options { get; }

    public ChannelLimits Limits { get; }

    public ClientLines Lines { get; }

    public Action<AccessRecord>? AccessLog { get; }

    public RecordPool Records { get; } = new();

    public DateCache Date { get; } = new();

    /// <summary>The beginnings of most response heads.</summary>
    public HeadCache Heads { get; }

    /// <summary>The fields of every response.</summary>
    public DefaultFields Defaults { get; }

    /// <summary>True once the shutdown has begun: responses end their connections.</summary>
    public bool IsShuttingDown { get; set; }

    /// <summary>What turns requests away; made for the loop of the first connection.</summary>
    public OverloadGuard GuardOf(EventLoop loop) => _guard ??= new OverloadGuard(loop, Options);

    /// <summary>
    /// The memory of all bodies together; made for the loop of the first connection.
    /// </summary>
    public BodyBudget BudgetOf(EventLoop loop) => _budget ??= new BodyBudget(
        loop,
        Options.Limits.BodyBufferBytes,
        Options.Times.BodyStallTimeout,
        () => Shed(Overload.Memory, loop));

    /// <summary>Counts and logs a request that is turned away.</summary>
    public void Shed(Overload reason, EventLoop loop)
    {
        HttpMetrics.Shed(reason);
        Lines.Overloaded(reason, loop);
    }

    /// <summary>Gives back what is kept for later.</summary>
    public void Trim() => _budget?.Blocks.Clear();
}
