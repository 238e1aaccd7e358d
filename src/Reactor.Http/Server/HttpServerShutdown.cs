namespace Reactor.Http;

/// <summary>How an HTTP server ends. Each duration may be zero unless documented.</summary>
public sealed record HttpServerShutdown
{
    /// <summary>
    /// Time for requests in progress; then their handlers are cancelled. Default 25 seconds: less
    /// than the 30 that container platforms give.
    /// </summary>
    public TimeSpan Timeout { get; init => field = OptionValue.NotNegative(value); } =
        TimeSpan.FromSeconds(25);

    /// <summary>
    /// Time in which connections whose handshake had begun are still accepted; new ones are refused
    /// (TCP on Linux; elsewhere there is no such time). Finite. Default 100 ms: a round trip to
    /// another continent. A client farther away may find its connection reset.
    /// </summary>
    public TimeSpan AcceptTime
    {
        get;
        init => field = OptionValue.NotNegative(OptionValue.Finite(value));
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time for the first byte of a client that was in the backlog when the shutdown began: it was
    /// accepted, so its request counts as begun. Greater than zero. Default 1 second: three round
    /// trips to the other side of the earth.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init => field = OptionValue.Positive(value); } =
        TimeSpan.FromSeconds(1);

    /// <summary>
    /// Time for the end of the server and of its process after <see cref="Timeout"/>. Cancelled
    /// handlers and lingering connections have seven tenths of it, then they are reset;
    /// <see cref="Application.OnCleanup"/>, tasks and the executor have until eight tenths; the
    /// rest is for what follows the loop. Default 5 seconds, so 3.5 s, 4 s and 1 s: with
    /// <see cref="Timeout"/> the 30 that container platforms give.
    /// </summary>
    public TimeSpan CancelTimeout { get; init => field = OptionValue.NotNegative(value); } =
        TimeSpan.FromSeconds(5);

    /// <summary>How long a shutdown waits for cancelled handlers.</summary>
    internal TimeSpan CancelledHandlerTimeout =>
        CancelTimeout == TimeSpan.MaxValue ? CancelTimeout : CancelTimeout * 0.7;

    /// <summary>
    /// What is left for the end of the loop, never less than zero. Two tenths of
    /// <see cref="CancelTimeout"/> remain for what follows it, on a busy machine.
    /// </summary>
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
