namespace Reactor.Http;

/// <summary>
/// What one route does otherwise than the server; what is not set is as the server has it.
/// Immutable; routes may share one.
/// </summary>
public sealed record RouteOptions
{
    /// <summary>
    /// Whether requests are served also where others are turned away because too many are served
    /// already or the loop is late. Default false; true for health checks, which would else take
    /// a busy server for a dead one, and for administration.
    /// </summary>
    public bool ServesOverloaded { get; init; }

    /// <summary>
    /// Bytes of content in the body of a request at most; null: what
    /// <see cref="Protocol.ParserLimits.BodyBytesMax"/> of the server says. An announced length
    /// beyond it is 413 before a byte of the body is read; a chunked body is cut off where it
    /// passes it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long? BodyBytesMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 0, 0);
            field = value;
        }
    }
}
