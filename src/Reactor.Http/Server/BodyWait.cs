namespace Reactor.Http;

/// <summary>
/// How long the server has waited for the body of one request, and how much of it came: whether the
/// client keeps the least rate. Only time counts in which somebody waits: a handler that reads
/// slowly is no fault of the client's.
/// </summary>
/// <remarks>Loop thread only. Reused for each request.</remarks>
internal sealed class BodyWait
{
    private TimeSpan _began;
    private TimeSpan _waitedBefore;
    private long _bytes;

    /// <summary>When the client is late; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    public bool IsWaiting { get; private set; }

    /// <summary>A request begins: nothing of its body has come, or was waited for.</summary>
    public void BeginRequest()
    {
        Due = TimeSpan.MaxValue;
        IsWaiting = false;
        _waitedBefore = TimeSpan.Zero;
        _bytes = 0;
    }

    /// <summary>Somebody begins to wait; how long the client has to send more.</summary>
    public TimeSpan Begin(TimeSpan now, HttpServerOptions options)
    {
        IsWaiting = true;
        _began = now;
        TimeSpan rate = options.TimeFor(_bytes) - _waitedBefore;
        return rate < options.BodyIdleTimeout ? rate : options.BodyIdleTimeout;
    }

    /// <summary>The wait is over.</summary>
    public void End(TimeSpan now)
    {
        IsWaiting = false;
        _waitedBefore += now - _began;
    }

    /// <summary>Bytes of the body were taken.</summary>
    public void Count(long bytes) => _bytes += bytes;
}
