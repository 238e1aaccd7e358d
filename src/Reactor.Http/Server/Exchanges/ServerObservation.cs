namespace Reactor.Http;

/// <summary>
/// What is noted about the requests of one server, and whether their loop time is measured: for the
/// program, by its options or <see cref="LoopThieves"/>, or for the listener of a metric.
/// </summary>
/// <remarks>Loop thread only. If nothing is noted, a request costs a few tests of flags.</remarks>
internal sealed class ServerObservation
{
    private readonly bool _measures;
    private readonly bool _mayMeasure;
    private readonly LoopThieves _thieves;
    private CostMeter? _meter;

    public ServerObservation(HttpServerOptions options, LoopThieves thieves)
    {
        bool? measures = options.Log.MeasuresLoopTime;
        AccessLog = options.Log.MakeAccessLog();
        _measures = measures ?? (AccessLog is not null || options.DevMode);
        _mayMeasure = measures != false;
        _thieves = thieves;
        _thieves.Add(Routes);
    }

    public Action<AccessRecord>? AccessLog { get; }

    /// <summary>What the routes have cost, while that is measured.</summary>
    public RouteCosts Routes { get; } = new();

    public RecordPool Records { get; } = new();

    /// <summary>True if anything is noted about a request.</summary>
    public bool IsOn => IsByProgram || HttpMetrics.WantsRequests;

    /// <summary>True if each request has a record: for the access log or a metric.</summary>
    public bool WantsRecords => AccessLog is not null || HttpMetrics.WantsRequests;

    /// <summary>
    /// True if the program asks. The times of records are then of the loop's clock, and in its
    /// recording; those for a listener are not, because a replay may have another one.
    /// </summary>
    public bool IsByProgram => AccessLog is not null || MustMeasure;

    private bool MustMeasure => _measures || (_thieves.IsAsked && _mayMeasure);

    /// <summary>Begins to measure a request in the present step; null if that is off.</summary>
    public RequestCost? BeginCost(EventLoop loop)
    {
        bool isByProgram = MustMeasure;
        bool isOn = isByProgram || (_mayMeasure && HttpMetrics.WantsLoopTime);
        if (!isOn || _meter?.IsProgram == !isByProgram)
        {
            End();
        }

        if (isOn)
        {
            _meter ??= new CostMeter(loop, Routes, isByProgram);
        }

        return _meter?.Begin();
    }

    /// <summary>Ends the measuring until the next request.</summary>
    public void End()
    {
        _meter?.End();
        _meter = null;
    }
}
