using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The value of the Date field, formatted on demand, once a second at most: no timer wakes an idle
/// process. Loop thread only.
/// </summary>
internal sealed class DateCache
{
    private readonly byte[] _text = new byte[HttpDate.Length];
    private TimeSpan _validUntil = TimeSpan.MinValue;

    public int Version { get; private set; }

    public ReadOnlySpan<byte> Now(EventLoop loop)
    {
        TimeSpan time = loop.TurnTime;
        if (time >= _validUntil)
        {
            DateTimeOffset now = loop.Driver.UtcNow;
            HttpDate.Format(now, _text);
            Version++;
            // Up to the next full second of the wall clock.
            _validUntil = time + TimeSpan.FromTicks(
                TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
        }

        return _text;
    }
}
