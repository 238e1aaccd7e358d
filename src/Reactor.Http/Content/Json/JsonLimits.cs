namespace Reactor.Http;

/// <summary>
/// What a server accepts as JSON from a client: depth, size and names. Immutable; any thread.
/// </summary>
public sealed record JsonLimits
{
    /// <summary>The limits that hold if none are given.</summary>
    public static JsonLimits Default { get; } = new();

    /// <summary>
    /// Nested objects and arrays; more are answered with 400. Default null: <see
    /// cref="System.Text.Json.JsonSerializerOptions.MaxDepth"/> of the metadata, which is 64 unless
    /// set. Deeper input attacks the stack.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 to 1000.</exception>
    public int? DepthMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? 1, 1000);
            field = value;
        }
    }

    /// <summary>
    /// Bytes of the content, if that is less than the limit of the route or the server; more are
    /// answered with 413. Default null: the route's limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? BytesMax { get; init => field = OptionValue.AtLeast(0, value); }

    /// <summary>
    /// Bytes of a line of NDJSON, without its line feed; a longer one is answered with 413. Default
    /// 64 KiB: as much of a line is held in memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int LineBytesMax { get; init => field = OptionValue.AtLeast(1, value); } = 64 * 1024;

    /// <summary>
    /// Whether an object may have two properties of one name, of which the last wins. Default
    /// false: they are answered with 400, because a proxy that checks the first is bypassed by the
    /// second (RFC 8259 4).
    /// </summary>
    public bool AllowsDuplicateNames { get; init; }
}
