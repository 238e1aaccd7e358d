namespace Reactor.Http;

/// <summary>
/// Whether a peer keeps the least rate: each byte buys the time that it may take, and waiting
/// spends it. For receiving and sending.
/// </summary>
/// <remarks>Loop thread only. Reused.</remarks>
/// <param name="bytesPerSecond">The least rate; 0: there is none.</param>
/// <param name="grace">The time that the peer has before the rate counts.</param>
internal sealed class MinimumRate(int bytesPerSecond, TimeSpan grace)
{
    private long _bytes;
    private TimeSpan _spent;

    public bool IsOn => bytesPerSecond > 0;

    /// <summary>The time that the peer has left.</summary>
    public TimeSpan Left
    {
        get
        {
            TimeSpan bought = TimeOf(_bytes);
            return (bought > grace ? bought : grace) - _spent;
        }
    }

    public void Reset() => (_bytes, _spent) = (0, TimeSpan.Zero);

    public void Count(long bytes) => _bytes += bytes;

    public void Spend(TimeSpan time) => _spent += time;

    /// <summary>Brings the time that is left into a range.</summary>
    public void Limit(TimeSpan min, TimeSpan max)
    {
        TimeSpan left = Left;
        _spent += left - (left < min ? min : left > max ? max : left);
    }

    /// <summary>The time that bytes may take at the least rate.</summary>
    public TimeSpan TimeOf(long bytes)
    {
        double seconds = (double)bytes / bytesPerSecond;
        return seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.MaxValue;
    }
}
