namespace Reactor.Http;

/// <summary>
/// The options of a route; an option that is not set has the value of the server. Immutable.
/// </summary>
public sealed record RouteOptions
{
    /// <summary>
    /// Whether requests are served although the server is overloaded
    /// (<see cref="HttpServerOptions.Overload"/>): for health checks and administration. Default
    /// false.
    /// </summary>
    public bool ServesOverloaded { get; init; }

    /// <summary>
    /// Bytes of content in the body of a request; a larger body is answered with 413. Default null:
    /// <see cref="Protocol.ParserLimits.BodyBytesMax"/> of the server.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? BodyBytesMax { get; init => field = OptionValue.AtLeast(0, value); }
}
