namespace Reactor.Http;

/// <summary>
/// The options of a route; one that is not set is that of the server. Immutable; routes may share
/// an object.
/// </summary>
public sealed record RouteOptions
{
    /// <summary>
    /// Whether requests are served although the server is overloaded
    /// (<see cref="HttpServerOptions.Overload"/>). Default false. Set it for health checks, to
    /// which a busy server must not look dead, and for administration.
    /// </summary>
    public bool ServesOverloaded { get; init; }

    /// <summary>
    /// Bytes of content in the body of a request. Default null: as many as
    /// <see cref="Protocol.ParserLimits.BodyBytesMax"/> of the server. A larger Content-Length is
    /// answered with 413 before the body is read; a chunked body is read up to the limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
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
