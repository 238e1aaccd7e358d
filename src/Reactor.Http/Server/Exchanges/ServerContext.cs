using Microsoft.Extensions.Logging;

namespace Reactor.Http;

/// <summary>
/// What all connections and exchanges of one server share: options, log, caches and limits.
/// </summary>
/// <remarks>Loop thread only, except the options.</remarks>
internal sealed class ServerContext
{
    private OverloadGuard? _guard;
    private BodyBudget? _budget;
    private Dictionary<object, RouteGate>? _gates;

    public ServerContext(
        HttpServerOptions options,
        ResponseHeaders? defaultHeaders,
        LoopThieves? thieves = null)
    {
        Options = options;
        Observation = new ServerObservation(options, thieves ?? new LoopThieves());
        Logger = LogQueue.Wrap(options.Log.LoggerFactory, "Reactor.Http.Server");
        Lines = new ClientLines(
            Logger,
            LogQueue.Wrap(options.Log.LoggerFactory, "Reactor.Http.Connections"),
            options.Log.RefusalLinesPerSecond,
            options.Log.FailureLinesPerSecond);
        Heads = new HeadCache(new DefaultFields(options.ServerName, defaultHeaders));
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

    /// <summary>For lines that no client can cause; others go to <see cref="Lines"/>.</summary>
    public ILogger Logger { get; }

    public ClientLines Lines { get; }

    public ServerObservation Observation { get; }

    public HeadCache Heads { get; }

    /// <summary>Set when the shutdown begins: responses then end their connections.</summary>
    public bool IsShuttingDown { get; set; }

    /// <summary>Made for the loop of the first connection, as the body budget.</summary>
    public OverloadGuard GuardOf(EventLoop loop) => _guard ??= new OverloadGuard(
        loop,
        Options.Overload.LagMax,
        Options.Overload.LagTime,
        Options.Overload.RequestsInFlightMax ?? int.MaxValue);

    /// <summary>The memory of all bodies together.</summary>
    public BodyBudget BudgetOf(EventLoop loop) => _budget ??= new BodyBudget(
        loop,
        Options.Limits.BodyBufferBytes,
        Options.Times.BodyStallTimeout,
        () => Shed(Overload.Memory, loop));

    /// <summary>The memory of all bodies, if any was asked for.</summary>
    public BodyBudget? Budget => _budget;

    /// <summary>
    /// The gate of a route, by an object that stands for it. An endpoint may serve several loops,
    /// so the count is here.
    /// </summary>
    public RouteGate GateOf(object route, int requestsMax)
    {
        _gates ??= new Dictionary<object, RouteGate>(ReferenceEqualityComparer.Instance);
        if (!_gates.TryGetValue(route, out RouteGate? gate))
        {
            gate = new RouteGate(requestsMax);
            _gates.Add(route, gate);
        }

        return gate;
    }

    /// <summary>Counts and logs a request that is answered with 503.</summary>
    public void Shed(Overload reason, EventLoop loop)
    {
        HttpMetrics.Shed(reason);
        Lines.Overloaded(reason, loop);
    }

    /// <summary>Frees the pooled blocks of bodies.</summary>
    public void Trim() => _budget?.Blocks.Clear();
}
