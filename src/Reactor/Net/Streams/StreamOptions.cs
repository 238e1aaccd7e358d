namespace Reactor.Net;

/// <summary>
/// The limits of a connection's stream helpers (<c>ReadLineAsync</c>, <c>Write</c> and so on), each
/// with its default and the reason for it. Immutable.
/// </summary>
public sealed record StreamOptions
{
    /// <summary>The defaults, which are asyncio's.</summary>
    public static StreamOptions Default { get; } = new();

    /// <summary>
    /// Bytes that may stand before a separator; exactly so many are still fine. Default 64 KiB,
    /// asyncio's: longer than any line that people write, and little enough to hold for each peer.
    /// </summary>
    public int LimitBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Unsent bytes above which <c>DrainAsync</c> waits. Default 64 KiB: with that much at hand the
    /// kernel is never short of bytes to send.
    /// </summary>
    public int WriteHighBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Unsent bytes at which <c>DrainAsync</c> ends its wait; at most
    /// <see cref="WriteHighBytes"/>. Default 32 KiB, half of it: writers do not wake up for every
    /// segment that leaves.
    /// </summary>
    public int WriteLowBytes { get; init; } = 32 * 1024;

    /// <exception cref="ArgumentException">The limits contradict each other.</exception>
    internal void ThrowIfInvalid()
    {
        if (LimitBytes < 1 || WriteLowBytes < 0 || WriteHighBytes < WriteLowBytes)
        {
            throw new ArgumentException(
                $"The stream limits contradict each other ({this}): the limit must be positive, " +
                "the low mark not negative and not above the high mark.");
        }
    }
}
