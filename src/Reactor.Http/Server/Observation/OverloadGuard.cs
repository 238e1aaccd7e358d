namespace Reactor.Http;

/// <summary>
/// Decides which requests are answered with 503 before their handlers: those beyond the number that
/// may run at once, and all while the loop is late. A client that is rejected at once can ask
/// another server.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one per server.</para>
/// <para>
/// Lag is how late a timer runs, which is set while requests come. One long turn is no overload:
/// the loop counts as late if all measurements over <c>lagTime</c> were late.
/// </para>
/// </remarks>
internal sealed class OverloadGuard(
    EventLoop loop, TimeSpan lagMax, TimeSpan lagTime, int runningMax) : DeadlineTimer(loop)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private TimeSpan? _lateSince;
    private bool _wasAsked;
    private bool _isLate;

    public int Running { get; private set; }

    public Overload Ask()
    {
        _wasAsked = true;
        if (lagMax != TimeSpan.MaxValue && Due is null)
        {
            Set(loop.Time + Interval);
        }

        return Running >= runningMax ? Overload.InFlight : _isLate ? Overload.Lag : Overload.None;
    }

    public void Begin() => Running++;

    public void End() => Running--;

    protected override void OnDue(TimeSpan due)
    {
        TimeSpan now = loop.Time;
        if (_wasAsked && now - due > lagMax)
        {
            _lateSince ??= now;
            _isLate = now > _lateSince && now - _lateSince >= lagTime;
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
