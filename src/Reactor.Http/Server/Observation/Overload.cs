namespace Reactor.Http;

/// <summary>Why a request is answered with 503 instead of as its handler would.</summary>
internal enum Overload
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The maximum of handlers runs.</summary>
    InFlight,

    /// <summary>The loop has been late for long.</summary>
    Lag,

    /// <summary>The maximum of handlers of the route runs.</summary>
    Route,

    /// <summary>There is no memory for the request's body.</summary>
    Memory,

    /// <summary>An executor of the handler takes no more work.</summary>
    Executor,
}
