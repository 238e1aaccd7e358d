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

    /// <summary>
    /// Time for the handler, as <see cref="HttpServerTimes.HandlerTimeout"/>;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Default null: as the server.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? HandlerTimeout { get; init => field = OptionValue.Positive(value); }

    /// <summary>
    /// Requests of the route that are handled at once on each loop, from the outermost middleware
    /// to the end of the response; one more is answered at once with 503 and Retry-After. Default
    /// null: no limit but <see cref="HttpServerOverload.RequestsInFlightMax"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? RequestsInFlightMax { get; init => field = OptionValue.AtLeast(1, value); }

    /// <summary>
    /// Whether the handler is cancelled when its client disconnects. Default null: as
    /// <see cref="HttpServerOptions.CancelHandlerOnDisconnect"/>.
    /// </summary>
    public bool? CancelHandlerOnDisconnect { get; init; }
}
