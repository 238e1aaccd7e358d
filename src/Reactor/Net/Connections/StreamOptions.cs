namespace Reactor.Net;

/// <summary>
/// The limits of a connection's stream helpers; the defaults are asyncio's. Immutable.
/// </summary>
public sealed record StreamOptions
{
    /// <summary>The default limits.</summary>
    public static StreamOptions Default { get; } = new();

    /// <summary>Maximum bytes before a separator, inclusive. Default 64 KiB.</summary>
    public int LineBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// Unsent bytes above which <c>DrainAsync</c> waits. Default 64 KiB.
    /// </summary>
    public int WriteBufferHighBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Unsent bytes at which <c>DrainAsync</c> ends its wait; at most
    /// <see cref="WriteBufferHighBytes"/>. Default 32 KiB.
    /// </summary>
    public int WriteBufferLowBytes { get; init; } = 32 * 1024;

    /// <exception cref="ArgumentException">The limits contradict each other.</exception>
    internal void ThrowIfInvalid()
    {
        if (LineBytesMax < 1 || WriteBufferLowBytes < 0
            || WriteBufferHighBytes < WriteBufferLowBytes)
        {
            throw new ArgumentException(
                $"The stream limits contradict each other ({this}): the limit must be positive, " +
                "the low mark not negative and not above the high mark.");
        }
    }
}
