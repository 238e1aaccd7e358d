namespace Reactor.Http;

/// <summary>
/// Says which requests are answered 503 before their handlers: those beyond the number that may run
/// at once, and all while the loop has been late for long. Who is told no at once may ask another
/// server; who waits until the loop has time makes it later still for everybody.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one a server.</para>
/// <para>
/// Lag is how late a timer of its own runs. The timer is set while requests come, and an idle
/// server has none. One long turn is no overload, however long it was: the loop counts as late when
/// it was found late, and <see cref="HttpServerOptions.LagTime"/> after that still is, and was each
/// time between.
/// </para>
/// </remarks>
internal sealed class OverloadGuard(EventLoop loop, HttpServerOptions options) : DeadlineTimer(loop)
{
    /// <summary>How often the lag is measured while requests come.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _measures = options.LagMax != TimeSpan.MaxValue;
    private readonly int _runningMax = options.RequestsInFlightMax ?? int.MaxValue;
    private TimeSpan? _lateSince;
    private bool _wasAsked;
    private bool _isLate;
    private int _running;

    /// <summary>Handlers that run.</summary>
    public int Running => _running;

    /// <summary>Whether a handler may be called now.</summary>
    public Overload Ask()
    {
        _wasAsked = true;
        if (_measures && Due is null)
        {
            Set(loop.Time + Interval);
        }

        return _running >= _runningMax ? Overload.InFlight
            : _isLate ? Overload.Lag
            : Overload.None;
    }

    /// <summary>A handler is about to be called.</summary>
    public void Begin() => _running++;

    /// <summary>A handler has ended.</summary>
    public void End() => _running--;

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        TimeSpan now = loop.Time;
        if (_wasAsked && now - due > options.LagMax)
        {
            _lateSince ??= now;
            _isLate = now > _lateSince && now - _lateSince >= options.LagTime;
        }
        else
        {
            _lateSince = null;
            _isLate = false;
        }

        if (_wasAsked)
        {
            _wasAsked = false;
            Set(now + Interval);
        }
    }
}
