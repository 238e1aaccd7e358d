using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// How long <c>loadgen serve</c> works on a request: a constant, or one of two times. Immutable;
/// any thread.
/// </summary>
/// <param name="First">The usual time.</param>
/// <param name="Second">The other time; equal to the first for a constant.</param>
/// <param name="FirstPercent">Requests of a hundred that take the first time, 1 to 100.</param>
internal sealed record ServiceDelay(TimeSpan First, TimeSpan Second, int FirstPercent)
{
    private const string Bimodal = "bimodal:";

    /// <summary>No delay.</summary>
    public static ServiceDelay None { get; } = Constant(TimeSpan.Zero);

    /// <summary>The same time for all requests.</summary>
    public static ServiceDelay Constant(TimeSpan time) => new(time, time, 100);

    /// <summary>Reads <c>5ms</c> or <c>bimodal:1ms,100ms,99</c>.</summary>
    public static bool TryParse(string text, out ServiceDelay delay)
    {
        delay = None;
        if (DurationText.TryParse(text, out TimeSpan constant))
        {
            delay = Constant(constant);
            return true;
        }

        if (!text.StartsWith(Bimodal, StringComparison.Ordinal)
            || text[Bimodal.Length..].Split(',') is not [var first, var second, var percent]
            || !DurationText.TryParse(first, out TimeSpan one)
            || !DurationText.TryParse(second, out TimeSpan other)
            || !int.TryParse(
                percent, NumberStyles.None, CultureInfo.InvariantCulture, out int share)
            || share is < 1 or > 99)
        {
            return false;
        }

        delay = new ServiceDelay(one, other, share);
        return true;
    }
}

/// <summary>
/// The delays of the requests in the order of their arrival. Each block of a hundred has exactly
/// the asked shares, at places that the seed decides, so the percentiles of a multiple of a hundred
/// requests are known exactly. One thread at a time.
/// </summary>
internal sealed class DelaySequence(ServiceDelay delay, ulong seed)
{
    private const int BlockRequests = 100;

    private SplitMix64 _random = new(seed);
    private int _left;
    private int _secondsLeft;

    /// <summary>The delay of the next request.</summary>
    public TimeSpan Next()
    {
        if (delay.FirstPercent == BlockRequests)
        {
            return delay.First;
        }

        if (_left == 0)
        {
            (_left, _secondsLeft) = (BlockRequests, BlockRequests - delay.FirstPercent);
        }

        // Selection sampling: of the requests left in the block, so many take the second time.
        bool isSecond = _random.Next() % (ulong)_left-- < (ulong)_secondsLeft;
        _secondsLeft -= isSecond ? 1 : 0;
        return isSecond ? delay.Second : delay.First;
    }
}
