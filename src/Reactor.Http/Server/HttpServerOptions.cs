using Microsoft.Extensions.Logging;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The limits and habits of an HTTP server, each with its default and the reason for it. A
/// duration of <see cref="Timeout.InfiniteTimeSpan"/> or <see cref="TimeSpan.MaxValue"/> is without
/// end.
/// </summary>
public sealed record HttpServerOptions
{
    /// <summary>
    /// The value of the Server field; null sends none. Default <c>reactor</c>: the name only,
    /// because a version helps nobody but attackers (RFC 9110 10.2.4).
    /// </summary>
    /// <exception cref="ArgumentException">The value may not be sent.</exception>
    public string? ServerName
    {
        get;
        init
        {
            FieldRules.RequireValue(value);
            field = value;
        }
    } = "reactor";

    /// <summary>
    /// Whether error answers tell what went wrong inside: the text of exceptions, and the stable id
    /// of what was refused. Default false: it helps whoever attacks as much as whoever develops.
    /// </summary>
    public bool DevMode { get; init; }

    /// <summary>
    /// Gets one record for each request that was begun, also when it was cut off at any byte: when
    /// the kernel has taken the last byte of the response; on a connection that ends with it, when
    /// the client has acknowledged it or the close gave up. On the loop thread: it must not block.
    /// Default null: nothing is recorded, at no cost.
    /// </summary>
    public Action<AccessRecord>? AccessLog { get; init; }

    /// <summary>
    /// Whether the record of each request is also logged, in the category
    /// <c>Reactor.Http.Access</c> at Information. Default false: a line for each request is for
    /// whoever asks for it. Needs a <see cref="LoggerFactory"/> that takes the level.
    /// </summary>
    public bool LogsAccess { get; init; }

    /// <summary>
    /// Bytes of a streamed answer that wait for a slow client; what would exceed them makes
    /// <see cref="StreamResponse.WriteAsync"/> wait. Default 64 KiB: the kernel is never short of
    /// bytes to send, and ten thousand slow clients hold 640 MiB at most.
    /// </summary>
    public int StreamHighBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            field = value;
        }
    } = 64 * 1024;

    /// <summary>What the parser accepts at most.</summary>
    public ParserLimits Limits { get; init; } = ParserLimits.Default;

    /// <summary>
    /// Bytes of a request body that nobody read which are read and dropped, so that the connection
    /// can be kept; a longer rest closes it. Default 256 KiB, Go's figure.
    /// </summary>
    public int DrainBytesMax { get; init; } = 256 * 1024;

    /// <summary>
    /// How long a new connection may take to send its first byte; then it is closed without a word.
    /// Default 10 seconds: as for a head, and a connection that says nothing costs a descriptor.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the head of a request may take from its first byte, however it trickles; then 408
    /// and the end. Default 10 seconds: HAProxy advises a few, Kestrel has 30, and Node and nginx
    /// 60, which is long for 32 KiB at most.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection may be idle between two requests; then it is closed without a word
    /// (RFC 9112 9.5). Default 75 seconds, as nginx and aiohttp. Behind a proxy take more than the
    /// proxy keeps its idle connections, such as aiohttp's 3630 seconds, so that it is the proxy
    /// that closes.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// How long a read of a request's body waits without a byte; then it ends, and the answer is
    /// 408 unless the handler has another. Default 30 seconds; nginx has 60. Also how long bytes
    /// beyond the least rate (<see cref="BytesPerSecondMin"/>) are saved: the rate looks at the
    /// last seconds, or a fast beginning would let a client trickle for an hour.
    /// </summary>
    public TimeSpan BodyIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a client that is sent something may acknowledge none of it; then it is reset.
    /// Default 120 seconds. nginx has 60, but a slow reader acknowledges in steps, when its system
    /// opens the window again: on loopback after up to 124 KiB, so a steady reader at 2 KB/s is
    /// silent for a minute. The pause is longer where the client needs longer at
    /// <see cref="BytesPerSecondMin"/> for what it acknowledged last, 128 KiB at most. Known to a
    /// second; for systems that do not tell what is acknowledged, what the kernel takes counts.
    /// </summary>
    public TimeSpan SendIdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Bytes a second at which a client must send a body, once <see cref="RateGrace"/> is over, and
    /// take what is sent to it; 0: no least rate. Default 240, Kestrel's figure: slower clients are
    /// treated as stalled. Only the time counts in which the server waits for the client: for more
    /// of a body, or until more of a response is acknowledged. A client that is sent something is
    /// reset when it has fallen behind the rate by <see cref="SendIdleTimeout"/>: a pause that is
    /// allowed does not count as a low rate.
    /// </summary>
    public int BytesPerSecondMin { get; init; } = 240;

    /// <summary>
    /// How long the least rate of a body need not be kept. Default 5 seconds, as Kestrel: a lost
    /// packet or two. While other bodies wait for memory, also how long the client of a body that
    /// holds some may be silent.
    /// </summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a handler may take; then it is cancelled, and the answer is 503 and the end, or a
    /// reset if it had begun another. One that still runs <see cref="CancelTimeout"/> later is
    /// named in the log: it cannot be ended from outside. Default: no limit, as aiohttp; only the
    /// application knows how long its work may last.
    /// </summary>
    public TimeSpan? HandlerTimeout { get; init; }

    /// <summary>
    /// Cancel a handler when its client has gone (aiohttp: <c>handler_cancellation</c>). Default
    /// false, as aiohttp since 3.7: work that changes something should not stop half-way because a
    /// phone lost its network. Each request then costs a wait of its own. Without it a handler can
    /// still ask for <see cref="Request.Aborted"/>.
    /// </summary>
    public bool CancelHandlerOnDisconnect { get; init; }

    /// <summary>
    /// Take a client that has ended its stream for one that has gone. Default false: it may well
    /// wait for its answer (RFC 9112 9.6), and a reset tells the difference; with true a browser
    /// that closed its tab is noticed before something is written to it.
    /// </summary>
    public bool HalfCloseIsDisconnect { get; init; }

    /// <summary>
    /// Bytes that are read, and not parsed, while a request is answered, to find the client's end
    /// behind them; then reading stops. Default 64 KiB. Only where somebody wants to know whether
    /// the client is there; otherwise nothing is read ahead.
    /// </summary>
    public int ReadAheadBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of memory that the bodies of all requests may take together, at least 64 KiB a loop;
    /// of several loops each has an equal part. Beyond it reading pauses, so that the clients are
    /// held back; a body that needs more than all of it is answered 413. Default, null: a quarter
    /// of the memory that the process may use, as its cgroup or a hard limit of the heap says.
    /// Bytes that were not read yet are the kernel's and not counted.
    /// </summary>
    public long? BodyBufferBytesMax { get; init; }

    /// <summary>
    /// How long all bodies may stand still while some wait for memory; then the newest that waits
    /// is answered 503 with Retry-After. Default 5 seconds: a client that holds memory and sends
    /// nothing has been ended by then (<see cref="RateGrace"/>).
    /// </summary>
    public TimeSpan BodyStallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one body may wait for memory, during which its client is not slow; then the answer
    /// is 503 with Retry-After. Default 2 minutes: longer than most clients wait.
    /// </summary>
    public TimeSpan BodyPauseTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a client may take to end its stream after it has acknowledged all that the server
    /// sent before it ended its own; then the connection is closed. What still comes meanwhile is
    /// discarded: a close with unread input would reset the connection, and the response might be
    /// lost (RFC 9112 9.6). Default 5 seconds; nginx has 30, aiohttp 10. Before the acknowledgement
    /// <see cref="SendIdleTimeout"/> and <see cref="BytesPerSecondMin"/> apply.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long it may meanwhile send nothing; then the connection is closed. Default 2 seconds:
    /// one retransmission; nginx has 5.
    /// </summary>
    public TimeSpan LingerIdleTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Bytes that are discarded at most while a connection ends. Default 64 MiB: most clients send
    /// their whole request before they read the response that refuses it, and what is discarded
    /// costs no memory and little time. <see cref="DrainBytesMax"/> is smaller because it is the
    /// price of keeping a connection. nginx has no such limit.
    /// </summary>
    public long LingerBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes of answers that gather before they are sent although more requests wait in the buffer.
    /// Default 64 KiB, as Kestrel: some hundred small answers in one system call, and no more
    /// memory for a client that asks and does not read.
    /// </summary>
    public int FlushBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Requests of one connection that are answered in a turn; the rest of what it has sent at once
    /// has its turn after the others. Default 64: some 100 microseconds of small requests.
    /// </summary>
    public int RequestsPerTurn { get; init; } = 64;

    /// <summary>
    /// Requests that one connection may make; the answer to the last says close. Default: no limit.
    /// nginx has 1000, to give memory back, of which an idle connection here holds none; a balancer
    /// in front may want one, to spread its connections anew.
    /// </summary>
    public int? RequestsPerConnectionMax { get; init; }

    /// <summary>
    /// How old a connection may be; the answer to the first request after that says close. Default:
    /// no limit; nginx has an hour.
    /// </summary>
    public TimeSpan? ConnectionAgeMax { get; init; }

    /// <summary>
    /// Handlers that run at once; further requests are answered 503 with Retry-After before their
    /// handlers. Default, null: no limit of its own, since a connection has one request at a time
    /// and connections are limited (HAProxy: <c>maxconn</c> of a server). Set it where each handler
    /// holds something that is scarce. Answers that last, such as events, count as long as they do.
    /// </summary>
    public int? RequestsInFlightMax { get; init; }

    /// <summary>
    /// How late the loop may run what is due; later than this for <see cref="LagTime"/>, requests
    /// are answered 503 with Retry-After before their handlers, until it is in time again. Default
    /// 250 ms: people notice a quarter of a second, and a healthy loop is late by some
    /// milliseconds. <see cref="RouteOptions.ServesOverloaded"/> exempts health checks and
    /// administration.
    /// </summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the loop must be late before requests are turned away. Default 2 seconds: longer
    /// than a collection of garbage or a burst.
    /// </summary>
    public TimeSpan LagTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What Retry-After says with such a 503, in whole seconds, rounded up (RFC 9110 10.2.3).
    /// Default 1 second: lag is measured ten times a second, so it is known by then.
    /// </summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Log lines in a second for requests that are refused; the rest is counted, and the next line
    /// says how many there were. Default 10: a client can cause as many as it likes.
    /// </summary>
    public int RefusalLinesPerSecond { get; init; } = 10;

    /// <summary>
    /// Log lines in a second for handlers that fail, for each pattern of a route and each type of
    /// exception; the rest is counted, and the next line says how many there were. The same holds
    /// for handlers that are late and responses that are broken. Default 10: a client can repeat a
    /// request that makes a handler fail as often as it likes.
    /// </summary>
    public int FailureLinesPerSecond { get; init; } = 10;

    /// <summary>
    /// Bytes that a streamed answer sends before others have their turn, although its client takes
    /// them at once; each write counts as 4 KiB at least. Default 64 KiB: some 25 microseconds, so
    /// that a thousand downloads at once keep another client waiting for no more than 25 ms.
    /// </summary>
    public int StreamBytesPerTurn { get; init; } = 64 * 1024;

    /// <summary>
    /// How long a shutdown waits for requests that were begun before it cancels their handlers.
    /// Default 25 seconds: less than the 30 that container platforms give.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a shutdown still accepts connections whose handshake had begun; new ones are no
    /// longer let in meanwhile (TCP on Linux; elsewhere there is no such time). Default 100 ms: a
    /// round trip to another continent. A client farther away may find its connection reset.
    /// </summary>
    public TimeSpan ShutdownAcceptTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a client that was in the backlog when the shutdown began may take to send its first
    /// byte: it was let in, so its request counts as begun. Default 1 second: a round trip to the
    /// other side of the earth, thrice.
    /// </summary>
    public TimeSpan ShutdownFirstByteTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the end of the server and of its process may take after
    /// <see cref="ShutdownTimeout"/>. Cancelled handlers and lingering closes have seven tenths of
    /// it, then their connections are reset. <see cref="Application.OnCleanup"/>, the tasks and the
    /// executor have until eight tenths. The rest is for what follows the loop. Default 5 seconds,
    /// so 3.5 s, until 4 s and 1 s: with <see cref="ShutdownTimeout"/> the 30 that container
    /// platforms give.
    /// </summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the server logs. Default: warnings and errors go to standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The least budget: with fewer blocks, bodies of a common size never fit.</summary>
    internal const long BodyBufferBytesMin = 64 * 1024;

    /// <summary>The memory of all bodies, whether it was set or not.</summary>
    internal long BodyBufferBytes => BodyBufferBytesMax
        ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, BodyBufferBytesMin);

    /// <summary>How long a shutdown waits for cancelled handlers.</summary>
    internal TimeSpan CancelledHandlerTimeout =>
        CancelTimeout == TimeSpan.MaxValue ? CancelTimeout : CancelTimeout * 0.7;

    /// <summary>
    /// How long the end may still take; never nothing, so that a hook can do what does not wait.
    /// Two tenths of <see cref="CancelTimeout"/> are left for what comes after the loop, on a
    /// machine that is busy.
    /// </summary>
    internal TimeSpan LeftOfEnd(TimeSpan elapsed)
    {
        if (ShutdownTimeout == TimeSpan.MaxValue || CancelTimeout == TimeSpan.MaxValue)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan left = ShutdownTimeout + (CancelTimeout * 0.8) - elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>How long so many bytes may take at the least rate, the grace included.</summary>
    internal TimeSpan TimeFor(long bytes)
    {
        if (BytesPerSecondMin == 0)
        {
            return TimeSpan.MaxValue;
        }

        var atRate = TimeSpan.FromSeconds((double)bytes / BytesPerSecondMin);
        return atRate > RateGrace ? atRate : RateGrace;
    }

    /// <summary>All who want the record of each request; null if there is nobody.</summary>
    internal Action<AccessRecord>? MakeAccessLog()
    {
        if (!LogsAccess)
        {
            return AccessLog;
        }

        ILogger logger = LogQueue.Wrap(LoggerFactory, "Reactor.Http.Access");
        return AccessLog + (one => HttpLog.Requested(
            logger, OrDash(one.Method), OrDash(one.Path), one.Status, one.BodyBytes,
            one.Duration.TotalMilliseconds, one.Outcome, one.Peer));
    }

    private static string OrDash(string text) => text.Length > 0 ? text : "-";

    /// <summary>
    /// The same options, in which an infinite limit is the longest duration, so that the arithmetic
    /// of deadlines knows one value for it.
    /// </summary>
    internal HttpServerOptions WithoutInfinite() => this with
    {
        FirstByteTimeout = OrMax(FirstByteTimeout),
        HeaderTimeout = OrMax(HeaderTimeout),
        KeepAliveTimeout = OrMax(KeepAliveTimeout),
        BodyIdleTimeout = OrMax(BodyIdleTimeout),
        SendIdleTimeout = OrMax(SendIdleTimeout),
        RateGrace = OrMax(RateGrace),
        HandlerTimeout = HandlerTimeout is { } handler ? OrMax(handler) : null,
        BodyStallTimeout = OrMax(BodyStallTimeout),
        BodyPauseTimeout = OrMax(BodyPauseTimeout),
        LingerTimeout = OrMax(LingerTimeout),
        LingerIdleTimeout = OrMax(LingerIdleTimeout),
        ConnectionAgeMax = ConnectionAgeMax is { } age ? OrMax(age) : null,
        LagMax = OrMax(LagMax),
        LagTime = OrMax(LagTime),
        ShutdownTimeout = OrMax(ShutdownTimeout),
        ShutdownFirstByteTimeout = OrMax(ShutdownFirstByteTimeout),
        CancelTimeout = OrMax(CancelTimeout),
    };

    private static TimeSpan OrMax(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit;

    /// <summary>Throws if a value cannot be meant.</summary>
    internal void ThrowIfInvalid()
    {
        (string Name, TimeSpan? Value)[] durations =
        [
            (nameof(FirstByteTimeout), FirstByteTimeout),
            (nameof(HeaderTimeout), HeaderTimeout),
            (nameof(ShutdownFirstByteTimeout), ShutdownFirstByteTimeout),
            (nameof(KeepAliveTimeout), KeepAliveTimeout),
            (nameof(BodyIdleTimeout), BodyIdleTimeout),
            (nameof(BodyStallTimeout), BodyStallTimeout),
            (nameof(BodyPauseTimeout), BodyPauseTimeout),
            (nameof(SendIdleTimeout), SendIdleTimeout),
            (nameof(HandlerTimeout), HandlerTimeout),
            (nameof(ConnectionAgeMax), ConnectionAgeMax),
            (nameof(LingerTimeout), LingerTimeout),
            (nameof(LingerIdleTimeout), LingerIdleTimeout),
            (nameof(LagMax), LagMax),
            (nameof(RetryAfter), RetryAfter),
        ];
        foreach ((string name, TimeSpan? value) in durations)
        {
            if (value <= TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    name, value, $"{name} must be positive.");
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(RateGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(BytesPerSecondMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(LagTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShutdownTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShutdownAcceptTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CancelTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BodyBufferBytes, BodyBufferBytesMin);
        ArgumentOutOfRangeException.ThrowIfNegative(DrainBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(LingerBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(ReadAheadBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(FlushBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamBytesPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsInFlightMax ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsPerConnectionMax ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RefusalLinesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(FailureLinesPerSecond);
    }
}
