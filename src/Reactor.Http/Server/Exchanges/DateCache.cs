using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The value of the Date field, formatted once a second at most and only when somebody asks: no
/// timer keeps an idle process awake. Loop thread only.
/// </summary>
internal sealed class DateCache
{
    private readonly byte[] _text = new byte[HttpDate.Length];
    private TimeSpan _validUntil = TimeSpan.MinValue;

    /// <summary>Changes whenever the value does.</summary>
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
