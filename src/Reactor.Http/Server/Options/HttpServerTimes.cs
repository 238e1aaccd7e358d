using static System.TimeSpan;
using static Reactor.Http.OptionValue;

namespace Reactor.Http;

/// <summary>
/// The deadlines and minimum rates of an HTTP server. Setting a duration that is zero or negative
/// throws, unless zero is documented.
/// </summary>
public sealed record HttpServerTimes
{
    /// <summary>
    /// Time for the first byte on a new connection; then it is closed. Default 10 seconds.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init => field = Positive(value); } = FromSeconds(10);

    /// <summary>
    /// Time for the head of a request from its first byte; then 408. Default 10 seconds; Kestrel
    /// has 30.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init => field = Positive(value); } = FromSeconds(10);

    /// <summary>
    /// Time between two requests of a connection (RFC 9112 9.5). Default 75 seconds, as nginx.
    /// Behind a proxy it must exceed the proxy's own, so that the proxy closes first.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; init => field = Positive(value); } = FromSeconds(75);

    /// <summary>
    /// Time that a read of a body waits for a byte; then 408, unless the handler returns another
    /// response. Default 30 seconds. Also bounds the surplus over <see cref="BytesPerSecondMin"/>.
    /// </summary>
    public TimeSpan BodyIdleTimeout { get; init => field = Positive(value); } = FromSeconds(30);

    /// <summary>
    /// Time without progress of any body while some wait for memory; then the newest waiter is
    /// answered with 503. Default 5 seconds, as <see cref="RateGrace"/>.
    /// </summary>
    public TimeSpan BodyStallTimeout { get; init => field = Positive(value); } = FromSeconds(5);

    /// <summary>
    /// Time that a body waits for memory; then 503. Default 2 minutes, longer than most clients
    /// wait.
    /// </summary>
    public TimeSpan BodyPauseTimeout { get; init => field = Positive(value); } = FromMinutes(2);

    /// <summary>
    /// Time in which a client must acknowledge some of what it is sent; then it is reset. Default
    /// 120 seconds: a slow reader acknowledges in steps. The time grows with the last step, up to
    /// 128 KiB at <see cref="BytesPerSecondMin"/>.
    /// </summary>
    public TimeSpan SendIdleTimeout { get; init => field = Positive(value); } = FromSeconds(120);

    /// <summary>
    /// Rate in bytes per second at which a client must send a body, after <see cref="RateGrace"/>,
    /// and acknowledge a response; 0 for none. Default 240, as Kestrel. Counts only time in which
    /// the server waits for the client; a reader is reset when <see cref="SendIdleTimeout"/>
    /// behind.
    /// </summary>
    public int BytesPerSecondMin { get; init => field = AtLeast(0, value); } = 240;

    /// <summary>
    /// Time before the minimum rate of a body applies; may be zero. Default 5 seconds, as Kestrel.
    /// While bodies wait for memory, also how long the client of another body may be silent.
    /// </summary>
    public TimeSpan RateGrace { get; init => field = NotNegative(value); } = FromSeconds(5);

    /// <summary>
    /// Time for a handler; then it is cancelled, with 503 or a reset. If it goes on, it is logged
    /// after <see cref="HttpServerShutdown.CancelTimeout"/>. Default null, no limit.
    /// </summary>
    public TimeSpan? HandlerTimeout { get; init => field = Positive(value); }

    /// <summary>
    /// Time for a client to end its stream after it has acknowledged the last response. Input is
    /// discarded meanwhile, because closing with unread input resets the connection (RFC 9112 9.6).
    /// Default 5 seconds; nginx has 30.
    /// </summary>
    public TimeSpan LingerTimeout { get; init => field = Positive(value); } = FromSeconds(5);

    /// <summary>
    /// Time without input after which a lingering connection is closed. Default 2 seconds, one
    /// retransmission.
    /// </summary>
    public TimeSpan LingerIdleTimeout { get; init => field = Positive(value); } = FromSeconds(2);

    /// <summary>
    /// Age of a connection after which a response says close. Default null, no limit.
    /// </summary>
    public TimeSpan? ConnectionAgeMax { get; init => field = Positive(value); }
}
