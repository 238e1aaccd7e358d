using static System.TimeSpan;
using static Reactor.Http.OptionValue;

namespace Reactor.Http;

/// <summary>How an HTTP server ends. Each duration may be zero unless documented.</summary>
public sealed record HttpServerShutdown
{
    /// <summary>
    /// Time for requests in progress; then their handlers are cancelled. Default 25 seconds:
    /// container platforms give 30.
    /// </summary>
    public TimeSpan Timeout { get; init => field = NotNegative(value); } = FromSeconds(25);

    /// <summary>
    /// Time in which connections whose handshake had begun are still accepted (TCP on Linux; none
    /// elsewhere). Finite. Default 100 ms: a round trip to another continent.
    /// </summary>
    public TimeSpan AcceptTime { get; init => field = NotNegative(Finite(value)); } =
        FromMilliseconds(100);

    /// <summary>
    /// Time for the first byte of a client that was in the backlog when the shutdown began. Greater
    /// than zero. Default 1 second.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init => field = Positive(value); } = FromSeconds(1);

    /// <summary>
    /// Time for the end of server and process after <see cref="Timeout"/>: seven tenths for
    /// cancelled handlers and lingering connections, one for <see cref="Application.OnCleanup"/>,
    /// tasks and the executor, two for the process. Default 5 seconds.
    /// </summary>
    public TimeSpan CancelTimeout { get; init => field = NotNegative(value); } = FromSeconds(5);

    /// <summary>How long a shutdown waits for cancelled handlers.</summary>
    internal TimeSpan CancelledHandlerTimeout =>
        CancelTimeout == TimeSpan.MaxValue ? CancelTimeout : CancelTimeout * 0.7;

    /// <summary>What is left for the end of the loop, at least zero.</summary>
    internal TimeSpan LeftOfEnd(TimeSpan elapsed)
    {
        if (Timeout == TimeSpan.MaxValue || CancelTimeout == TimeSpan.MaxValue)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan left = Timeout + (CancelTimeout * 0.8) - elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
