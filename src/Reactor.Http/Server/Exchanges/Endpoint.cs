using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Answers a request: a handler, with the limits and policy of its route.</summary>
/// <remarks>Immutable; shared by requests and by threads.</remarks>
internal sealed class Endpoint(Handler handler)
{
    /// <summary>The handler, with all middleware composed into it.</summary>
    public Handler Handler { get; } = handler;

    /// <summary>Bytes of content in a request's body; null: as many as the server allows.</summary>
    public long? BodyBytesMax { get; init; }

    /// <summary>Whether it serves requests also while the server is overloaded.</summary>
    public bool ServesOverloaded { get; init; }

    /// <summary>
    /// The route's pattern, for logs and records; null for a response that the application
    /// generates, such as 404.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// The time for the handler; <see cref="TimeSpan.MaxValue"/>: no limit; null: as the server.
    /// </summary>
    public TimeSpan? HandlerTimeout { get; init; }

    /// <summary>
    /// Requests of the <see cref="Route"/>, or of this endpoint without one, that may run at once
    /// on one server; null: no limit.
    /// </summary>
    public int? RequestsInFlightMax { get; init; }

    /// <summary>Whether its handler is cancelled with its client; null: as the server.</summary>
    public bool? CancelHandlerOnDisconnect { get; init; }

    /// <summary>The page of its errors; null: the default page.</summary>
    public ErrorPage? ErrorPage { get; init; }

    /// <summary>Called with each response before its head is written, or null.</summary>
    public Action<Request?, Response>? OnResponsePrepare { get; init; }

    /// <summary>The route, an object of the room above, or null.</summary>
    public object? Route { get; init; }

    /// <summary>The application that the route belongs to, an object of the room above.</summary>
    public object? Owner { get; init; }
}

/// <summary>Finds the endpoint of a request.</summary>
internal interface IRequestDispatcher
{
    /// <summary>
    /// Has the page and the hook for a head that cannot be dispatched, because it is malformed or
    /// late; its handler is not called.
    /// </summary>
    Endpoint OfNoHead { get; }

    /// <summary>Finds the endpoint of the request in a head. There is always one.</summary>
    Endpoint Find(RequestHead head, out MatchInfo match);
}
