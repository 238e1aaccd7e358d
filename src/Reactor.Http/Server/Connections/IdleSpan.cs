namespace Reactor.Http;

/// <summary>
/// The span of 0.84 s in which a connection became idle, as a byte that wraps after 215 s: all that
/// an idle connection pays for it.
/// </summary>
internal static class IdleSpan
{
    /// <summary>The logarithm of the ticks in a span.</summary>
    private const int SpanBits = 23;

    /// <summary>This many spans are more than a second.</summary>
    private const int RecentMax = 3;

    /// <summary>Sets the span to that of a moment; true if it has changed.</summary>
    public static bool TryMove(ref byte span, TimeSpan moment)
    {
        byte before = span;
        span = Of(moment);
        return span != before;
    }

    /// <summary>True if a span began at most about two seconds ago.</summary>
    public static bool IsRecent(byte span, TimeSpan now) => (byte)(Of(now) - span) < RecentMax;

    private static byte Of(TimeSpan moment) => (byte)(moment.Ticks >> SpanBits);
}
