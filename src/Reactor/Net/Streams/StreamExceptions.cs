namespace Reactor.Net;

/// <summary>
/// The stream ended before a read had all its bytes (asyncio: <c>IncompleteReadError</c>).
/// </summary>
public sealed class IncompleteReadException : EndOfStreamException
{
    internal IncompleteReadException(byte[] partial, long? expected)
        : base(expected is null
            ? $"The stream ended after {partial.Length} bytes, before a separator came."
            : $"The stream ended after {partial.Length} of {expected} expected bytes.")
    {
        Partial = partial;
        Expected = expected;
    }

    /// <summary>The bytes before the end, no longer buffered.</summary>
    public ReadOnlyMemory<byte> Partial { get; }

    /// <summary>How many bytes were asked for; null: up to a separator.</summary>
    public long? Expected { get; }
}

/// <summary>
/// More bytes came before a separator, or the end, than the limit allows (asyncio:
/// <c>LimitOverrunError</c>).
/// </summary>
public sealed class LimitOverrunException : IOException
{
    internal LimitOverrunException(string message, long consumed)
        : base(message) => Consumed = consumed;

    /// <summary>
    /// Bytes that can be read without taking a part of a separator. After <c>ReadLineAsync</c>: the
    /// bytes of the line that it has dropped.
    /// </summary>
    public long Consumed { get; }
}
